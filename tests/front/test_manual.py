"""Manual pages, as `man` itself reads them."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from fairway_scripts.calls.tool_parsers import parser_of
from fairway_scripts.calls.umbrella import verb_of
from fairway_scripts.catalog import TOOLS
from tests.front.shells import need
from tests.support.rings import some
from tests.support.shell import environment, run_tool


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder of the pages of all tools, where man looks for them."""
    folder = tmp_path_factory.mktemp("man")
    (folder / "man1").mkdir()
    answer = run_tool("fairway-man", "--into", str(folder / "man1"), cwd="/")
    assert answer.code == 0, answer
    assert f"wrote {len(TOOLS)} pages" in answer.err
    return str(folder)


def shown(pages: str, name: str, *more: str) -> subprocess.CompletedProcess[str]:
    env = environment(MANPATH=pages, MANWIDTH="300", MAN_KEEP_FORMATTING="", MAN_DISABLE_SECCOMP="1", LC_ALL="C.UTF-8")
    return subprocess.run([need("man"), *more, name], env=env, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("tool", some(sorted(TOOLS), "fairway", "queue-claim", "watcher-run"))
def test_man_shows_every_flag_and_finds_no_fault(pages: str, tool: str) -> None:
    done = shown(pages, tool, "--warnings")
    assert (done.returncode, done.stderr) == (0, "")
    plain = re.sub(r".\x08", "", done.stdout)
    words = set(re.findall(r"--[a-z][a-z-]*", plain))
    parsers = [parser_of(each) for each in (TOOLS[tool], *TOOLS[tool].words)]
    assert {flag for parser in parsers for flag in parser._option_string_actions if flag.startswith("--")} <= words
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLE", "EXIT STATUS"):
        assert f"\n{section}\n" in plain
    assert TOOLS[tool].example.split(" --")[0] in plain


def test_the_page_of_the_one_command_lists_every_verb(pages: str) -> None:
    plain = re.sub(r".\x08", "", shown(pages, "fairway").stdout)
    for tool in TOOLS.values():
        if tool.name != "fairway":
            assert f"{verb_of(tool.name)} ({tool.name}(1))" in plain


def test_one_page_is_printed_by_verb_or_name(pages: str) -> None:
    with open(os.path.join(pages, "man1", "queue-claim.1"), encoding="utf-8") as file:
        text = file.read()
    for topic in (["claim"], ["queue-claim"], ["--topic", "queue-claim"]):
        assert run_tool("fairway-man", *topic, cwd="/").out == text
    assert run_tool("fairway", "man", "claim", cwd="/").out == text


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    answer = run_tool("fairway-man", "--into", str(tmp_path / "none"), cwd="/")
    assert (answer.code, answer.word) == (2, "file_unavailable")
    answer = run_tool("fairway-man", "queue-clam", cwd="/")
    assert (answer.code, answer.word, "did you mean queue-claim?" in answer.err) == (3, "not_found", True)
