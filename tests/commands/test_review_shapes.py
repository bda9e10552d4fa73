"""The shape of a review through the tools: routing, waivers, merge-ready, the ledger and review-report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git
from tests.support.shell import HOME, Answer, Checkout, make_checkout, queue_text, task
from tests.support.stored import events, rows

EXPOSED = "infra/dns/zone.tf"
SENSITIVE = "doc/architecture/Runtime.md"
EXPOSURE = "public exposure"
ALL = ["C-ops", "D-arch", "E-governance"]  # every domain but the one of the task's own lane


@pytest.fixture
def project() -> Checkout:
    """Tasks of B-ui, the first claimed by bee for B, under the gpuaas configuration."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    tagged = task("B-2", tags=["prod-mutation"], risk_level="low")
    made = make_checkout(
        parent,
        queue_text(task("B-1"), tagged, task("B-3", gates=["release-approval"]), task("B-4", kind="deploy")),
        lanes=["B-ui"],
    )
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bee", "--force", "--reason", "test")
    return made


def route(project: Checkout, ref: str, *more: str, task_id: str = "B-1") -> Any:
    return project.ok("queue-route-review", task_id, "--ref", ref, "--json", *more).json


def waive(project: Checkout, *more: str, task_id: str = "B-1", shape: str = "light", **env: str) -> Answer:
    """Waive the review of agent/B-ui; flags of `more` take the place of the usual ones."""
    words = ["--shape", shape, "--owner", "Lead", "--reason", "small and proven", "--ref", "agent/B-ui"]
    return project.run("review-waive", task_id, *over(words, more), "--json", env=env)


def over(words: Sequence[str], more: Sequence[str]) -> list[str]:
    """Flags with values, those of `more` in the place of the same ones of `words`."""
    if any(word.startswith("--") and "=" in word for word in more):
        return [*words, *more]
    merged = {**dict(zip(words[::2], words[1::2], strict=True)), **dict(zip(more[::2], more[1::2], strict=True))}
    return [word for pair in merged.items() for word in pair]


def waived(project: Checkout, *more: str, **given: str) -> Any:
    """The same, approved by C-ops where it is a real exit: there a name alone is not enough."""
    answer = waive(project, *more, **given)
    assert answer.code == 0, answer
    if not answer.json["counts"]:
        words = ("--reviewer-role", "C-ops", "--reviewer", "C", "--status", "approved", "--commit", "agent/B-ui")
        number = str(answer.json["waiver_id"])
        project.ok("queue-record-review", "B-1", *words, "--waiver", number, "--actor", "carl")
    return answer.json


def lanes(routed: Any) -> list[str]:
    return sorted({entry["lane"] for entry in routed["required"]})


def checks(project: Checkout, kind: str, ref: str = "agent/B-ui") -> list[tuple[str, str]]:
    answer = project.run("queue-merge-ready", "B-1", "--ref", ref, "--json")
    listed = [*({"level": "pass", **row} for row in answer.json["passed"]), *answer.json["findings"]]
    return [(row["level"], row["message"]) for row in listed if row["word"] == kind]


# --- what routing asks -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task_id", "path", "shape", "asked"),
    [
        ("B-1", "doc/design/flows.md", "light", ["D-arch"]),
        ("B-1", SENSITIVE, "paired", ["D-arch", "E-governance"]),
        ("B-1", EXPOSED, "full-matrix", ALL),
        # the frontend is touched, so somebody next to it approves for it: its own lane cannot
        ("B-2", "packages/web/a.ts", "full-matrix", ["A-backend", *ALL]),  # by its tag
        ("B-3", "packages/web/a.ts", "full-matrix", ["A-backend", *ALL]),  # by its gate
        ("B-4", "packages/web/a.ts", "full-matrix", ["A-backend", *ALL]),  # by its kind
    ],
)
def test_routing_asks_exactly_the_lanes_of_the_shape_and_keeps_the_shape(
    project: Checkout, task_id: str, path: str, shape: str, asked: list[str]
) -> None:
    routed = route(project, project.commit("B-ui", path), task_id=task_id)
    assert (routed["shape"], routed["shape_needed"], routed["waiver"]) == (shape, shape, None)
    assert lanes(routed) == asked
    requests = rows(project, "review_requests", task_id)
    assert sorted(row["role"] for row in requests) == asked
    assert {row["shape"] for row in requests} == {shape}
    assert events(project, task_id, "review_routed")[0]["shape"] == shape


