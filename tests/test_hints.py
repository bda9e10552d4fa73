"""Hints are made from the call: how a line is spelled, what it asks for, what it never supplies."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import CALL, FairwayError, suggest, suggest_again, suggest_call, suggest_program
from fairway_scripts.calls import options
from fairway_scripts.calls.command_line import parse
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front import entry
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, run_tool, task

HOSTILE = [
    "a b",
    "it's",
    '"',
    "$(touch x)",
    "`id`",
    "a;b",
    "<x",
    "#c",
    "~",
    "-rf",
    "*",
    "ä",
    "a=b",
    "\\",
    "!x",
    "{a,b}",
]


@pytest.fixture(autouse=True)
def _no_call() -> None:
    CALL.begin("", [], "")


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])


# --- what a call does -------------------------------------------------------------------------------------------


def acting() -> list[str]:
    """The tools that do several things, and are told which by a word before their flags."""
    found = []
    for tool in TOOLS.values():
        module = import_module(f"fairway_scripts.{tool.module}")
        with contextlib.suppress(FairwayError):
            if hasattr(parse(tool, [], module), "action"):
                found.append(tool.name)
    return found


def test_the_same_call_again_does_the_same_thing() -> None:
    """Without its first word such a line is another call, or none."""
    assert {"fairway-agents", "fairway-notify", "fairway-projects", "regression-packs"} <= set(acting())
    for name in acting():
        tool = TOOLS[name]
        args = parse(tool, ["status"], import_module(f"fairway_scripts.{tool.module}"))
        CALL.begin(name, ["status"], "fairway")
        assert suggest_again(args).argv[2:3] == ["status"]
        CALL.begin(name, ["status"], "make")
        assert "status" in suggest_again(args).argv


# --- how a line is spelled ----------------------------------------------------------------------------------


def test_a_call_of_make_gets_a_line_for_make_and_a_tool_its_own() -> None:
    CALL.begin("queue-claim", [], "make")
    line = suggest("queue-claim", ROLE="B-ui", OWNER="B", TASK_ID="B-1", FORCE=True, REASON="")
    assert line == "make queue-claim ROLE=B-ui OWNER=B TASK_ID=B-1 FORCE=1"
    assert line.argv == ["make", "queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-1", "FORCE=1"]
    CALL.begin("", [], "")
    assert suggest("queue-claim", ROLE="B-ui", FORCE=True) == "queue-claim --role B-ui --force"


def test_a_tool_is_named_as_it_was_typed(project: Checkout) -> None:
    """A relative path stays one, a tool on PATH needs none, and one behind a symbolic link stays behind it."""
    folder = os.path.join(project.main, "tools")
    os.symlink(BIN, folder)
    called = [os.path.join("tools", "queue-task-detail"), "B-404"]
    told = _told(project, called)
    assert told["argv"][0] == os.path.join("tools", "queue-list")
    told = _told(project, ["queue-task-detail", "B-404"], PATH=f"{folder}:{os.environ['PATH']}")
    assert told["argv"][0] == "queue-list"


def _told(project: Checkout, argv: list[str], **env: str) -> dict[str, list[str]]:
    done = subprocess.run(
        ["sh", "-c", shlex.join([*argv, "--json"])],
        cwd=project.main,
        env=environment(**env),
        capture_output=True,
        text=True,
        check=False,
    )
    told: dict[str, list[str]] = json.loads(done.stderr.splitlines()[-1])
    return told


def test_a_tool_without_a_target_is_named_with_its_path_behind_make() -> None:
    CALL.begin("queue-ready", [], "make")
    assert suggest("fairway-init", PRESET=None).argv[0] == os.path.join(BIN, "fairway-init")
    assert suggest("ci-packet", "x.json").argv[0] == os.path.join(BIN, "ci-packet")
    assert suggest("regression-packs", "list") == "make workflow-regression-packs-list"
    assert suggest("queue-claim", "--help") == "make queue-help TOPIC=queue-claim"


def test_the_project_and_the_actor_of_the_call_are_repeated() -> None:
    CALL.begin("queue-ready", ["--db", "other.db", "--actor=coordinator", "--", "--queue-file", "x"], "")
    assert suggest("queue-list").argv[1:] == ["--queue-db", "other.db", "--actor", "coordinator"]
    CALL.begin("queue-ready", ["--config", "c.toml"], "make")
    assert suggest("queue-list").argv[1:] == ["--config", "c.toml"], "make has no variable for it"


@pytest.mark.parametrize("via", ["", "make"])
@given(value=st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_a_line_is_one_line_that_a_shell_reads_back_word_for_word(via: str, value: str) -> None:
    CALL.begin("queue-claim", [], via)
    line = suggest("queue-claim", OWNER=value, TASK_ID=value)
    assert shlex.split(line) == line.argv
    assert len(line.splitlines()) == 1
    if value.isprintable() and not options.is_placeholder(value):
        assert any(word.removeprefix("OWNER=").removeprefix("--owner=") == value for word in line.argv)


def test_what_cannot_stand_in_a_line_is_asked_for() -> None:
    for value in (None, "two\nlines", "\x1b[2J", "a\u202eb", "...", "x" * 5000):
        assert suggest("queue-release", TASK_ID="B-1", REASON=value).argv[-1] == "<reason>"


@pytest.mark.parametrize("value", ["https://u:sekret@h/x", "postgres://:sekret@h", "curl -f http://me:sekret@h:80/a"])
def test_a_password_of_an_address_is_asked_for_again(value: str) -> None:
    assert "sekret" not in suggest("queue-release", TASK_ID="B-1", REASON=value)
    harmless = value.replace(":sekret", "")
    assert harmless in suggest("queue-release", TASK_ID="B-1", REASON=harmless).argv[-1]


def test_a_program_is_quoted_like_a_tool() -> None:
    line = suggest_program("git", "-C", "/a b", "status")
    assert (line, line.argv) == ("git -C '/a b' status", ["git", "-C", "/a b", "status"])


# --- what a line never supplies -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "values"),
    [
        ("queue-record-review", {"STATUS": "approved"}),
        ("queue-record-review", {"STATUS": " Approve "}),
        ("queue-record-evidence", {"RESULT": "pass"}),
        ("watcher-finish", {"RESULT": "ok"}),
        ("queue-record-evidence", {"SIGNED_OFF_BY": "QA"}),
        ("queue-approve-run", {"APPROVED_BY": "Lead"}),
    ],
)
def test_no_line_supplies_proof(tool: str, values: dict[str, str]) -> None:
    line = suggest(tool, **values)
    (name,) = values
    assert line.argv[1:] == [options.flag(name), f"<{name.lower().replace('_', '-')}>"]


@pytest.mark.parametrize("value", [True, "1"])
def test_a_switch_has_no_value_in_a_line_of_a_tool(value: object) -> None:
    CALL.begin("queue-ready", [], "bin/queue-ready")
    for name in options.SWITCHES:
        for tool in (tool for tool in TOOLS.values() if name in tool.all_variables):
            assert suggest(tool.name, **{name: value}).argv[-1] == f"--{name.lower().replace('_', '-')}"


def test_a_line_names_only_variables_that_the_tool_takes() -> None:
    with pytest.raises(ValueError, match="queue-ready takes no TASK_ID"):
        suggest("queue-ready", TASK_ID="B-1")


def test_a_call_once_more_asks_again_for_the_proof_that_was_typed() -> None:
    args = _args("queue-record-evidence", "B-1", "--result", "pass", "--notes", "n")
    line = suggest_again(args, COMMAND_TEXT=None)
    assert "--task-id B-1" in line
    assert "--result '<result>'" in line
    assert "--notes n" in line


def _args(tool: str, *words: str) -> object:
    from fairway_scripts.calls.command_line import parse

    return parse(TOOLS[tool], list(words), None)


# --- placeholders -------------------------------------------------------------------------------------------

#: Variables with a closed set of words, in one of which TODO may be a word of its own.
CLOSED = ("FORMAT", "STATUS", "STATE")
PLACEHOLDERS = ["...", "....", "…", "<NAME>", "<task>", " <task id> ", "TODO", "TBD", "FIXME", "XXX", "???"]


def test_no_tool_takes_a_placeholder_as_a_value(subtests: pytest.Subtests) -> None:
    """Every variable of every tool, from the catalogue."""
    for tool in sorted(TOOLS):
        with subtests.test(tool=tool):
            names = [name for name in TOOLS[tool].all_variables if name not in options.SWITCHES and name not in CLOSED]
            for place, name in enumerate(names):
                value = PLACEHOLDERS[place % len(PLACEHOLDERS)]
                with pytest.raises(FairwayError, match=f"{name} is") as refused:
                    _args(tool, f"{options.flag(name)}={value}")
                assert refused.value.word == "usage"


@pytest.mark.parametrize("value", PLACEHOLDERS)
def test_every_kind_of_placeholder_is_refused_and_named(value: str) -> None:
    with pytest.raises(FairwayError, match=r"OWNER is .* still to be given"):
        _args("queue-claim", "B-1", f"--owner={value}")


@pytest.mark.parametrize("value", [".", "..", "<", "<>", "<a> and <b>", "Jane <jane@example.org>", "todo", "Fix"])
def test_what_only_looks_like_a_placeholder_is_a_value(value: str) -> None:
    assert not options.is_placeholder(value)


def test_a_command_may_have_words_of_any_kind(project: Checkout) -> None:
    """`go list ...` is a command; its words are not values of ours."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("watcher-run", "--task-id", "B-1", "--", "echo", "...", "<x>")


