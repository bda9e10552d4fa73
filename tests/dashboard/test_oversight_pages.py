"""Lanes, trust, operations and single events: each question of an audience is answered from the page alone."""

from __future__ import annotations

from fairway_scripts.dashboard.panels import ASKED
from fairway_scripts.dashboard.site import PAGES
from tests.commands.test_parity_report import ORDER, explain, observe
from tests.dashboard.conftest import ORIGIN, Site
from tests.support.engines import on_file


def test_architecture_sees_who_owns_what_and_what_hangs_on_it(site: Site) -> None:
    site.project.ok(
        "session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual", "--task-id", "B-1"
    )
    site.project.ok("session-upsert", "--session-id", "s-2", "--role", "C-ops", "--backend", "manual")
    said = site.text("/lanes?show=all")
    assert "B-ui B-1 Draw the list B s-1" in said
    assert "C-ops \N{EN DASH} idle" in said
    assert "Sessions without a task 1 " in said
    assert "B-3 B-ui B-1 B-ui in progress" in said
    html = site.client.get("/panels/lanes/dependencies").text
    assert html.count('<path class="edge"') == 1


def test_a_task_without_a_session_says_so(site: Site) -> None:
    assert "B-ui B-1 Draw the list B no session" in site.text("/lanes")


def test_security_sees_what_was_forced_waived_and_vouched_for(site: Site) -> None:
    site.project.ok("queue-set-status", "B-2", "--status", "done", "--force", "--reason", "asked by Lead")
    said = site.text("/trust?show=all")
    assert "asked by Lead" in said
    assert "Refused self-reviews not recorded" in said
    assert "B-ui claim no pass 1" in said
    assert "Verification of the ledger sound" in said
    assert "B-2 B-ui" in said
    assert "Anchors 0 Nothing is anchored" in said


def test_what_is_expensive_is_computed_when_somebody_asks(site: Site) -> None:
    said = site.text("/trust")
    assert "Verification of the ledger deferred Not computed yet. Compute it" in said
    html = site.client.get("/trust").text
    start = html.index('id="verified"')
    assert 'hx-trigger="news"' in html[start : start + 400]
    assert "data-live" not in html[start : start + 400].partition(">")[0]
    assert {name for page in PAGES.values() for name, maker in page.panels.items() if maker.load == ASKED} == {
        "verified",
        "doctor",
    }


@on_file
def test_a_changed_row_is_told_by_the_verification(site: Site) -> None:
    import sqlite3

    with sqlite3.connect(site.project.store) as connection:
        connection.execute("UPDATE task_evidence SET result = 'fail'")
    connection.close()
    said = site.text("/panels/trust/verified")
    assert "task_evidence" in said
    assert "sound" not in said


def test_operations_sees_what_runs_and_what_ran_out(site: Site) -> None:
    site.project.ok(
        "session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual", "--task-id", "B-1"
    )
    site.project.ok("watcher-start", "W-1", "--task-id", "B-1", "--process", "deploy")
    site.project.ok("checkpoint-record", "--track-id", "docs-sweep", "--summary", "half of it")
    site.project.ok(
        *("queue-record-evidence", "B-1", "--command-text", "deploy", "--result", "fail"),
        *("--artifact-type", "deploy-packet", "--notes", "image differs"),
    )
    said = site.text("/ops?show=all")
    for part in ("s-1 B-ui B-1", "W-1 B-1", "docs-sweep active", "image differs", "Nobody is cutting over"):
        assert part in said, part
    assert "Doctor" in said


@on_file
def test_operations_sees_what_parity_report_says_of_each_lane(site: Site) -> None:
    project = site.project
    assert "Nobody is cutting over" in site.text("/panels/ops/engines")
    project.ok("lane-engine", "B-ui", "shadow", "compare")
    observe(project, "c1")
    observe(project, "c2", verdict="unclear")
    observe(project, "c3", verdict="mismatch", differences=[ORDER])
    told = project.run("parity-report", "--role", "B-ui", "--json").json["lanes"][0]
    calls = sum(row["observations"] for row in told["operations"])
    said = site.text("/panels/ops/engines")
    assert f"B-ui shadow {calls} 1 {'; '.join(row['message'] for row in told['findings'])}" in said
    assert "make parity-report ROLE=B-ui" in said
    assert "C-ops fairway" in said  # as every lane without an engine of its own
    explain(project, "no TOML")
    said = site.text("/panels/ops/engines?lane=B-ui")  # a question of its own: answers are kept
    assert "not computed: the explained differences have 1 fault(s)" in said


def test_an_event_has_its_hash_and_the_events_beside_it(site: Site) -> None:
    events = site.project.ok("queue-activity", "--task-id", "B-1", "--json").json["events"]
    claimed = next(event for event in events if event["kind"] == "claimed")
    html = site.client.get(f"/events/{claimed['event_id']}").text
    said = site.text(f"/events/{claimed['event_id']}")
    assert "Claimed" in said
    assert "bea" in said
    assert "task_state 1" in said
    later = min(event["event_id"] for event in events if event["event_id"] > claimed["event_id"])
    assert f'After it, same task</dt><dd><a class="id" href="/events/{later}">' in html
    assert site.client.get("/events/999999").status_code == 404
    assert site.client.get("/events/x").status_code == 404
    assert site.client.get("/events/-1").status_code == 404


def test_activity_is_filtered_by_task_lane_and_time(site: Site) -> None:
    said = site.text("/activity?task_id=C-1")
    assert "no key for staging" in said
    assert "make test" not in said
    assert "Nothing happened that matches." in site.text("/activity?since=2999-01-01")
    assert site.client.get("/activity?since=yesterdayish").status_code == 400
    assert site.client.get("/activity?task_id=B-99").status_code == 404


def test_every_panel_of_every_page_is_exported(site: Site) -> None:
    for key, page in PAGES.items():
        for name in page.panels:
            for form in ("csv", "json"):
                answer = site.client.get(f"/panels/{key}/{name}?format={form}", headers={"origin": ORIGIN})
                assert answer.status_code == 200, (key, name)
                assert f'filename="{name}.{form}"' in answer.headers["content-disposition"]
