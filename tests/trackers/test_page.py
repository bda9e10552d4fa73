"""docs/trackers.md: every console block is run against a tracker on loopback, and prints what the page says.

`python -m tests.trackers.test_page` writes what they print into the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile

from fairway_scripts.base.words.trackers import token_variable
from fairway_scripts.trackers.services.issues import WORDS
from tests.support.serving import serving
from tests.support.shell import BIN, HOME, environment, make_checkout, queue_text, task
from tests.support.tracker_sites import TOKEN, GitHubSite

PAGE = os.path.join(HOME, "docs", "trackers.md")
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_TABLE = re.compile(r"```toml\n(.*?)```", re.DOTALL)


def page() -> str:
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


def run_blocks(parent: str, site: GitHubSite) -> list[str]:
    """Run the commands of all blocks in a new project; the blocks as a terminal shows them."""
    made = make_checkout(parent, queue_text(task("B-1")), lanes=[])
    (table,) = _TABLE.findall(page())
    with open(os.path.join(made.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
        file.write("\n" + table.replace('kind = "github"', f'kind = "github"\nurl = "{site.url}"'))
    site.add(12, "Buttons overlap on small screens", body="Seen on a phone.", labels=["bug"])
    site.add(15, "Upload ends with an error", labels=["good first issue"])
    site.add(16, "Old", state="closed")
    site.add(20, "Release notes")
    variables = environment(FAIRWAY_NOW="2026-05-04T08:00:00Z", ACTOR="bee")
    variables |= {"PATH": os.pathsep.join([BIN, variables["PATH"]]), **site.environment}
    made.ok("queue-list", env=variables)
    shown = []
    for block in _BLOCK.findall(page()):
        if "edited" in block:
            made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=variables)
        if "reconcile" in block:
            site.change(12, title="Buttons overlap below 400 px")
        lines = []
        for line in block.splitlines():
            if line.startswith("$ "):
                words = ["sh", "-c", line[2:]]
                done = subprocess.run(words, cwd=made.main, env=variables, capture_output=True, text=True, check=False)
                lines += [line, *(done.stdout + done.stderr).replace(f"{BIN}/", "").splitlines()]
        shown.append("\n".join(lines) + "\n")
    return shown


def seen(parent: str) -> list[str]:
    """The same with a tracker of its own."""
    with serving(GitHubSite()) as site:
        return run_blocks(parent, site)


def test_every_block_of_the_page_prints_what_the_page_says(tmp_path: object) -> None:
    assert seen(os.path.realpath(str(tmp_path))) == _BLOCK.findall(page())


def test_the_page_has_every_word_of_a_finding_with_its_meaning() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page(), re.MULTILINE))
    assert {word: rows.get(word) for word in WORDS} == WORDS


def test_the_page_names_the_variables_of_tokens() -> None:
    for host in ("api.github.com", "git.example.org:8443"):
        assert f"`{token_variable(host)}`" in page()
    assert TOKEN not in page()


def main() -> None:
    """Write what the commands print into the page."""
    with tempfile.TemporaryDirectory() as parent:
        shown = iter(seen(os.path.realpath(parent)))
    text = _BLOCK.sub(lambda _match: f"```console\n{next(shown)}```", page())
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
