"""The command line: one language, read by a quick reader for plain calls and by argparse for the rest."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls import command_line, options
from fairway_scripts.calls.command_line import parse, parser_for
from fairway_scripts.catalog import TOOLS, Tool

PLAIN = ModuleType("plain")
FLAGS = """--task-id --task-id=T-1 --task=T-2 --role --role= --role=B-ui --force --force=1 --force=0 --reason=a --reason
-x -- - T-1 = --owner==x --json --json=1 --format=json --format tsv --bogus --rol=B --path=a --path b --config c.toml
--note=@ --note --force=maybe --force=yes --json=no --dry-run --dry-run=0 --mine --mine=0 --task-id= --session-id=S-1"""
WORDS = st.lists(st.sampled_from(FLAGS.split()), max_size=6)


def outcome(tool: Tool, argv: list[str], *, plainly: bool, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The parsed arguments, or the refusal; with `plainly` false always through argparse."""
    with monkeypatch.context() as patch:
        if not plainly:
            patch.setattr(command_line, "_read_plainly", lambda _tool, _argv: None)
        try:
            return vars(parse(tool, argv, PLAIN))
        except FairwayError as refusal:
            return refusal.word


@given(
    WORDS,
    st.sampled_from(
        [
            "queue-claim",
            "queue-ready",
            "queue-set-status",
            "queue-route-review",
            "queue-record-evidence",
            "session-end",
            "watcher-finish",
        ]
    ),
)
def test_both_readers_agree_on_every_command_line(argv: list[str], name: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        quick = outcome(TOOLS[name], argv, plainly=True, monkeypatch=monkeypatch)
        full = outcome(TOOLS[name], argv, plainly=False, monkeypatch=monkeypatch)
    assert quick == full


def parsed(name: str, *argv: str) -> Any:
    return parse(TOOLS[name], list(argv), PLAIN)


def test_a_plain_call_does_not_load_argparse(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "argparse", None)
    assert parsed("queue-claim", "--role", "B-ui", "T-1", "--owner=B").task_id == "T-1"


def test_a_flag_is_the_make_variable_in_lower_case() -> None:
    assert options.flag("TASK_ID") == "--task-id"


@pytest.mark.parametrize("alias", ["--task-id", "--task"])
def test_task_is_accepted_for_task_id(alias: str) -> None:
    assert parsed("queue-task-detail", f"{alias}=T-1").task_id == "T-1"


def test_notes_is_accepted_for_note_and_artifact_for_artifact_path() -> None:
    assert parsed("queue-record-review", "--notes=n").note == "n"
    assert parsed("queue-record-evidence", "--note=n", "--artifact=log.txt").artifact_path == "log.txt"


def test_an_empty_flag_is_the_same_as_none() -> None:
    assert parsed("queue-ready", "--role=").role == ""


@pytest.mark.parametrize("words", [["--task-id="], ["--task="], ["--task-id", ""], [""], ["  "]])
def test_an_empty_task_id_is_refused_because_it_would_mean_any_task(words: list[str]) -> None:
    with pytest.raises(FairwayError, match="TASK_ID is empty"):
        parsed("queue-claim", "--owner=B", *words)


def test_two_different_task_ids_are_refused() -> None:
    with pytest.raises(FairwayError, match="two tasks"):
        parsed("queue-task-detail", "T-1", "--task-id=T-2")


@pytest.mark.parametrize(("value", "meant"), [("1", True), ("yes", True), ("0", False), ("", False), ("false", False)])
def test_a_switch_takes_a_value_because_make_has_to_give_one(value: str, meant: bool) -> None:
    assert parsed("queue-claim", f"--force={value}", "--owner=B").force is meant


@pytest.mark.parametrize("value", ["maybe", "2", "-1", "jes", "nope", "truee"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(value: str) -> None:
    with pytest.raises(FairwayError, match=r"FORCE is .* neither yes .* nor no") as refusal:
        parsed("queue-claim", f"--force={value}")
    assert refusal.value.word == "usage"


@pytest.mark.parametrize(
    ("name", "words", "flag"),
    [
        ("queue-ready", ["--role", "A", "--role", "B"], "--role"),
        ("queue-ready", ["--role=A", "--role=A"], "--role"),
        ("queue-ready", ["--role=", "--role", "A"], "--role"),
        ("queue-list", ["--status", "todo", "--status=done"], "--status"),
        ("queue-claim", ["--task=T-1", "--task-id=T-1"], "--task-id"),
        ("queue-record-review", ["--note=a", "--notes=b"], "--notes"),
        ("queue-ready", ["--config=a", "--config=b"], "--config"),
    ],
)
def test_a_flag_that_is_given_twice_is_refused_by_name(name: str, words: list[str], flag: str) -> None:
    with pytest.raises(FairwayError, match=f"{flag} is given twice"):
        parsed(name, *words)


def test_a_flag_of_a_tools_own_that_is_given_twice_is_refused() -> None:
    from fairway_scripts.cutover.commands import compat_install

    with pytest.raises(FairwayError, match="--into is given twice"):
        parse(TOOLS["compat-install"], ["--into", "a", "--into=b"], compat_install)


def test_a_list_of_several_values_may_be_given_one_by_one() -> None:
    assert parsed("queue-route-review", "--path=a", "--paths", "b").paths == ["a", "b"]


def test_a_switch_may_be_said_twice_but_not_on_and_off() -> None:
    assert parsed("queue-claim", "--force", "--force=1").force is True
    for words in (["--force", "--force=0"], ["--force=no", "--force=yes"]):
        with pytest.raises(FairwayError, match="FORCE is given twice"):
            parsed("queue-claim", *words)


@pytest.mark.parametrize(
    ("unknown", "meant"), [("--dryrun", "--dry-run"), ("--Reason=x", "--reason"), ("--tsk-id", "--task-id")]
)
def test_a_flag_that_is_not_known_leads_to_the_one_that_was_meant(unknown: str, meant: str) -> None:
    with pytest.raises(FairwayError, match=rf"unrecognized arguments: {unknown} \(is {meant} meant\?\)"):
        parsed("queue-undo", unknown)


#: Tools whose bare word is read by their own module, which knows more than one kind of it.
OWN_WORDS = (
    "lane-engine",
    "packet-template",
    "regression-packs",
    "trusted-run",
    "watcher-run",
    "ci-packet",
    "uat-matrix",
)
IDS = ("TASK_ID", "SESSION_ID", "WATCH_ID", "PACK_ID", "TRACK_ID")


def test_a_tool_whose_first_variable_is_an_id_takes_it_as_a_bare_word(subtests: pytest.Subtests) -> None:
    for name in sorted(name for name in TOOLS if name not in OWN_WORDS):
        with subtests.test(name=name):
            tool = TOOLS[name]
            first = next((variable for variable in tool.variables if variable in IDS), "")
            if tool.variables[:1] != [first]:
                continue
            subject = "TASK_ID" if first == "TRACK_ID" or name == "watcher-status" else first
            assert tool.first == subject, f"{name} takes no {subject} as a bare word"
            place = options.attribute(tool.first)
            assert getattr(parsed(name, "X-1"), place) == "X-1"
            assert getattr(parsed(name, "X-1", f"{options.flag(tool.first)}=X-1"), place) == "X-1"
            with pytest.raises(FairwayError, match=r"two .* are named: X-1 and X-2"):
                parsed(name, "X-1", f"{options.flag(tool.first)}=X-2")
            with pytest.raises(FairwayError, match="unrecognized arguments: X-2"):
                parsed(name, "X-1", "X-2")


@pytest.mark.parametrize("words", [["--json"], ["--json=1"], ["--format=json"], ["--format", "JSON"]])
def test_json_can_be_asked_for_in_several_ways(words: list[str]) -> None:
    assert parsed("queue-ready", *words).json is True


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(FairwayError, match="FORMAT 'xml' is none of"):
        parsed("queue-ready", "--format=xml")


def test_long_text_comes_from_a_file(tmp_path: Any) -> None:
    note = tmp_path / "note.txt"
    note.write_bytes("two\r\nlines é\n".encode())
    for words in ([f"--note-file={note}"], [f"--note=@{note}"]):
        assert parsed("queue-record-review", *words).note == "two\r\nlines é\n"


def test_a_missing_note_file_is_named() -> None:
    with pytest.raises(FairwayError, match=r"nowhere\.txt: cannot be read") as refusal:
        parsed("queue-record-review", "--note-file=nowhere.txt")
    assert refusal.value.word == "file_unavailable"


@pytest.mark.parametrize("value", ["a\udcffb", "a\0b"])
def test_text_that_is_not_utf8_or_holds_nul_is_refused(value: str) -> None:
    with pytest.raises(FairwayError) as refusal:
        parsed("queue-claim", f"--owner={value}")
    assert refusal.value.word == "usage"


@pytest.mark.parametrize("value", ["-1", "x", "1.5", "٣", "9" * 20])
def test_a_number_that_is_none_is_refused(value: str) -> None:
    args = parsed("queue-ready", f"--limit={value}")
    with pytest.raises(FairwayError, match="LIMIT"):
        options.number(args, "LIMIT")


def test_required_names_everything_that_is_missing_with_an_example() -> None:
    args = parsed("queue-set-status")
    with pytest.raises(FairwayError, match="TASK_ID, STATUS are required") as refusal:
        options.required(args, "TASK_ID", "STATUS")
    assert "queue-set-status" in refusal.value.hint


def test_every_tool_has_help_with_an_example(subtests: pytest.Subtests) -> None:
    for name in sorted(TOOLS):
        with subtests.test(name=name):
            text = parser_for(TOOLS[name]).format_help()
            assert TOOLS[name].summary.split(":")[0][:30] in text.replace("\n", " ")
            assert f"example: {TOOLS[name].example or name}" in text


def test_every_variable_of_the_catalogue_is_known(subtests: pytest.Subtests) -> None:
    for name in sorted(TOOLS):
        with subtests.test(name=name):
            for variable in TOOLS[name].all_variables:
                assert variable in options.VALUES or variable in options.SWITCHES, variable
