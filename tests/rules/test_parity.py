"""What counts as the same on both sides: the normaliser, how answers are read, and what is compared."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest

from fairway_scripts.cutover.parity.own_side import own_environment, own_words
from fairway_scripts.cutover.parity.parity_facts import LEGACY, OWN, Outcome, facts
from fairway_scripts.cutover.parity.parity_rules import (
    COMPARED,
    CORE,
    NORMALISER,
    PATHS_REASON,
    compare,
    normalise,
    operation_of,
)
from fairway_scripts.cutover.parity.parity_text import Context
from fairway_scripts.cutover.shadow.shadow import CHANGES, READS
from tests.support.shell import HOME

LANES = ["A-backend", "B-ui", "D-arch"]
CONTEXT = Context({"A-1": "A-backend", "B-1": "B-ui", "B-2": "B-ui"}, LANES, "^[A-Z][A-Z0-9-]*$", ("/repo/main",))
STATE = {"status": "in_progress", "owner": "bea", "branch": "agent/B-ui", "commit_sha": None, "completed_at": None}


def both(operation: str, legacy: Outcome, own: Outcome) -> list[dict[str, Any]]:
    sides = [facts(operation, side, found, CONTEXT) for side, found in ((LEGACY, legacy), (OWN, own))]
    return compare(operation, sides[0], sides[1])


def fields(found: list[dict[str, Any]]) -> list[str]:
    return [row["field"] for row in found]


def test_every_shadowed_tool_has_a_comparison() -> None:
    assert {operation_of(tool) for tool in READS | CHANGES} == set(COMPARED)
    assert set(CORE) <= set(COMPARED)


# --- the normaliser ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("claimed 2026-05-04 10:00:00", "claimed <time>"),
        ("at 2026-05-04T10:00:00.123456Z.", "at <time>."),
        ("at 2026-05-04 10:00 +0200", "at <time>"),
        ("due 2026-05-04", "due 2026-05-04"),
        ("commit 28be438aea28cfe80670a411b065996a1cea9b7b", "commit 28be438"),
        ("commit 28be438a", "commit 28be438"),
        ("a defaced decade", "a defaced decade"),
        ("/repo/main/doc/x.md and /repo/main-2/doc", "doc/x.md and /repo/main-2/doc"),
        ("B-1 of 12345678", "B-1 of 1234567"),
        ("plain text 12 B-UI-001", "plain text 12 B-UI-001"),
    ],
)
def test_clock_paths_and_ids_are_normalised_and_nothing_else(text: str, normal: str) -> None:
    assert normalise(text, ["/repo/main"]) == normal


def test_every_rule_of_the_normaliser_says_why() -> None:
    assert [rule.name for rule in NORMALISER] == ["clock", "ids"]
    assert all(rule.reason for rule in NORMALISER)


# --- how a call ended -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("legacy", "own", "err", "differing"),
    [
        (0, 0, "", []),
        (1, 4, "error: already_claimed: B-1 is claimed\n", []),
        (1, 3, "error: not_found: no task\n", []),
        (1, 2, "error: reason_required: x\n", []),
        (2, 2, "error: usage: no such flag\n", ["exit"]),
        (0, 2, "error: usage: no such flag\n", ["exit"]),
        (0, 0, "error: usage: said of something else\n", []),
        (1, 1, '{"error":"not_merge_ready","failed":[]}\n', []),
        (0, 1, "error: evidence_required: x\n", ["exit"]),
        (1, 0, "", ["exit"]),
        (1, 2, "error: internal: KeyError\n", ["exit"]),
        (1, 2, "error: store_busy: locked\n", ["exit"]),
        (1, -9, "", ["exit"]),
        (127, 1, "error: not_ready: B-3\n", ["exit"]),
    ],
)
def test_yes_and_no_are_compared_and_a_failure_of_ours_is_no_refusal(
    legacy: int, own: int, err: str, differing: list[str]
) -> None:
    known = {"state": STATE, "records": []}
    assert fields(both("claim", Outcome(legacy, **known), Outcome(own, "", err, **known))) == differing


def test_a_different_end_names_our_error_word() -> None:
    refused = Outcome(1, "", "error: evidence_required: B-1 has none\n")
    assert both("claim", Outcome(0), refused) == [
        {"field": "exit", "legacy": "done", "own": "refused", "word": "evidence_required"}
    ]


def test_a_call_that_our_side_did_not_understand_equals_no_refusal() -> None:
    found = both("claim", Outcome(1, "", "no such task"), Outcome(2, "", "error: usage: --as is no flag\n"))
    assert found == [{"field": "exit", "legacy": "refused", "own": "not_understood", "word": "usage"}]


def test_after_a_different_end_nothing_else_is_told() -> None:
    changed = {**STATE, "status": "todo"}
    assert fields(both("claim", Outcome(0, state=STATE, records=[]), Outcome(4, state=changed, records=[]))) == ["exit"]


# --- the state of a task and its records --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "differing"),
    [
        ({}, []),
        ({"status": "done"}, ["state.status"]),
        ({"owner": "bob"}, ["state.owner"]),
        ({"branch": ""}, ["state.branch"]),
        ({"completed_at": "2026-05-04"}, ["state.completed"]),
        ({"commit_sha": "28be438a"}, ["state.commit"]),
        ({"commit_sha": ""}, []),
    ],
)
def test_the_state_is_compared_column_by_column(change: dict[str, Any], differing: list[str]) -> None:
    found = both("set-status", Outcome(0, state=STATE, records=[]), Outcome(0, state={**STATE, **change}, records=[]))
    assert fields(found) == differing


def test_a_commit_is_the_same_in_its_short_and_its_long_form() -> None:
    short, full = (
        {**STATE, "commit_sha": "28be438a"},
        {**STATE, "commit_sha": "28be438aea28cfe80670a411b065996a1cea9b7b"},
    )
    assert not both("set-status", Outcome(0, state=short, records=[]), Outcome(0, state=full, records=[]))


def test_the_time_of_completion_may_differ() -> None:
    then, now = {**STATE, "completed_at": "2026-05-04"}, {**STATE, "completed_at": "2026-05-04T10:00:00.000000Z"}
    assert not both("set-status", Outcome(0, state=then, records=[]), Outcome(0, state=now, records=[]))


@pytest.mark.parametrize(
    ("legacy", "own", "differing"),
    [
        ([["evidence", "pass"]], [["evidence", "pass"]], []),
        ([["evidence", "pass"]], [["evidence", "fail"]], ["records"]),
        ([["evidence", "pass"]], [], ["records"]),
        ([["review", "D-arch approved"], ["handoff", ""]], [["handoff", ""], ["review", "D-arch approved"]], []),
        ([["review", "D-arch approved"]], [["review", "A-backend approved"]], ["records"]),
        (None, [["handoff", ""]], ["records"]),
        (None, None, ["records"]),
    ],
)
def test_the_records_that_were_added_are_compared(
    legacy: list[list[str]] | None, own: list[list[str]] | None, differing: list[str]
) -> None:
    theirs, ours = Outcome(0, state=STATE, records=legacy), Outcome(0, state=STATE, records=own)
    assert fields(both("record-evidence", theirs, ours)) == differing


def test_a_change_whose_traces_could_not_be_read_is_no_match() -> None:
    assert both("claim", Outcome(0), Outcome(0, state=STATE, records=[])) == [
        {"field": "state", "legacy": "unread", "own": facts("claim", OWN, Outcome(0, state=STATE), CONTEXT)["state"]},
        {"field": "records", "legacy": "unread", "own": []},
    ]


@pytest.mark.parametrize("operation", ["ready", "route-review", "task-detail", "orchestrator-tick", "context-packet"])
@pytest.mark.parametrize("text", ["", "none\n", "* B-1\nreviewers: D-arch\nstatus: todo\n", "[]"])
def test_what_is_not_known_whole_is_unread_and_never_nothing(operation: str, text: str) -> None:
    found = both(operation, Outcome(0, text, unread="its reader went away"), Outcome(0, OWN_READY))
    assert {row["legacy"] for row in found} == {"unread"}, found


# --- ready ------------------------------------------------------------------------------------------------------

LEVELS = {"fail": "error", "warn": "warning", "pass": "pass"}
OWN_READY = json.dumps(
    {"tasks": [{"task_id": "B-1", "lane": "B-ui"}, {"task_id": "B-2"}, {"task_id": "A-1"}], "total": 3}
)


@pytest.mark.parametrize(
    "text",
    [
        "B-ui\tB-1\tP1\tAfter A-1\nB-ui\tB-2\tP1\tx\nA-backend\tA-1\tP3\ty\n",
        "* A-1: a title\n* B-1: follows A-1\n* B-2\n",
        "READY TASKS\n[B-ui] B-1 (P1), see doc/x-1.md\n[B-ui] B-2\n[A-backend] A-1\n3 ready\n",
        '{"ready": [{"id": "A-1"}, {"id": "B-1"}, {"id": "B-2", "depends_on": ["A-1"]}]}',
        '["A-1", "B-1", "B-2"]',
        '{"items": [{"key": "A-1", "lane": "A-backend"}, {"key": "B-1", "after": ["A-1"]}, {"key": "B-2"}]}',
    ],
)
def test_the_order_of_ready_tasks_is_compared_lane_by_lane(text: str) -> None:
    assert "shape" in fields(both("ready", Outcome(0, text), Outcome(0, OWN_READY))) or text[0] not in "{["
    assert fields(both("ready", Outcome(0, text), Outcome(0, OWN_READY))) in ([], ["shape"])


def test_a_heading_in_brackets_is_no_data() -> None:
    text = "[B-ui]\n  p1  B-1  x\n  p2  B-2  y\n[A-backend]\n  p3  A-1  z\n"
    assert both("ready", Outcome(0, text), Outcome(0, OWN_READY)) == []


@pytest.mark.parametrize("text", ["| lane | what |\n| B-ui | first |\n", '{"items": [{"name": "x"}]}', "1) first\n"])
def test_an_answer_in_which_no_task_is_found_is_unread_and_not_empty(text: str) -> None:
    found = both("ready", Outcome(0, text), Outcome(0, '{"tasks": [], "total": 0}'))
    assert found[0] == {"field": "ready", "legacy": "unread", "own": {}}


def test_the_shape_of_an_answer_in_json_is_compared_by_what_its_readers_lose() -> None:
    legacy = '{"ready": [{"id": "B-1", "rank": 1}, {"id": "B-2", "rank": 2, "late": true}], "total": 2}'
    own = '{"ready": [{"id": "B-1", "rank": "1"}, {"id": "B-2", "extra": []}], "total": 2}'
    assert both("ready", Outcome(0, legacy), Outcome(0, own)) == [
        {"field": "shape", "legacy": ["ready[].late: switch", "ready[].rank: number"], "own": []}
    ]


def test_another_order_in_one_lane_is_a_difference_of_that_lane() -> None:
    found = both("ready", Outcome(0, "B-2 x\nB-1 y\nA-1 z\n"), Outcome(0, OWN_READY))
    assert found == [{"field": "ready.B-ui", "legacy": ["B-2", "B-1"], "own": ["B-1", "B-2"]}]


def test_a_task_that_only_one_side_lists_is_a_difference_also_when_it_is_unknown() -> None:
    found = both("ready", Outcome(0, "B-1\nB-2\nA-1\nNEW-7 a task of tomorrow\n"), Outcome(0, OWN_READY))
    assert found == [{"field": "ready.?", "legacy": ["NEW-7"], "own": None}]


def test_colours_are_no_part_of_a_word() -> None:
    """Also where a title behind the coloured id names another task."""
    text = "\x1b[1mB-ui\x1b[0m\n  \x1b[32mB-1\x1b[0m after A-1\n  \x1b[38;5;2mB-2\x1b[m after B-1\n\x1b]8;;x\x1b\\A-1\n"
    assert both("ready", Outcome(0, text), Outcome(0, OWN_READY)) == []


def test_nothing_ready_is_nothing_ready() -> None:
    for text in ("nothing is ready\n", "", "no ready tasks\n", "0 tasks\n", "[]"):
        assert fields(both("ready", Outcome(0, text), Outcome(0, '{"tasks": [], "total": 0}'))) in ([], ["shape"])


# --- reviews and gates --------------------------------------------------------------------------------------------

OWN_ROUTE = json.dumps({"required": [{"lane": "D-arch"}, {"lane": "A-backend"}], "self_owned": [{"lane": "B-ui"}]})


@pytest.mark.parametrize(
    ("text", "differing"),
    [
        ("branch: agent/B-ui\nreviewers: A-backend D-arch\n", []),
        ("required reviews\nreview by D-arch (owner)\nreview by A-backend\n", []),
        ("A-backend\nD-arch\n", []),
        ('{"reviewers": ["D-arch", "A-backend"]}', []),
        ('{"review_roles": ["A-backend", "D-arch"]}', []),
        ('{"panel": ["A-backend", "D-arch"], "paths": ["web/a.ts"]}', []),
        ('{"panel": [{"who": "D-arch", "why": "api"}, {"who": "A-backend", "why": "web"}]}', []),
        ('{"panel": ["A-backend", "D-arch"], "spared": ["B-ui"]}', ["reviewers"]),
        ('{"reviewers": ["security"], "panel": ["A-backend", "D-arch"]}', ["reviewers"]),
        ('{"panel": []}', ["reviewers"]),
        ("reviewers: D-arch\n", ["reviewers"]),
        ("reviewers: none\n", ["reviewers"]),
        ('{"message": "routed"}', ["reviewers"]),
        ("routed.\n", ["reviewers"]),
        ("| lane | why |\n| A-backend | api |\n| D-arch | docs |\n", []),
        ("  Y A-backend\n  Y D-arch\n  N B-ui\n", []),
        ("review by A-backend: required\nreview by D-arch: not required\nreview by B-ui: no\n", ["reviewers"]),
        ("N A-backend\nN D-arch\n", ["reviewers"]),
        ("A-backend\nD-arch: no verdict yet\n", ["reviewers"]),
        ('{"reviewers": [{"lane": "A-backend"}, {"lane": "D-arch", "needed": false}]}', ["reviewers"]),
    ],
)
def test_routes_are_compared_as_sets_of_lanes(text: str, differing: list[str]) -> None:
    found = both("route-review", Outcome(0, text), Outcome(0, OWN_ROUTE))
    assert [name for name in fields(found) if name != "shape"] == differing


def checks(**levels: str) -> str:
    return json.dumps({"findings": [{"word": name, "level": LEVELS[level]} for name, level in levels.items()]})


@pytest.mark.parametrize(
    ("text", "own", "differing"),
    [
        ("FAIL evidence: none\nok   branch\n", checks(evidence="fail", branch="pass"), []),
        ("FAIL evidence: none\n", checks(review="fail"), ["missing"]),
        ("FAIL evidence: none\nFAIL worktree: dirty\n", checks(evidence="fail", worktree="warn"), []),
        ("FAIL evidence: none\nFAIL worktree: dirty\n", checks(evidence="fail"), ["missing"]),
        ("FAIL evidence: none\n", checks(evidence="fail", base="fail"), ["missing"]),
        ("no\n", checks(evidence="fail"), ["missing"]),
        ("B-1: not mergeable\n  - review by D-arch: missing\n", checks(review="fail"), []),
        (
            "B-1: not mergeable\n  - no passing evidence\n  - review by D-arch: missing\n",
            checks(evidence="fail"),
            ["missing"],
        ),
        ("B-1: not mergeable\n  - ok: branch\n  - no passing evidence\n", checks(evidence="fail"), []),
        ("- [x] evidence recorded\n- [X] tree clean\n- [ ] review by D-arch\n", checks(review="fail"), []),
        ("B-1: not mergeable\n  - the moon\n", checks(review="fail"), ["missing"]),
        ('{"issues": ["no passing evidence", "D-arch has not approved"]}', checks(evidence="fail", review="fail"), []),
        ('{"go": false, "why_not": ["no passing evidence"]}', checks(evidence="fail"), []),
        ('{"go": false, "why_not": ["no passing evidence"], "tags": ["x"]}', checks(evidence="fail"), ["missing"]),
        ('{"issues": ["no passing evidence", "the moon"]}', checks(review="fail"), ["missing"]),
        ("B-1 may not merge: no proof; D-arch: blocked\n", checks(evidence="fail", review="fail"), []),
        ("B-1 may not merge: no proof; the moon\n", checks(evidence="fail"), ["missing"]),
        ("B-1 may not merge\n", checks(evidence="fail"), ["missing"]),
        ("B-1 may merge: no proof\n", checks(evidence="fail"), ["missing"]),
    ],
)
def test_what_is_missing_for_a_merge_is_compared_by_kind_and_unread_is_a_difference(
    text: str, own: str, differing: list[str]
) -> None:
    refused = Outcome(1, own, '{"error":"not_merge_ready"}')
    assert fields(both("merge-ready", Outcome(1, text), refused)) == differing


def test_a_refusal_says_what_is_missing_on_standard_error() -> None:
    """Behind more than one head, with a lane in another spelling."""
    own = Outcome(1, checks(evidence="fail", review="fail"), '{"error":"not_merge_ready"}')
    told = "refused: not ready: no passing evidence; D-ARCH: asked\n"
    assert fields(both("merge-ready", Outcome(3, "", told), own)) == []


def test_a_task_that_neither_side_knows_is_refused_by_both() -> None:
    """What the older side wrote, or knows of such a task, is a difference."""
    own = Outcome(3, "", "error: not_found: there is no task\n")
    assert fields(both("claim", Outcome(3, records=[]), own)) == []
    assert fields(both("claim", Outcome(3, records=[["evidence", "pass"]]), own)) == ["state", "records"]
    assert fields(both("claim", Outcome(3, state=STATE, records=[]), own)) == ["state", "records"]
    knows = Outcome(3, "", "error: not_found: there is no handoff 7\n", state=STATE)
    assert "state" in fields(both("claim", Outcome(3, records=[]), knows))


# --- checks, the coordinator, packets -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "differing"),
    [
        ("ERROR: B-1: bad role\n", []),
        ("ERROR: A-1: bad role\n", ["named"]),
        ("warning: A-1 is old\nERROR: B-1 depends on A-1\n", []),
        ("something is wrong\n", ["named"]),
    ],
)
def test_a_refused_check_names_the_same_tasks(text: str, differing: list[str]) -> None:
    own = json.dumps({"findings": [{"level": "error", "task_id": "B-1"}, {"level": "note", "task_id": "B-2"}]})
    assert fields(both("validate", Outcome(1, "", text), Outcome(1, own, "error: invalid_queue: x\n"))) == differing


@pytest.mark.parametrize(
    ("text", "differing"),
    [
        ("== ready\nB-ui B-2\n== next\nB-ui: continue B-1\nA-backend: claim A-1\nD-arch: nothing to do\n", []),
        ("B-ui: continue B-2\nA-backend: claim A-1\n", ["next.B-ui"]),
        ("B-ui: continue B-1\n", ["next.A-backend"]),
    ],
)
def test_the_recommendation_for_each_lane_is_compared(text: str, differing: list[str]) -> None:
    actions = [
        {"action": "continue", "lane": "B-ui", "task_id": "B-1"},
        {"action": "claim", "lane": "A-backend", "task_id": "A-1"},
        {"action": "ack", "lane": "D-arch", "task_id": "B-2"},
    ]
    own = Outcome(0, json.dumps({"actions": actions}))
    assert fields(both("orchestrator-tick", Outcome(0, text), own)) == differing


def test_a_packet_may_have_more_fields_than_the_old_one_but_none_less() -> None:
    old = "# Packet\n\n## Goal\n\nx\n\n## Owner lane\n\nB-ui\n"
    new = "# Context Packet\n\n- owner_lane: B-ui\n\n## Goal\n\nx\n\n## Acceptance\n\n- y\n"
    assert not both("context-packet", Outcome(0, old), Outcome(0, new))
    assert both("context-packet", Outcome(0, old), Outcome(0, new.replace("## Goal", "## Aim"))) == [
        {"field": "fields", "legacy": ["goal"], "own": []}
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("B-1: x\nstatus: done\n", '{"state": {"status": "done"}}', "  Status = done\n", " state = CLOSED\n"),
        *('{"job": "B-1", "state": "Completed"}', '{"status": "DONE"}'),
    ],
)
def test_a_task_s_page_is_compared_by_its_status(text: str) -> None:
    shape = ["shape"] if '"state"' in text else []
    assert fields(both("task-detail", Outcome(0, text), Outcome(0, '{"status": "done"}'))) == shape
    assert fields(both("task-detail", Outcome(0, text), Outcome(0, '{"status": "todo"}'))) == ["status", *shape]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("B-1: done bea agent/B-ui\nproof #3 make done\n", "done"),
        ("| B-1 | blocked |", "blocked"),
        ("B-1 | todo, done", None),
    ],
)
def test_a_page_without_the_word_status_may_say_it_beside_its_task(text: str, read: str | None) -> None:
    assert facts("task-detail", LEGACY, Outcome(0, text), CONTEXT)["status"] == read


@pytest.mark.parametrize("text", ["", "{", "\0\ufffd", '{"tasks": 3}', "[" * 50, '{"required": null, "checks": []}'])
def test_any_text_can_be_read(text: str) -> None:
    for operation in sorted(COMPARED):
        for side in (LEGACY, OWN):
            for code in (0, 1):
                assert facts(operation, side, Outcome(code, text, text), CONTEXT)["exit"], (operation, side, code)


# --- how our side is called -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tool", "given", "words"),
    [
        ("queue-ready", ["--role=B-ui", "--json"], ["--role=B-ui", "--queue-db=/c", "--json"]),
        ("queue-ready", ["--db", "/real", "--limit", "3"], ["--limit", "3", "--queue-db=/c", "--json"]),
        ("queue-ready", ["--queue_db=/real", "--format", "yaml"], ["--queue-db=/c", "--json"]),
        ("context-packet", ["--output", "/etc/x", "B-1"], ["B-1", "--queue-db=/c"]),
        ("context-packet", ["--attach-to=B-1", "--goal", "g"], ["--goal", "g", "--queue-db=/c"]),
        ("queue-claim", ["--note=--json", "--", "--db"], ["--note=--json", "--queue-db=/c", "--json", "--", "--db"]),
    ],
)
def test_our_side_works_on_the_copy_and_writes_nowhere_else(tool: str, given: list[str], words: list[str]) -> None:
    assert own_words(tool, given, "/c") == words


def test_our_side_gets_the_variables_of_the_call_and_no_others() -> None:
    surroundings = {"PATH": "/bin", "TASK_ID": "B-9", "FAIRWAY_LEGACY": "1", "FAIRWAY_SESSION_ID": "s-9"}
    given = {"ROLE": "B-ui", "QUEUE_DB": "/real", "OUTPUT": "/etc/x", "FAIRWAY_SESSION_ID": "s-1"}
    found = own_environment(surroundings, given, "2026-05-04T10:00:00.000000Z")
    assert found == {
        "PATH": "/bin",
        "ROLE": "B-ui",
        "FAIRWAY_SESSION_ID": "s-1",
        "FAIRWAY_ENGINE": "fairway",
        "FAIRWAY_NOW": "2026-05-04T10:00:00.000000Z",
    }


def test_the_page_lists_every_operation_fact_and_rule() -> None:
    with open(os.path.join(HOME, "docs", "parity.md"), encoding="utf-8") as file:
        page = file.read()
    rows = dict(re.findall(r"^\| (`[^|]*) \|([^|]*)\|$", page, re.MULTILINE))
    told = {name: text for names, text in rows.items() for name in re.findall(r"`([\w-]+)`", names)}
    assert set(COMPARED) <= set(told)
    for operation, compared in COMPARED.items():
        as_above = told[operation].strip().startswith("the same;")
        assert as_above or all(f"`{fact}`" in told[operation] for fact in compared), operation
    rules = {name: why.strip() for name, why in re.findall(r"^\| `(\w+)` \|[^|]*\|([^|]*)\|$", page, re.MULTILINE)}
    assert rules == {**{rule.name: rule.reason for rule in NORMALISER}, "paths": PATHS_REASON}