# --- refusals as JSON ---------------------------------------------------------------------------------------


def test_a_refusal_is_one_line_of_json_with_all_its_keys(
    capsys: pytest.CaptureFixture[str], subtests: pytest.Subtests
) -> None:
    """Also when it is argparse that refuses, in every tool of the catalogue."""
    for tool in sorted(TOOLS):
        with subtests.test(tool=tool):
            code = entry.run(tool, ["--json", "--no-such-flag"])
            out, err = capsys.readouterr()
            told = json.loads(err)
            assert (out, len(err.splitlines())) == ("", 1)
            assert {"schema", "tool", "exit_code", "word", "message", "findings", "hint", "argv"} <= told.keys()
            assert (told["schema"], told["tool"], told["exit_code"], told["word"]) == ("error/1", tool, code, "usage")
            assert told["argv"][-1] == "--help"
            assert shlex.split(told["hint"]) == told["argv"]


def test_a_refusal_behind_make_is_the_same_line(project: Checkout) -> None:
    answer = project.make("queue-task-detail", "TASK_ID=B-404", "JSON=1")
    told = json.loads(next(line for line in answer.err.splitlines() if "error/1" in line))
    assert (told["tool"], told["exit_code"], told["argv"]) == ("queue-task-detail", 3, ["make", "queue-list"])


