"""What is done from the browser is a tool's own verb, by a named person, in the ledger."""

from __future__ import annotations

import pytest

from fairway_scripts.catalog import find_tool
from fairway_scripts.dashboard.deeds import DEEDS
from tests.dashboard.conftest import Site
from tests.support.engines import on_both


def last_event(site: Site) -> dict[str, object]:
    event: dict[str, object] = site.project.ok("queue-activity", "--limit", "1", "--json").json["events"][0]
    return event


@pytest.mark.parametrize(
    ("task_id", "deed", "fields", "kind", "tool"),
    [
        ("B-2", "claim", {}, "claimed", "queue-claim"),
        ("B-1", "acknowledge", {"note": "seen"}, "handoff_acknowledged", "queue-ack-handoff"),
        ("B-1", "ask-review", {"ref": "agent/B-ui"}, "review_routed", "queue-route-review"),
        ("B-1", "block", {"reason": "no key"}, "status_set", "queue-set-status"),
        ("B-1", "checkpoint", {"summary": "half", "state": "review"}, "checkpoint_recorded", "checkpoint-record"),
        ("C-1", "note", {"summary": "asked for the key"}, "checkpoint_recorded", "checkpoint-record"),
    ],
)
def test_a_deed_is_the_event_of_its_tool_with_the_named_person(
    site: Site, task_id: str, deed: str, fields: dict[str, str], kind: str, tool: str
) -> None:
    answer = site.act(task_id, deed, **fields)
    assert answer.status_code == 303, answer.text
    event = last_event(site)
    assert (event["kind"], event["tool"], event["actor"], event["task_id"]) == (kind, tool, "Ada", task_id)
    assert "Done:" in site.client.get(answer.headers["location"]).text


@on_both
def test_claim_then_release_by_the_same_person(site: Site) -> None:
    assert site.act("B-2", "claim", owner="Bo").status_code == 303
    claimed = site.project.detail("B-2")
    assert (claimed["status"], claimed["owner"], claimed["claimant"]) == ("in_progress", "Bo", "Ada")
    assert site.act("B-2", "release", actor="Eve").status_code == 400
    assert site.act("B-2", "release", reason="wrong lane").status_code == 303
    assert site.project.detail("B-2")["status"] == "todo"


def test_the_name_is_kept_for_the_next_form(site: Site) -> None:
    assert 'name="actor" value="" ' in site.client.get("/tasks/B-2").text
    site.act("B-2", "claim")
    assert 'name="actor" value="Ada" ' in site.client.get("/tasks/B-2").text


@pytest.mark.parametrize(
    ("task_id", "deed", "fields", "said"),
    [
        ("B-3", "claim", {}, "waits for"),
        ("B-1", "claim", {}, "claimed"),
        ("B-2", "claim", {"actor": " "}, "your name is required"),
        ("B-2", "claim", {"actor": "a\nb"}, "control character"),
        ("B-1", "block", {"reason": ""}, "REASON is required"),
        ("B-1", "block", {"reason": "TODO"}, "still to be given"),
        ("B-1", "checkpoint", {"summary": ""}, "SUMMARY is required"),
        ("B-1", "checkpoint", {"summary": "x", "state": "odd"}, "is none of"),
        ("B-1", "note", {"summary": "@/etc/passwd"}, "names a file"),
        ("B-1", "note", {"summary": "x" * 4001}, "longer than"),
        ("B-2", "ask-review", {"ref": "no-such-ref"}, "no-such-ref"),
    ],
)
def test_a_refusal_is_the_tools_own_and_changes_nothing(
    site: Site, task_id: str, deed: str, fields: dict[str, str], said: str
) -> None:
    before = last_event(site)
    answer = site.act(task_id, deed, **fields)
    assert answer.status_code in (400, 404), answer.text
    assert said in answer.text
    assert last_event(site) == before


@pytest.mark.parametrize(
    "fields", [{"force": "1"}, {"status": "done"}, {"result": "pass"}, {"commit": "HEAD"}, {"queue_db": "/tmp/x"}]
)
def test_a_form_cannot_smuggle_a_variable_in(site: Site, fields: dict[str, str]) -> None:
    assert site.act("B-1", "block", reason="no key", **fields).status_code == 303
    event = last_event(site)
    assert site.project.detail("B-1")["status"] == "blocked"
    assert '"forced": true' not in str(event)


def test_no_deed_carries_proof() -> None:
    for name, deed in DEEDS.items():
        given = {field.variable for field in deed.fields} | set(deed.fixed)
        assert not given & {"FORCE", "RESULT", "VERDICT", "COMMIT", "REOPEN", "SIGNED_OFF_BY", "APPROVED_BY"}, name
        assert given <= set(find_tool(deed.tool).all_variables), name
        assert deed.fixed.get("STATUS", "blocked") == "blocked"
    tools = {deed.tool for deed in DEEDS.values()}
    assert not tools & {"queue-record-review", "review-waive", "queue-record-evidence", "queue-approve-run"}


def test_a_finished_task_offers_only_a_note(site: Site) -> None:
    site.project.ok("queue-set-status", "B-2", "--status", "done", "--force", "--reason", "test")
    html = site.client.get("/tasks/B-2").text
    assert "/tasks/B-2/do/note" in html
    assert "/tasks/B-2/do/claim" not in html
