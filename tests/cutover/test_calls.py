"""A call of an older script and our variables say the same, whichever way one goes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.variables import FORMATS, SWITCHES
from fairway_scripts.cutover.door.bare_words import bare_names
from fairway_scripts.cutover.door.calls import read_call, unwritable, write_call
from fairway_scripts.cutover.door.entries import Entry, missing_lines, not_read
from fairway_scripts.cutover.door.published import published
from fairway_scripts.cutover.door.published_calls import ORIGINALS, SCRIPTS
from fairway_scripts.cutover.door.table import best_original, find_entry, originals

QUEUE = "scripts/ops/agent_queue.sh"
#: A host that differs from what is published in everything that an entry can say.
HOST: dict[str, dict[str, dict[str, Any]]] = tomllib.loads("""
["scripts/ops/agent_queue.sh".claim]
tool = "queue-claim"
map = {"--lane" = "ROLE", "--on" = "BRANCH", "--anyway" = "FORCE", "--why" = "REASON"}
env = {AQ_TASK = "TASK_ID", AQ_OWNER = "OWNER"}
switches = ["--quiet"]
ignored = ["--colour"]
["scripts/ops/agent_queue.sh".state]
tool = "queue-set-status"
positional = ["TASK_ID", "STATUS"]
map = {"--as" = "OWNER", "sha=" = "COMMIT", "--because" = "BLOCKED_REASON"}
values = {STATUS = {0 = "todo", 1 = "in_progress", 2 = "blocked", 3 = "done"}}
["scripts/ops/agent_queue.sh".finish]
tool = "queue-set-status"
positional = ["TASK_ID"]
map = {"--sha" = "COMMIT"}
constants = {STATUS = "done"}
["scripts/ops/agent_queue.sh".review]
tool = "queue-record-review"
map = {"-t" = "TASK_ID", "--as" = "REVIEWER_ROLE", "--yes" = "STATUS=approved", "--no" = "STATUS=changes_requested", \
"--note" = "NOTE", "--sha" = "COMMIT"}
stdin = "NOTE"
["scripts/ops/agent_queue.sh".handoff]
tool = "queue-record-handoff"
map = {"--task" = "TASK_ID", "--file" = "CHANGED_FILES"}
env = "same"
["scripts/ops/agent_queue.sh"."task ran"]
tool = "queue-record-evidence"
positional = ["TASK_ID", "RESULT", "COMMAND_TEXT..."]
["scripts/ops/agent_queue.sh".verdict]
tool = "queue-record-review"
positional = ["TASK_ID", "STATUS", "--", "NOTE..."]
map = {"--by=" = "REVIEWER"}
["tools/queue"."queue:hand-over"]
tool = "queue-record-handoff"
positional = ["TASK_ID"]
map = {"--owner=" = "OWNER", "-b" = "BRANCH"}
stdin = {sha = "COMMIT", ran = "COMMANDS", files = "CHANGED_FILES", next = "NEXT_STEP"}
["scripts/ops/agent_queue.sh".plot]
tool = ""
["tools/say"."" ]
tool = "queue-activity"
positional = ["TASK_ID"]
""")
ENTRIES = [Entry(script, word, data) for script, words in HOST.items() for word, data in words.items() if data["tool"]]
PUBLISHED = [entry for calls in ORIGINALS.values() for call in calls if (entry := published(*call)) is not None]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), min_size=1, max_size=12)


def names(entry: Entry) -> list[str]:
    """The variables that a call of this entry can give."""
    if entry.published:
        return [name for name in read_names(entry) if name not in entry.constants]
    given = [name.partition("=")[0] for name in entry.map.values()]
    given += [*entry.env.values(), *bare_names(entry.positional)]
    return list(dict.fromkeys(name for name in given if name not in entry.constants))


def read_names(entry: Entry) -> list[str]:
    from fairway_scripts.cutover.door.entries import tool_variables

    return list(entry.env.values()) if entry.env else tool_variables(entry.tool)


@st.composite
def told(draw: st.DrawFn, entries: list[Entry]) -> tuple[Entry, dict[str, str]]:
    """An entry and values that can be said with it."""
    entry = draw(st.sampled_from(entries))
    values = {}
    for name in draw(st.lists(st.sampled_from(names(entry)), unique=True)) if names(entry) else ():
        said = [text.partition("=")[2] for text in entry.map.values() if text.startswith(f"{name}=")]
        if name in entry.values or said:
            values[name] = draw(st.sampled_from(said or list(entry.values[name].values())))
        elif name == "FORMAT":
            values[name] = draw(st.sampled_from(FORMATS))
        else:
            values[name] = "1" if name in SWITCHES else draw(TEXT)
    return entry, values


def read_back(entry: Entry, values: Mapping[str, str], table: Mapping[str, Any]) -> Any:
    """What the words, the environment and the input that `write_call` gives are read as."""
    written = write_call(entry, values)
    found, words = find_entry(table, entry.script, written.words)
    assert (found.script, found.subcommand, found.tool) == (entry.script, entry.subcommand, entry.tool)
    return read_call(found, words, written.environment, written.stdin)


@given(told(ENTRIES))
def test_what_is_written_is_read_again(case: tuple[Entry, dict[str, str]]) -> None:
    entry, values = case
    call = read_back(entry, values, HOST)
    meant = {name: value for name, value in call.values.items() if value}
    assert (meant, call.untranslated, call.rest) == ({**entry.constants, **values}, [], [])


@given(told(PUBLISHED))
def test_what_is_written_in_the_published_form_is_read_again(case: tuple[Entry, dict[str, str]]) -> None:
    entry, values = case
    call = read_back(entry, values, {})
    assert (call.values, call.untranslated, call.rest) == (values, [], [])


def read(words: str, environment: dict[str, str] | None = None, stdin: str = "", script: str = QUEUE) -> Any:
    entry, left = find_entry(HOST, script, words.split())
    return read_call(entry, left, environment or {}, stdin)


@pytest.mark.parametrize(
    ("words", "tool", "values"),
    [
        ("state B-1 3 --as bea", "queue-set-status", {"TASK_ID": "B-1", "STATUS": "done", "OWNER": "bea"}),
        ("state B-1 2 sha=abc", "queue-set-status", {"TASK_ID": "B-1", "STATUS": "blocked", "COMMIT": "abc"}),
        ("finish B-1", "queue-set-status", {"STATUS": "done", "TASK_ID": "B-1"}),
        ("review -t B-1 --as D-arch --no", "queue-record-review",
         {"TASK_ID": "B-1", "REVIEWER_ROLE": "D-arch", "STATUS": "changes_requested"}),
        ("claim --quiet --colour red --lane=B-ui --anyway", "queue-claim", {"ROLE": "B-ui", "FORCE": "1"}),
        ("handoff --task B-1 --file a --file b", "queue-record-handoff", {"TASK_ID": "B-1", "CHANGED_FILES": "a\nb"}),
        ("task ran B-1 pass make test", "queue-record-evidence",
         {"TASK_ID": "B-1", "RESULT": "pass", "COMMAND_TEXT": "make test"}),
        ("--colour red claim --lane B-ui", "queue-claim", {"ROLE": "B-ui"}),
        ("validate", "queue-validate", {}),
    ],
)  # fmt: skip
def test_a_call_means(words: str, tool: str, values: dict[str, str]) -> None:
    call = read(words)
    assert (call.tool, call.values, call.untranslated) == (tool, values, [])


@pytest.mark.parametrize(
    ("words", "values", "lost"),
    [
        ("review -tB-1 --yes", {"TASK_ID": "B-1", "STATUS": "approved"}, []),
        ("review -t12", {"TASK_ID": "12"}, []),
        ("review -ticket --yes", {"STATUS": "approved"}, ["-ticket"]),
        ("review -ticket=B-1", {}, ["-ticket=B-1"]),
        ("review -xB-1", {}, ["-xB-1"]),
    ],
)
def test_a_flag_of_one_letter_has_its_value_behind_it_or_attached(
    words: str, values: dict[str, str], lost: list[str]
) -> None:
    call = read(words)
    assert (call.values, call.untranslated) == (values, lost)


def test_what_has_to_stand_behind_the_end_of_the_flags_is_read_there_and_written_there() -> None:
    """A word too many before it is not taken for one that stands behind it."""
    call = read("verdict B-1 approved --by=D -- no -1 findings")
    assert (call.values["NOTE"], call.untranslated) == ("no -1 findings", [])
    assert read("verdict B-1 approved fine").untranslated == ["fine"]
    entry = Entry(QUEUE, "verdict", HOST[QUEUE]["verdict"])
    values = {"TASK_ID": "B-1", "STATUS": "approved", "NOTE": "fine", "REVIEWER": "D"}
    assert write_call(entry, values).words == ["verdict", "B-1", "approved", "--by=D", "--", "fine"]


def test_a_value_with_a_place_is_said_there_though_a_flag_for_it_is_known_too() -> None:
    """Flags are drafted for all subcommands of a script; a place was seen."""
    entry = Entry(QUEUE, "mark", {"tool": "queue-set-status", "positional": ["TASK_ID", "STATUS"], "map": {
        "--task=": "TASK_ID", "--state": "STATUS"}})  # fmt: skip
    assert write_call(entry, {"TASK_ID": "B-1", "STATUS": "done"}).words == ["mark", "B-1", "done"]
    assert write_call(entry, {"STATUS": "done"}).words == ["mark", "--state", "done"]


def test_one_flag_may_mean_two_things_in_two_subcommands() -> None:
    assert read("state B-1 0 --as bea").values["OWNER"] == "bea"
    assert read("review -t B-1 --as D-arch").values["REVIEWER_ROLE"] == "D-arch"


def test_values_of_the_environment_count_where_the_script_reads_them_and_words_go_first() -> None:
    environment = {"AQ_TASK": "B-1", "AQ_OWNER": "bea", "OWNER": "ben", "STATUS": "done"}
    assert read("claim --lane B-ui", environment).values == {"ROLE": "B-ui", "TASK_ID": "B-1", "OWNER": "bea"}
    assert read("handoff --task B-1", {"TASK_ID": "B-2", "RISKS": "none", "STATUS": "x"}).values == {
        "TASK_ID": "B-1",
        "RISKS": "none",
    }


@pytest.mark.parametrize("words", ["review -t B-1 --note -", "review -t B-1"])
def test_standard_input_is_a_value(words: str) -> None:
    assert read(words, {}, "no findings").values["NOTE"] == "no findings"
    assert read("review -t B-1 --note here", {}, "there").values["NOTE"] == "here"


@pytest.mark.parametrize(
    ("words", "untranslated", "line"),
    [
        ("claim --lane B-ui --fast", ["--fast"], 'map = {"--fast" = "..."}'),
        ("claim --lane B-ui --pace=9", ["--pace=9"], 'map = {"--pace" = "..."}'),
        ("finish B-1 B-2", ["B-2"], 'positional = ["..."]'),
        ("state B-1 7", ["STATUS=7"], 'values = {STATUS = {"7" = "..."}}'),
    ],
)
def test_what_cannot_be_read_is_named_with_the_line_that_is_missing(
    words: str, untranslated: list[str], line: str
) -> None:
    entry, left = find_entry(HOST, QUEUE, words.split())
    call = read_call(entry, left, {})
    assert call.untranslated == untranslated
    assert missing_lines(entry, call.untranslated) == [line]
    refusal = not_read(entry, call.untranslated)
    assert refusal.word == "usage"
    assert refusal.hint.endswith(f'under [scripts."{QUEUE}".{entry.subcommand}] add {line}')


@pytest.mark.parametrize(
    ("word", "values", "lost"),
    [
        ("claim", {"TASK_ID": "B-1", "LIMIT": "3"}, ["LIMIT"]),
        ("state", {"TASK_ID": "B-1", "STATUS": "parked"}, ["STATUS=parked"]),
        ("finish", {"TASK_ID": "B-1", "STATUS": "todo"}, ["STATUS=todo"]),
        ("review", {"TASK_ID": "B-1", "STATUS": "blocked"}, ["STATUS=blocked"]),
        ("claim", {"DRY_RUN": "1"}, ["DRY_RUN"]),
    ],
)
def test_an_original_is_never_told_less_than_was_said(word: str, values: dict[str, str], lost: list[str]) -> None:
    entry = Entry(QUEUE, word, HOST[QUEUE][word])
    assert unwritable(entry, values) == lost
    with pytest.raises(FairwayError, match="cannot be told"):
        write_call(entry, values)


def test_of_two_ways_to_ask_the_one_that_says_it_is_taken() -> None:
    ways = originals(HOST, "queue-set-status")
    assert [way.subcommand for way in ways] == ["state", "finish"]
    for values, word in (
        ({"TASK_ID": "B-1", "STATUS": "done", "COMMIT": "abc"}, "finish"),
        ({"TASK_ID": "B-1", "STATUS": "todo"}, "state"),
        ({"TASK_ID": "B-1", "STATUS": "done", "OWNER": "bea"}, "state"),
    ):
        best = best_original(ways, values)
        assert best is not None
        assert best.subcommand == word


def test_a_call_that_the_host_keeps_for_itself_has_no_tool() -> None:
    assert find_entry(HOST, QUEUE, ["plot"])[0].tool == ""
    assert find_entry(HOST, QUEUE, ["nobody", "knows"])[0].tool == ""


def test_an_empty_task_is_not_any_task() -> None:
    assert read_call(Entry(QUEUE, "review", HOST[QUEUE]["review"]), ["-t", ""], {}).own_words() == ["--task-id="]
    assert find_and_read(["claim", "--task-id", ""]) == ["--task-id="]


def find_and_read(words: list[str]) -> list[str]:
    """The words of our tool for a published call."""
    entry, left = find_entry({}, QUEUE, words)
    own: list[str] = read_call(entry, left, {}).own_words()
    return own


@pytest.mark.parametrize(
    ("words", "own"),
    [
        (["claim", "--task_id", "B-1", "--ROLE", "B-ui"], ["--task-id=B-1", "--role=B-ui"]),
        (["--queue-file", "a b", "validate"], ["--queue-file=a b"]),
        (["set-status", "TASK=B-1", "STATUS=done", "--force"], ["--task-id=B-1", "--status=done", "--force"]),
        (["task-detail", "B-1", "B-2"], ["--task-id=B-1", "B-2"]),
        (["ready", "--nobody-knows", "x", "--owner", "bea"], ["--nobody-knows", "x", "--owner=bea"]),
        (["set-status", "--status", "a", "--status", "b"], ["--status=a", "--status=b"]),
        (["ready", "--", "--role", "x"], ["--", "--role", "x"]),
    ],
)
def test_published_words_that_are_not_known_are_left_for_the_tool_to_judge(words: list[str], own: list[str]) -> None:
    assert find_and_read(words) == own


def test_a_published_call_that_says_nothing_takes_its_values_from_the_environment() -> None:
    environment = {"TASK_ID": "B-1", "STATUS": "done"}
    entry, left = find_entry({}, QUEUE, ["set-status"])
    assert read_call(entry, left, environment).values == environment
    assert read_call(entry, ["--commit=x"], environment).values == {"COMMIT": "x"}
    assert read_call(entry, left, {"STATUS": "done"}).values == {}


def test_every_published_call_has_an_entry() -> None:
    for script, words in SCRIPTS.items():
        for word in words:
            entry = published(script, word)
            assert entry is None or entry.published
    assert len(PUBLISHED) == sum(map(len, ORIGINALS.values()))


def test_a_value_that_is_said_in_two_places_is_said_in_both() -> None:
    """One of them is what the original keeps, the other what it notes of the call."""
    entry = Entry(QUEUE, "mark", {"tool": "queue-set-status", "positional": ["TASK_ID", "STATUS"], "map": {
        "--by": "OWNER"}, "env": {"QUEUE_ACTOR": "OWNER"}})  # fmt: skip
    written = write_call(entry, {"TASK_ID": "B-1", "STATUS": "done", "OWNER": "bea"})
    assert (written.words, written.environment) == (["mark", "B-1", "done", "--by", "bea"], {"QUEUE_ACTOR": "bea"})


def test_another_form_of_the_answer_is_text_or_cannot_be_translated() -> None:
    """A call is read the same way whether it is compared or answered here: our tool would refuse the word."""
    entry = Entry(QUEUE, "next", {"tool": "queue-ready", "map": {"--format": "FORMAT"}})
    assert read_call(entry, ["--format", "table"], {}).own_words() == []
    assert read_call(entry, ["--format", "json"], {}).own_words() == ["--format=json"]
    lost = read_call(entry, ["--format", "xml"], {}).untranslated
    assert (lost, missing_lines(entry, lost)) == (["FORMAT=xml"], ['values = {FORMAT = {"xml" = "..."}}'])
