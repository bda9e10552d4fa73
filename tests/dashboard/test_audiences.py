"""A walk for each audience: every question that its page is there for is asked, and answered from the page alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dashboard.conftest import Site
from tests.support.shell import Checkout

#: page -> question -> what the page answers, of the day below
QUESTIONS = {
    "/lanes": {
        "who works on what, in which session": "B-ui B-1 Draw the list B s-1",
        "which task has no session": "C-ops C-2 Rotate the key C no session",
        "which lane does nothing": "A-backend \N{EN DASH} idle",
        "which session has no task": "Sessions without a task 1",
        "what waits for what": "B-3 B-ui B-1 B-ui in progress",
        "what is a part of what": "B-2 1 B-ui todo 0 of 1 Draw the button",
        "what was delivered": "architecture packets B-ui B-1 pass",
    },
    "/trust": {
        "what was waived, by whom and why": "the flag is off",
        "what was gone past": "asked by Lead",
        "were self-reviews refused": "Refused self-reviews not recorded",
        "was what is finished approved": "C-3 C-ops",
        "who saw the evidence": "B-ui claim no pass",
        "is the ledger what was recorded": "Verification of the ledger sound",
        "since when is it anchored": "Anchors 1",
        "who lets commands be run": "scope agreed",
    },
    "/board": {
        "what can be taken": "B-2 B-ui 1 Draw the button",
        "why is the rest not ready": "waits for B-1 (in_progress)",
        "who works on what": "In progress 2",
        "what is blocked, and why": "no key for staging",
        "which handoff waits for a lane": "handoff 1 for C-ops is not acknowledged",
        "which review waits for a lane": "Reviews that wait 1",
    },
    "/tasks/B-1": {
        "what comes next, with the line": "Next",
        "what does merge-ready still want": "What merge-ready still wants",
    },
    "/ops": {
        "which sessions live": "s-1 B-ui B-1",
        "what is watched": "W-1 B-1",
        "what is begun and not closed": "docs-sweep active",
        "which claims show no sign of life": "Leases that ran out",
        "which build failed without anybody following up": "Failed builds without follow-up 2",
        "what is deployed otherwise than expected": "image differs",
        "who answers each lane, and with what parity": "B-ui shadow",
        "does the set-up lack anything": "Doctor",
    },
}


def live_a_day(project: Checkout) -> None:
    """Something for every question, recorded with the tools."""

    def ok(tool: str, *words: str) -> None:
        project.ok(tool, *words, "--actor", "Lead")

    ok("session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual", "--task-id", "B-1")
    ok("session-upsert", "--session-id", "s-2", "--role", "C-ops", "--backend", "manual")
    ok("queue-add", "C-2", "--title", "Rotate the key", "--role", "C-ops")
    ok("queue-claim", "C-2", "--role", "C-ops", "--owner", "C")
    ok("queue-add", "C-3", "--title", "Close the old port", "--role", "C-ops")
    ok("queue-set-status", "C-3", "--status", "done", "--force", "--reason", "asked by Lead")
    ok("queue-spawn", "B-4", "--title", "Also its focus", "--parent", "B-2")
    project.commit("B-ui", "doc/api/openapi.draft.yaml", message="B-1: the contract")
    ok(
        "review-waive",
        "B-1",
        "--ref",
        "agent/B-ui",
        "--shape",
        "light",
        "--owner",
        "Lead",
        "--reason",
        "the flag is off",
    )
    ok(
        "queue-approve-run",
        "B-1",
        "--command-class",
        "ci-watch",
        "--approved-by",
        "Lead",
        "--reason",
        "scope agreed",
        "--expires",
        "8h",
    )
    ok("queue-anchor")
    ok("watcher-start", "W-1", "--task-id", "B-1", "--process", "deploy")
    ok("checkpoint-record", "--track-id", "docs-sweep", "--summary", "half of it")
    for kind, notes in (("deploy-packet", "image differs"), ("ci_pipeline", "red"), ("architecture-packet", "the map")):
        result = "pass" if kind == "architecture-packet" else "fail"
        ok(
            "queue-record-evidence",
            "B-1",
            "--command-text",
            kind,
            "--result",
            result,
            "--artifact-type",
            kind,
            "--notes",
            notes,
        )
    ok("lane-engine", "B-ui", "shadow", "compare")


def test_every_question_is_answered_on_the_page_of_its_audience(site: Site) -> None:
    live_a_day(site.project)
    silent: list[Any] = []
    for page, questions in QUESTIONS.items():
        said = site.text(f"{page}?show=all")
        silent += [(page, question, answer) for question, answer in questions.items() if answer not in said]
    assert silent == []


@pytest.mark.parametrize("path", [path for path in QUESTIONS if not path.startswith("/tasks")])
def test_every_answer_has_an_address_of_its_own(site: Site, path: str) -> None:
    live_a_day(site.project)
    html = site.client.get(f"{path}?show=all").text
    panels = [piece.partition('"')[0] for piece in html.split('<section class="panel" id="')[1:]]
    assert panels
    page = {"/lanes": "lanes", "/trust": "trust", "/board": "board", "/ops": "ops"}[path]
    for name in panels:
        assert site.client.get(f"/panels/{page}/{name}").status_code == 200