def test_the_text_says_the_shape_and_every_reason(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    out = project.ok("queue-route-review", "B-2", "--ref", "agent/B-ui").out.splitlines()
    assert "shape: full-matrix" in out
    assert "because: live or prod mutation asks for full-matrix: tag prod-mutation" in out
    assert f"because: public exposure asks for full-matrix: path {EXPOSED}" in out


def test_a_path_of_any_bytes_is_told_as_a_reason(project: Checkout) -> None:
    commit = commit_file(project.lanes["B-ui"], b"infra/dns/a\xff\nb", "x")
    assert route(project, commit)["shape_reasons"][0]["matched"] == ["infra/dns/a\\xff\nb"]
    out = project.ok("queue-route-review", "B-1", "--ref", commit).out
    assert "because: public exposure asks for full-matrix: path 'infra/dns/a\\\\xff\\nb'\n" in out
    assert "infra/dns/a\\\\xff\\nb" in checks(project, "shape")[0][1]


def test_merge_ready_wants_every_lane_of_the_shape(project: Checkout) -> None:
    commit = project.commit("B-ui", EXPOSED)
    assert checks(project, "shape") == [
        ("pass", f"full-matrix review: public exposure asks for full-matrix: path {EXPOSED}")
    ]
    assert [level for level, _message in checks(project, "review")] == ["error"] * 3
    for lane in ALL:
        words = ("--reviewer-role", lane, "--reviewer", lane, "--status", "approved", "--commit", commit)
        project.ok("queue-record-review", "B-1", *words)
    assert [level for level, _message in checks(project, "review")] == ["pass"] * 3


def test_merge_ready_has_no_line_about_a_shape_that_the_routes_alone_decide(project: Checkout) -> None:
    project.commit("B-ui", SENSITIVE)
    assert checks(project, "shape") == []
    answer = project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--json").json
    assert (answer["shape"], answer["shape_needed"], answer["waiver"]) == ("paired", "paired", None)


def test_a_merged_commit_has_the_shape_in_which_its_reviews_were_asked(project: Checkout) -> None:
    commit = project.commit("B-ui", EXPOSED)
    route(project, commit)
    git(project.main, "merge", "--quiet", "--ff-only", commit)
    answer = project.run("queue-merge-ready", "B-1", "--ref", commit, "--json").json
    assert answer["shape"] == "full-matrix"
    assert sorted(entry["lane"] for entry in answer["required_reviews"]) == ALL


# --- waivers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shape", "path", "asked"),
    [("paired", EXPOSED, ["D-arch", "E-governance"]), ("light", SENSITIVE, ["D-arch"])],
)
def test_a_waiver_makes_the_review_lighter_and_is_seen_everywhere(
    project: Checkout, shape: str, path: str, asked: list[str]
) -> None:
    commit = project.commit("B-ui", path)
    needed = route(project, commit)["shape"]
    given = waived(project, shape=shape)
    assert (given["needed"], given["granted"], given["commit_sha"]) == (needed, shape, commit)
    assert sorted(given["reviewers"]) == asked
    # routing
    routed = route(project, commit)
    assert (routed["shape"], routed["shape_needed"], lanes(routed)) == (shape, needed, asked)
    assert (routed["waiver"]["owner"], routed["waiver"]["covers"]) == ("Lead", True)
    ends = given["expires_at"]
    by = "" if given["counts"] else ", approved by C-ops"
    said = f"waiver 1: {needed} -> {shape} until {ends} by Lead: small and proven{by}"
    assert said in project.ok("queue-route-review", "B-1", "--ref", commit).out.splitlines()
    # merge-ready
    assert checks(project, "waiver") == [
        ("warning", f"waiver 1 of Lead, {needed} -> {shape} until {ends}: small and proven{by}")
    ]
    assert f"{shape} review, waived from {needed}: " in checks(project, "shape")[0][1]
    assert len(checks(project, "review")) == len(asked)
    # the page of the task, the ledger
    page = project.ok("queue-task-detail", "B-1").out
    assert f"#1  review-shape {needed} -> {shape}  Lead  {commit[:12]}" in page
    assert project.detail("B-1")["waivers"][0]["reason"] == "small and proven"
    activity = project.ok("queue-activity").out
    assert f"Lead waives the {needed} review for a {shape} one until {ends} (small and proven)" in activity
    (event,) = events(project, "B-1", "review_waived")
    assert (event["owner"], event["commit_sha"], event["granted"]) == ("Lead", commit, shape)
    project.ok("queue-verify")


