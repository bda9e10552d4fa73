"""What pages ask of the coordinator's view alone is what the whole view says."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.board.orchestrator.orchestrator import look
from fairway_scripts.board.orchestrator.parts import lanes_seen, upcoming
from fairway_scripts.dashboard.panels import Query
from fairway_scripts.dashboard.site import PAGES
from fairway_scripts.project.project import Project
from tests.dashboard.conftest import Site

LATER = "2099-01-01T08:00:00Z"
LANES = ("", "B-ui", "C-ops", "no-such-lane")


@pytest.fixture
def busy(site: Site) -> Site:
    """The project, with something for every kind of action: all that was begun has waited for years by LATER."""
    ok = site.project.ok
    ok("session-upsert", "--role", "B-ui", "--backend", "manual", "--session-id", "s-1")
    ok("watcher-start", "--task-id", "B-1", "--process", "CI", "--expected-duration", "20m")
    ok("checkpoint-record", "--track-id", "docs", "--summary", "half")
    ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", "--actor", "ben")
    failed = ("--command-text", "make test", "--result", "fail", "--artifact-type", "ci-packet")
    ok("queue-record-evidence", "B-2", *failed)
    return site


def test_the_first_actions_are_those_of_the_tick_in_its_order(busy: Site) -> None:
    def both(project: Project) -> None:
        kinds = {row["action"] for row in look(project, now=LATER)["actions"]}
        assert {"reconcile", "review", "ack", "unblock", "checkpoint"} <= kinds
        for lane in LANES:
            whole = look(project, now=LATER, lane=lane)["actions"]
            for most in (1, 3, 1000):
                expected = {"actions": whole[:most], "total": len(whole)}
                assert upcoming(project, now=LATER, lane=lane, most=most) == expected, (lane, most)

    busy.desk.ask_here(both)


def test_the_lanes_are_those_of_the_tick(busy: Site) -> None:
    def both(project: Project) -> None:
        for lane in LANES:
            assert lanes_seen(project, lane=lane) == look(project, now=LATER, lane=lane)["lanes"]

    busy.desk.ask_here(both)


def test_where_git_cannot_be_asked_the_rest_is_there(busy: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def both(project: Project) -> None:
        monkeypatch.setattr(project, "repository", None)
        assert lanes_seen(project) == look(project, now=LATER)["lanes"]
        assert upcoming(project, now=LATER, most=1000)["actions"] == look(project, now=LATER)["actions"]

    busy.desk.ask_here(both)


def test_the_panel_makes_its_first_rows_and_an_export_all(busy: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairway_scripts.dashboard.work_panels.KEPT", 1)
    maker = PAGES["now"].panels["tick"]

    def both(project: Project) -> tuple[Any, Any]:
        return maker.first(project, Query()), maker.make(project, Query())

    first, whole = busy.desk.ask_here(both)
    assert first.total == whole.total == len(whole.rows) > 1
    assert first.rows == whole.rows[:1]
    assert f"do next {whole.total} " in busy.text("/?show=tick")
    assert busy.client.get("/panels/now/tick?format=csv").text.count("\r\n") == whole.total + 1
    assert len(busy.client.get("/panels/now/tick?format=json").json()["rows"]) == whole.total
