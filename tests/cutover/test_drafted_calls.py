"""What a draft says of the calls that recipes make: each is read as the values that make was given."""

from __future__ import annotations

import os
import shlex
import subprocess
import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from fairway_scripts.cutover.door.calls import read_call, write_call
from fairway_scripts.cutover.door.entries import Entry
from fairway_scripts.cutover.door.table import find_entry
from fairway_scripts.cutover.scan.script_flags import flags_in, switches_in
from tests.support.repositories import git, make_repository, write_file
from tests.support.shell import run_tool

if TYPE_CHECKING:
    from pathlib import Path

#: Every word says what it is: `task=B-1`; the script's `status` is no report; values with more around them.
KEYED = """\
queue-set-status:
\t@tools/q status task=$(TASK_ID) to=$(STATUS) by=$(OWNER)
queue-record-evidence:
\t@tools/q evidence task=$(TASK_ID) cmd="$(COMMAND_TEXT)" $(if $(filter fail,$(RESULT)),--broken)
queue-record-handoff:
\t@tools/q handoff $(TASK_ID) --branch agent/$(ROLE) by=$(OWNER) --keep-claim
queue-ready:
\t@tools/q ready $(ROLE) --as-json
"""
PYTHON = """\
#!/usr/bin/env python3
opts = {"release": True, "result": "ok"}
while argv:
    word = argv.pop(0)
    if word in ("--branch", "-b"):
        opts["branch"] = argv.pop(0)
    elif word == "--broken":
        opts["result"] = "failed"
    elif word == "--keep-claim":
        opts["release"] = False
    elif word.startswith("--limit="):
        opts["limit"] = word.split("=")[1]
    elif "=" in word:
        name, value = word.split("=", 1); opts[name] = value
"""
#: The subcommand is the status, a command stands behind `--`, and a flag may be denied.
VERBS = """\
queue-finish:
\t@tools/q close -t $(TASK_ID)
queue-block:
\t@tools/q wait -t $(TASK_ID) --why "$(BLOCKED_REASON)"
queue-record-evidence:
\t@tools/q ran -t $(TASK_ID) $(if $(filter pass,$(RESULT)),--good,--no-good) -- $(COMMAND_TEXT)
queue-record-review:
\t@tools/q say -t $(TASK_ID) --lane $(REVIEWER_ROLE) --verdict $(STATUS)
queue-set-status:
\t@tools/q move -t $(TASK_ID) --to=$(STATUS)
"""
RUBY = """\
#!/usr/bin/env ruby
case verb
when 'close', 'done'
when 'wait', 'hold'
  parser.on('--why TEXT') { |v| o[:why] = v }
when 'ran'
  parser.on('--[no-]good') { |v| o[:result] = v ? 'ok' : 'failed' }
when 'say'
  parser.on('--verdict WORD') { |v| o[:verdict] = v }
when 'move'
  parser.on('--to STATE') { |v| o[:state] = v }
end
"""
GIVEN = {
    "TASK_ID": "B-1",
    "OWNER": "ben",
    "ROLE": "B-ui",
    "BLOCKED_REASON": "no contract",
    "REVIEWER_ROLE": "D-arch",
    "COMMAND_TEXT": "pnpm test",
    "RESULT": "pass",
    "STATUS": "done",
}
CALLS = [
    (KEYED, PYTHON, "queue-set-status", "done", {"TASK_ID": "B-1", "STATUS": "done", "OWNER": "ben"}),
    (KEYED, PYTHON, "queue-record-evidence", "pass", {"TASK_ID": "B-1", "COMMAND_TEXT": "pnpm test", "RESULT": "pass"}),
    (KEYED, PYTHON, "queue-record-evidence", "fail", {"TASK_ID": "B-1", "COMMAND_TEXT": "pnpm test", "RESULT": "fail"}),
    (KEYED, PYTHON, "queue-record-handoff", "", {"TASK_ID": "B-1", "BRANCH": "agent/B-ui", "OWNER": "ben"}),
    (KEYED, PYTHON, "queue-ready", "", {"ROLE": "B-ui", "JSON": "1"}),
    (VERBS, RUBY, "queue-finish", "", {"TASK_ID": "B-1", "STATUS": "done"}),
    (VERBS, RUBY, "queue-block", "", {"TASK_ID": "B-1", "STATUS": "blocked", "BLOCKED_REASON": "no contract"}),
    (VERBS, RUBY, "queue-record-evidence", "pass", {"TASK_ID": "B-1", "COMMAND_TEXT": "pnpm test", "RESULT": "pass"}),
    (VERBS, RUBY, "queue-record-evidence", "fail", {"TASK_ID": "B-1", "COMMAND_TEXT": "pnpm test", "RESULT": "fail"}),
]