def test_a_waiver_is_of_the_change_that_was_routed_last_unless_another_is_named(project: Checkout) -> None:
    commit = project.commit("B-ui", EXPOSED)
    words = ("--shape", "light", "--owner", "Lead", "--reason", "x", "--json")
    answer = project.run("review-waive", "B-1", *words)
    assert (answer.code, answer.word) == (2, "usage")
    assert "REF is required: no review of B-1 was routed yet" in answer.err
    route(project, commit)
    project.commit("B-ui", "packages/web/later.ts")
    assert project.ok("review-waive", "B-1", *words).json["commit_sha"] == commit


def test_make_has_both_names(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    for target in ("review-waive", "queue-waive-review"):
        words = ("TASK_ID=B-1", "SHAPE=light", "OWNER=Lead", "REASON=it is $(proven)", "REF=agent/B-ui")
        answer = project.make(target, *words)
        assert answer.code == 0, answer
    assert {row["reason"] for row in rows(project, "waivers")} == {"it is $(proven)"}


@pytest.mark.parametrize(
    ("more", "code", "word", "said"),
    [
        (["--owner", ""], 2, "usage", "OWNER"),
        (["--owner", " "], 2, "usage", "OWNER is required"),
        (["--reason", " "], 1, "reason_required", "a waiver needs a REASON"),
        (["--shape", "none"], 2, "usage", "SHAPE 'none' is none of light, paired, full-matrix"),
        (["--shape", "full-matrix"], 4, "waiver_refused", "needs a full-matrix review, and full-matrix is no lighter"),
        # the work's owner, its claimant, its lane, whatever the spelling
        (["--owner", "B"], 4, "self_review", "B is its owner"),
        (["--owner", "BEE "], 4, "self_review", "BEE is its claimant"),
        (["--owner", "B-ui"], 4, "self_review", "B-ui is the task's own lane"),
        # whoever does the work cannot do it in another's name
        (["--actor", "bee"], 4, "self_review", "bee, who runs this command, is its claimant"),
        (["--ref", "no-such-branch"], 3, "not_found", "no-such-branch"),
    ],
)
def test_a_waiver_is_refused(project: Checkout, more: list[str], code: int, word: str, said: str) -> None:
    project.commit("B-ui", EXPOSED)
    answer = waive(project, *more)
    assert (answer.code, answer.word) == (code, word)
    assert said in answer.err
    assert rows(project, "waivers") == []
    assert events(project, "B-1", "review_waived") == []


def test_somebody_who_held_the_task_before_cannot_waive_its_review(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    project.ok("queue-release", "B-1", "--actor", "bee")
    assert waive(project, "--owner", "bee").word == "self_review"


@pytest.mark.parametrize(("path", "needed"), [("packages/web/a.ts", "light"), (SENSITIVE, "paired")])
def test_what_is_as_light_as_that_needs_no_waiver(project: Checkout, path: str, needed: str) -> None:
    project.commit("B-ui", path)
    answer = waive(project, shape="paired" if needed == "paired" else "light")
    assert (answer.code, answer.word) == (4, "waiver_refused")
    assert f"needs a {needed} review" in answer.err


def test_a_watcher_cannot_waive(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    assert waive(project, FAIRWAY_WATCH_ID="W-1").word == "watcher_refused"


def test_a_trusted_run_cannot_waive(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    assert waive(project, FAIRWAY_TRUSTED_RUN="s-1").word == "self_review"


def test_a_further_commit_needs_another_waiver(project: Checkout) -> None:
    first = project.commit("B-ui", EXPOSED)
    waived(project)
    second = project.commit("B-ui", "infra/dns/other.tf")
    routed = route(project, second)
    assert (routed["shape"], routed["waiver"]["covers"]) == ("full-matrix", False)
    assert routed["waiver"]["why_not"] == "it was given for another change"
    assert lanes(routed) == ALL
    ((level, message),) = checks(project, "waiver")
    assert level == "warning"
    assert message.endswith("does not count: it was given for another change")
    # it still holds for what it was given for
    assert route(project, first)["shape"] == "light"


def test_a_waiver_holds_after_a_clean_rebase(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    waived(project)
    commit_file(project.main, "README.md", "moved on\n")
    git(project.lanes["B-ui"], "rebase", "--quiet", "master")
    routed = route(project, "agent/B-ui")
    assert (routed["shape"], routed["waiver"]["covers"]) == ("light", True)


def test_a_waiver_of_a_part_of_the_change_does_not_cover_the_whole(project: Checkout) -> None:
    first = project.commit("B-ui", EXPOSED)
    project.commit("B-ui", "infra/dns/other.tf")
    waived(project, "--base", first)
    assert route(project, "agent/B-ui")["shape"] == "full-matrix"
    assert route(project, "agent/B-ui", "--base", first)["shape"] == "light"


def test_a_new_reason_needs_another_waiver_although_the_change_is_the_same(project: Checkout) -> None:
    project.commit("B-ui", SENSITIVE)
    assert waived(project)["needed"] == "paired"
    project.write_queue(queue_text(task("B-1", tags=["compliance"])))
    routed = route(project, "agent/B-ui")
    assert routed["shape"] == "full-matrix"
    assert routed["waiver"]["why_not"] == "external compliance or customer claims asks for full-matrix now"


def test_another_exit_of_the_same_weight_needs_another_waiver(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    waived(project)
    project.write_queue(queue_text(task("B-1", risk_level="Customer Claim")))
    routed = route(project, "agent/B-ui")
    assert routed["shape"] == "full-matrix"
    assert routed["waiver"]["why_not"] == "external compliance or customer claims was no reason then"


def test_the_latest_waiver_counts(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    waived(project, shape="light")
    waived(project, shape="paired")
    assert route(project, "agent/B-ui")["shape"] == "paired"


def test_a_waiver_silences_no_objection(project: Checkout) -> None:
    commit = project.commit("B-ui", EXPOSED)
    words = ("--reviewer-role", "C-ops", "--reviewer", "C", "--status", "blocked", "--commit", commit)
    project.ok("queue-record-review", "B-1", *words)
    waived(project)
    assert route(project, commit)["review_status"] == "blocked"
    assert ("error", f"C-ops: blocked by C on {commit[:12]}") in checks(project, "review")


def test_undo_takes_a_waiver_back(project: Checkout) -> None:
    commit = project.commit("B-ui", EXPOSED)
    assert waive(project).code == 0
    undone = project.ok("queue-undo", "--task-id", "B-1", "--json").json
    assert (undone["kind"], undone["withdrawn"]) == ("review_waived", [["waivers", 1]])
    assert route(project, commit)["shape"] == "full-matrix"
    assert checks(project, "waiver") == []
    assert project.detail("B-1")["waivers"] == []
    assert len(project.ok("queue-task-detail", "B-1", "--all", "--json").json["waivers"]) == 1


def test_a_repeated_request_waives_once(project: Checkout) -> None:
    project.commit("B-ui", EXPOSED)
    first = waived(project, "--request-id", "r1")
    assert waived(project, "--request-id", "r1") == first
    assert len(rows(project, "waivers")) == 1


# --- findings and time of a review -----------------------------------------------------------------------


def review(project: Checkout, *more: str, lane: str = "D-arch", task_id: str = "B-1", at: str = "") -> Answer:
    words = ("--reviewer-role", lane, "--reviewer", lane, "--status", "approved", "--commit", "agent/B-ui")
    env = {"FAIRWAY_NOW": at} if at else {}
    return project.run("queue-record-review", task_id, *over(words, more), "--json", env=env)


def test_a_review_keeps_its_findings_and_its_time_and_unknown_is_not_zero(project: Checkout) -> None:
    counted = review(project, "--findings-count", "0", "--duration-seconds", "90").json
    assert (counted["findings_count"], counted["duration_seconds"]) == (0, 90)
    unknown = review(project).json
    assert (unknown["findings_count"], unknown["duration_seconds"]) == (None, None)
    stored = [(row["findings_count"], row["duration_seconds"]) for row in rows(project, "task_reviews")]
    assert stored == [(0, 90), (None, None)]


@pytest.mark.parametrize("name", ["--findings-count", "--duration-seconds"])
@pytest.mark.parametrize("value", ["-1", "some", "1.5", "1e3"])
def test_findings_and_time_are_whole_numbers(project: Checkout, name: str, value: str) -> None:
    assert review(project, f"{name}={value}").word == "usage"
    assert not os.path.exists(project.store) or rows(project, "task_reviews") == []


# --- review-report ---------------------------------------------------------------------------------------

AT = "2026-11-21T08:{:02}:00Z"


def busy(project: Checkout) -> None:
    """Two changes of three lanes, one of which finds something, and a waiver; every time is fixed."""
    first = project.commit("B-ui", EXPOSED)
    for at, task_id in ((0, "B-1"), (1, "B-2")):
        env = {"FAIRWAY_NOW": AT.format(at)}
        project.ok("queue-route-review", task_id, "--ref", first, env=env)
    for at, lane in enumerate(ALL, start=10):
        assert (
            review(project, "--findings-count", "0", "--duration-seconds", "120", lane=lane, at=AT.format(at)).code == 0
        )
    assert review(project, "--status", "changes", task_id="B-2", at=AT.format(20)).code == 0
    assert review(project, lane="C-ops", task_id="B-2", at=AT.format(31)).code == 0
    waived(project, FAIRWAY_NOW=AT.format(40))


def test_the_report_is_this(project: Checkout, request: pytest.FixtureRequest) -> None:
    busy(project)
    out = project.ok("review-report").out
    out = out.replace(git(project.main, "rev-parse", "agent/B-ui")[:12], "COMMIT")
    path = os.path.join(HOME, "tests", "goldens", "utilities", "review-report", "report.md")
    if request.config.getoption("--update-golden"):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(out)
    with open(path, encoding="utf-8") as file:
        assert out == file.read()


def test_the_report_counts_by_shape_and_lane(project: Checkout) -> None:
    busy(project)
    report = project.ok("review-report", "--json").json
    (full,) = report["by_shape"]
    assert (full["changes"], full["lanes_asked"], full["asked"], full["done"], full["open"]) == (2, 3, 6, 5, 1)
    assert (full["found"], full["nothing"], full["unknown"], full["waivers"]) == (1, 3, 1, 1)
    by_lane = {row["lane"]: row for row in report["by_lane"]}
    assert [(row["found"], row["nothing"], row["unknown"]) for row in by_lane.values()] == [
        (0, 1, 1),
        (1, 1, 0),
        (0, 1, 0),
    ]
    assert by_lane["E-governance"]["nothing_found_in_a_row"] == 1
    assert by_lane["D-arch"]["waited"]["median_seconds"] == (11 + 19) * 60 / 2
    assert by_lane["C-ops"]["spent"] == {"count": 1, "median_seconds": 120.0, "total_seconds": 120.0}
    assert report["waivers"][0]["rules"] == [EXPOSURE]


def test_the_report_can_be_of_one_lane_or_begin_late(project: Checkout) -> None:
    busy(project)
    report = project.ok("review-report", "--role", "D-arch", "--json").json
    assert [row["lane"] for row in report["by_lane"]] == ["D-arch"]
    assert report["by_shape"][0]["asked"] == 2
    report = project.ok("review-report", "--since", AT.format(1), "--json").json
    assert (report["by_shape"][0]["changes"], report["by_shape"][0]["asked"]) == (1, 3)
    report = project.ok("review-report", "--since", "2027-01-01", "--json").json
    assert (report["by_shape"], report["by_lane"], report["waivers"]) == ([], [], [])
    assert project.run("review-report", "--role", "X").word == "not_found"
    assert project.run("review-report", "--since", "soon").word == "usage"


def test_verdicts_that_nobody_asked_for_are_told_apart(project: Checkout) -> None:
    project.commit("B-ui", "README.md")
    assert review(project).code == 0
    report = project.ok("review-report", "--json").json
    assert (report["by_shape"], report["unasked"]) == ([], 1)
    assert "1 verdict(s) came from lanes that were not asked." in project.ok("review-report").out


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_report_is_the_same_bytes_wherever_it_is_made(project: Checkout, form: list[str]) -> None:
    busy(project)
    first = project.ok("review-report", *form).out
    env = {"TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    assert project.ok("review-report", *form, cwd=project.lanes["B-ui"], env=env).out == first


def test_the_report_can_be_attached_as_evidence(project: Checkout) -> None:
    busy(project)
    answer = project.ok("review-report", "--attach", "B-1")
    (row,) = rows(project, "task_evidence", "B-1")
    assert (row["artifact_type"], row["artifact_size"]) == ("review-report", len(answer.out.encode()))