def test_a_fault_of_ours_is_one_line_too(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from fairway_scripts.work.commands import ready

    def broken(_args: object) -> int:
        raise RuntimeError("surprise")

    monkeypatch.setattr(ready, "run", broken)
    assert entry.run("queue-ready", ["--json"]) == 2
    told = json.loads(capsys.readouterr().err)
    assert (told["word"], told["argv"]) == ("internal", [])
    assert told["traceback"][-1] == "RuntimeError: surprise"


def test_a_word_json_of_another_command_asks_for_nothing(project: Checkout) -> None:
    answer = run_tool("watcher-run", "--task-id", "B-404", "--", "jest", "--json", cwd=project.main)
    assert "\nerror: not_found: " in answer.err
    assert '{"' not in answer.err


def test_nothing_that_a_call_of_make_starts_is_taken_for_a_call_of_make(project: Checkout) -> None:
    """Sessions and watched commands make hints of their own kind."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    probe = f"{shlex.quote(sys.executable)} {shlex.quote(os.path.join(BIN, 'queue-task-detail'))} B-404 2>said; true"
    answer = project.make("watcher-run", "TASK_ID=B-1", f"COMMAND={probe}", "RESULT=")
    said = os.path.join(project.main, "said")
    with open(said, encoding="utf-8") as file:
        assert f"hint: {BIN}/queue-list" in file.read(), answer


# --- a call that is refused for one of its values -------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["queue-set-status", "B-1", "--status", "done", "--owner", "<owner>", "--note", "a b"],
            "queue-set-status --task-id B-1 --status done --owner '<owner>' --note 'a b'",
        ),
        (["queue-ready", "--limit", "many", "--role", "B-ui"], "queue-ready --role B-ui --limit '<limit>'"),
        (["queue-ready", "--format", "xml"], "queue-ready"),
        (["queue-release", "B-1", "--force", "maybe"], "queue-release --help"),
        (
            ["watcher-run", "--task-id", "B-1", "--timeout", "soon", "--", "make", "a b"],
            "watcher-run --task-id B-1 --command \"make 'a b'\" --timeout '<timeout>'",
        ),
    ],
)
def test_a_refused_call_is_proposed_again_with_what_was_wrong_asked_for(
    project: Checkout, words: list[str], line: str
) -> None:
    """It was a sentence: which value is wrong, and the caller spells the rest of the line once more."""
    env = environment(FAIRWAY_VIA="")
    env["PATH"] = f"{BIN}:{env['PATH']}"
    done = subprocess.run(words, cwd=project.main, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done
    hint = done.stderr.splitlines()[-1]
    assert shlex.split(hint.removeprefix("hint: ")) == shlex.split(line)


def test_without_a_caller_the_same_is_a_sentence() -> None:
    assert suggest_call(FORCE=True, REASON=None) == "give FORCE, REASON another value"