def scanned(tmp_path: Path, recipes: str, script: str) -> tuple[str, dict[str, Any], str]:
    main = make_repository(str(tmp_path / "host"))
    write_file(main, "Makefile", recipes)
    write_file(main, "tools/q", script)
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    answer = run_tool("compat-scan", "--write", cwd=main)
    assert answer.code == 0
    with open(os.path.join(main, "compat", "profile.toml"), "rb") as file:
        found: dict[str, Any] = tomllib.load(file)["scripts"]
    return main, found, answer.out


@pytest.mark.parametrize(("recipes", "script", "target", "word", "values"), CALLS)
def test_a_recipe_s_call_is_read_as_what_make_was_given(
    tmp_path: Path, recipes: str, script: str, target: str, word: str, values: dict[str, str]
) -> None:
    main, table, _said = scanned(tmp_path, recipes, script)
    given = {**GIVEN, **({"RESULT": word} if word in ("pass", "fail") else {})}
    words = [f"{name}={value}" for name, value in given.items()]
    line = subprocess.run(["make", "-ns", target, *words], cwd=main, capture_output=True, text=True, check=True).stdout
    entry, left = find_entry(table, "tools/q", shlex.split(line)[1:])
    call = read_call(entry, left, {})
    assert (call.values, call.untranslated) == (values, [])


def test_what_a_flag_says_is_written_where_the_call_begins_with_something_else() -> None:
    data: Any = {"tool": "queue-record-evidence", "map": {"--broken": "RESULT=fail"}, "constants": {"RESULT": "pass"}}
    entry = Entry("tools/q", "ran", data)
    assert [write_call(entry, {"RESULT": word}).words for word in ("pass", "fail")] == [["ran"], ["ran", "--broken"]]


def test_a_verdict_of_one_subcommand_is_no_state_of_another(tmp_path: Path) -> None:
    """Both are our STATUS; and a flag that is known with its value attached is not asked about again."""
    table = scanned(tmp_path, VERBS, RUBY)[1]["tools/q"]
    assert ("--verdict" in table["move"]["map"], "--to" in table["say"]["map"]) == (False, False)


@pytest.mark.parametrize(
    ("recipes", "script", "asked"),
    [
        (KEYED, PYTHON, "a call without --broken is taken for RESULT=pass"),
        (KEYED, PYTHON, "whether it is queue-set-status: the word status is called like queue-status-report"),
        (KEYED, PYTHON, "whether --keep-claim (RELEASE=False) means anything: it is taken for a switch"),
        (VERBS, RUBY, "the subcommand is taken for STATUS=done"),
        (VERBS, RUBY, "--no-good is taken for RESULT=fail"),
    ],
)
def test_what_is_taken_for_something_is_listed_with_what_decides_it(
    tmp_path: Path, recipes: str, script: str, asked: str
) -> None:
    assert asked in scanned(tmp_path, recipes, script)[2]


@pytest.mark.parametrize(
    ("text", "switches", "flags"),
    [
        (PYTHON, {"--broken": "RESULT=failed", "--keep-claim": "RELEASE=False"}, ["--limit", "--branch", "--broken"]),
        (
            "when '--lane', '-l' then lane = argv.shift\nwhen '--no-merge' then merge = false\nend",
            {"--no-merge": "MERGE=false"},
            [],
        ),
        ("if w == '--at':\n    at = words[i + 1]\nelif w == '-x':\n    force = True\n", {"-x": "FORCE"}, ["--at"]),
        ("p.on('--[no-]good') { |v| r = v ? :ok : :ko }", {"--good": "R=ok", "--no-good": "R=ko"}, ["--good"]),
    ],
)
def test_flags_that_ruby_and_python_compare_words_with(text: str, switches: dict[str, str], flags: list[str]) -> None:
    assert switches_in(text) == switches
    assert {*flags} <= {*flags_in(text)}
