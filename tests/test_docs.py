"""The documents say what is so."""

from __future__ import annotations

import glob
import os
import re
import tomllib

from fairway_scripts.calls.utility_options import CI_FORMS
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front.entry import STAND_INS_CALL
from tests.support import interface_page
from tests.support.shell import HOME

PAGES = [os.path.join(HOME, name) for name in ("README.md", "CHANGELOG.md", "compat/README.md")]
PAGES += sorted(glob.glob(os.path.join(HOME, "docs", "*.md")))


def text_of(path: str) -> str:
    with open(os.path.join(HOME, path), encoding="utf-8") as file:
        return file.read()


def test_the_interface_page_is_what_the_tools_really_take_and_print() -> None:
    assert text_of("docs/interface.md") == interface_page.page(), "run: make interface"


def test_the_readme_has_every_error_word_under_its_exit_code() -> None:
    assert text_of("README.md") == interface_page.readme(), "run: make interface"


def test_links_to_files_of_the_project_lead_somewhere() -> None:
    broken = [
        f"{os.path.relpath(page, HOME)}: {target}"
        for page in PAGES
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", text_of(page))
        if "://" not in target and not os.path.exists(os.path.join(os.path.dirname(page), target))
    ]
    assert broken == []


def test_tools_that_are_named_exist() -> None:
    known = set(TOOLS) | {extra.split()[0] for tool in TOOLS.values() for extra in getattr(tool, "targets", ())}
    pattern = r"(?:bin/|make )((?:queue|fairway|orchestrator|agent|session|worktree)-[a-z-]+)"
    unknown = [
        f"{os.path.relpath(page, HOME)}: {name}"
        for page in PAGES
        for name in re.findall(pattern, text_of(page))
        if name not in known
    ]
    assert unknown == []


def test_every_tool_is_installed_as_a_console_script() -> None:
    scripts = tomllib.loads(text_of("pyproject.toml"))["project"]["scripts"]
    called = (*TOOLS, STAND_INS_CALL)
    assert scripts == {name: f"fairway_scripts.front.entry:{name.replace('-', '_')}" for name in called}


def test_the_changelog_names_the_version() -> None:
    from fairway_scripts import __version__

    assert f"## {__version__} " in text_of("CHANGELOG.md")


def test_the_page_of_ci_packet_has_a_row_for_each_form_of_a_report() -> None:
    table = text_of("docs/ci-packet.md").partition("| adapter |")[2].partition("\n\n")[0]
    assert sorted(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == sorted({*CI_FORMS} - {"auto"})
