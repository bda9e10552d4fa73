"""`make docs`: the documents as a site, in build/site. A link that leads nowhere ends it.

The pages stay where readers of the repository find them; here they are gathered in one folder, the README as the first
page, with the links between them as that folder has them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: Pages that lie elsewhere, and their names in the site.
ELSEWHERE = {"README.md": "index.md", "CHANGELOG.md": "changelog.md", "compat/README.md": "compat.md"}
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)]*)?\)")


def gather(target: str) -> list[str]:
    """Write every page into `target`; the links that no page of the site answers, as `page: link`."""
    pages = {f"docs/{name}": name for name in sorted(os.listdir(os.path.join(HOME, "docs"))) if name.endswith(".md")}
    pages |= ELSEWHERE
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(os.path.join(HOME, "docs"), target, ignore=shutil.ignore_patterns("*.md"))  # the pictures
    missing: list[str] = []
    for source, name in pages.items():
        with open(os.path.join(HOME, source), encoding="utf-8") as file:
            text = file.read()
        with open(os.path.join(target, name), "w", encoding="utf-8") as file:
            file.write(_LINK.sub(lambda link, source=source: _moved(link, source, pages, missing), text))
    return missing


def _moved(link: re.Match[str], source: str, pages: dict[str, str], missing: list[str]) -> str:
    """A link of a page as the site has it; one to a file that is no page is told by its name alone."""
    target, anchor = link[1], link[2] or ""
    if "://" in target or target.startswith("mailto:"):
        return link[0]
    place = os.path.normpath(os.path.join(os.path.dirname(source), target))
    if place in pages:
        return f"]({pages[place]}{anchor})"
    if place.startswith("docs/") and os.path.isfile(os.path.join(HOME, place)):
        return f"]({place.removeprefix('docs/')}{anchor})"
    if not os.path.exists(os.path.join(HOME, place)):
        missing.append(f"{source}: {target}")
    return f"] (`{place}`)"


def left_out(pages: list[str]) -> list[str]:
    """The pages for which the navigation of the site has no place."""
    with open(os.path.join(HOME, "mkdocs.yml"), encoding="utf-8") as file:
        listed = re.findall(r"[\w-]+\.md", file.read())
    return sorted(set(pages) - set(listed))


def main() -> None:
    """Gather the pages and build the site, strictly."""
    missing = gather(os.path.join(HOME, "build", "docs"))
    if missing:
        sys.exit("docs: links that lead nowhere:\n" + "\n".join(missing))
    homeless = left_out([name for name in os.listdir(os.path.join(HOME, "build", "docs")) if name.endswith(".md")])
    if homeless:
        sys.exit(f"docs: mkdocs.yml has no place for {', '.join(homeless)}")
    env = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    words = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    sys.exit(subprocess.run(words, cwd=HOME, env=env, check=False).returncode)


if __name__ == "__main__":
    main()
