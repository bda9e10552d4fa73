"""The bar of a review: what a declaration asks for, and which verdicts answer it."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.settings import default_settings
from fairway_scripts.reviews.review_bar import bar_of, still_to_ask, without_doubles
from fairway_scripts.reviews.review_standing import judge, other_objections, summed_up
from fairway_scripts.reviews.review_waivers import approvers, why_not
from fairway_scripts.settings.config_file import read_config
from fairway_scripts.settings.review_domains import answers_for, asked_lane, domain_of, domains_of_lane, neighbours_of
from fairway_scripts.work.review_verdicts import standing_verdicts
from tests.support.shell import GPUAAS_CONFIG

GPUAAS, _FAULTS = read_config(GPUAAS_CONFIG)
COMMIT, OTHER = "c" * 40, "d" * 40
CODE, UX, PROSE = "cmd/api/main.go", "packages/web/a.ts", "doc/notes.md"


def task(role: str = "A-backend", risk: str = "", domains: tuple[str, ...] = (), profile: str = "") -> dict[str, Any]:
    return {"role": role, "risk_level": risk, "review_domains": list(domains), "profile": profile}


def asked(given: dict[str, Any], *paths: str, reasons: Any = ()) -> list[str]:
    bar = bar_of(given, paths, GPUAAS, reasons)
    return [" or ".join(entry["domains"]) for entry in bar["entries"]]


NEXT_TO_BACKEND = "architecture or frontend or ops"
ACROSS = "architecture or security or ops or governance"
ANYBODY = "architecture or security or ops or governance or frontend"


@pytest.mark.parametrize(
    ("risk", "paths", "expected"),
    [
        ("", [CODE], []),
        ("low", [CODE], []),
        ("medium", [CODE], [ANYBODY]),
        ("high", [CODE], [NEXT_TO_BACKEND, ACROSS]),
        ("High", [PROSE], [NEXT_TO_BACKEND, ACROSS]),
        ("critical", [PROSE], ["architecture", "security", "ops"]),
        ("critical", [CODE], ["architecture", "security", "ops", "backend"]),
        ("critical", [UX], ["architecture", "security", "ops", "frontend"]),
        ("critical", [CODE, UX], ["architecture", "security", "ops", "backend", "frontend"]),
    ],
)
@pytest.mark.parametrize("domains", [(), ("governance", "ops")])
def test_each_risk_level_asks_for_its_own_besides_what_is_declared(
    risk: str, paths: list[str], expected: list[str], domains: tuple[str, ...]
) -> None:
    found = asked(task(risk=risk, domains=domains), *paths)
    named = [*domains, *(name for name in expected if name not in domains)]
    assert found == sorted(named, key=lambda name: (" or " in name, named.index(name)))


@pytest.mark.parametrize(("risk", "evidence"), [("", False), ("low", True), ("medium", True), ("critical", True)])
def test_every_level_wants_evidence_that_lasts(risk: str, evidence: bool) -> None:
    assert bar_of(task(risk=risk), [], GPUAAS)["evidence"] is evidence


def test_an_exit_of_the_shapes_raises_the_level_and_only_upwards() -> None:
    reasons = [{"rule": "public exposure"}]
    assert asked(task(risk="low"), PROSE, reasons=reasons) == ["architecture", "security", "ops"]
    assert bar_of(task(), [], GPUAAS, reasons)["real_exit"] is True
    assert bar_of(task(risk="high"), [], GPUAAS)["real_exit"] is False


@pytest.mark.parametrize("word", ["ops", "OPS", "operations", "Operations"])
def test_a_domain_is_meant_by_its_name_or_an_alias(word: str) -> None:
    assert domain_of(word, GPUAAS) == "ops"


def test_a_lane_is_a_word_for_itself_and_nothing_else_is_known() -> None:
    assert domain_of("C-ops", GPUAAS) == "C-ops"
    assert domain_of("oops", GPUAAS) is None
    (fault,) = bar_of(task(domains=("oops",)), [], GPUAAS)["faults"]
    assert "'oops' is not known; known: architecture, arch, security" in fault
    (fault,) = bar_of(task(risk="hihg"), [], GPUAAS)["faults"]
    assert "'hihg' is not known; known: low, medium, high, critical" in fault


def test_the_profile_that_a_task_names_asks_where_the_task_names_no_domain() -> None:
    wanted = ["architecture", "governance", "frontend", "ops"]
    assert asked(task(profile="platform-foundation")) == wanted
    assert asked(task(profile="platform-foundation", domains=("ops",))) == ["ops"]
    assert asked(task(profile="another")) == []


@pytest.mark.parametrize(
    ("domain", "own", "lane"),
    [
        ("ops", "A-backend", "C-ops"),
        ("security", "A-backend", "E-governance"),
        ("backend", "A-backend", "D-arch"),  # next to it: its own lane cannot
        ("frontend", "B-ui", "A-backend"),
    ],
)
def test_whom_a_domain_asks(domain: str, own: str, lane: str) -> None:
    assert asked_lane([domain], own, GPUAAS) == lane


def test_without_a_table_a_domain_is_the_lane_of_its_name() -> None:
    settings = default_settings(["A-backend", "C-ops", "web"])
    assert answers_for("C-ops", "ops", settings)
    assert answers_for("ops", "ops", settings)
    assert not answers_for("A-backend", "ops", settings)
    assert domains_of_lane("web", settings) == ["web"]
    assert "backend" not in neighbours_of("A-backend", settings)


# --- which verdicts answer ---------------------------------------------------------------------------------


def verdict(
    number: int, lane: str, word: str = "approved", domain: str | None = None, commit: str = COMMIT, **more: Any
) -> dict[str, Any]:
    row = {"id": number, "reviewer_role": lane, "reviewer": lane[0], "verdict": word, "review_domain": domain}
    return {**row, "reviewed_commit_sha": commit, "created_at": f"{number:02}", "waiver_id": None, **more}


def missing(given: dict[str, Any], *rows: dict[str, Any], paths: tuple[str, ...] = ()) -> list[str]:
    bar = bar_of(given, paths, GPUAAS)
    verdicts = standing_verdicts(rows, GPUAAS)
    reviews = judge(bar["entries"], verdicts, COMMIT, set())
    objections = other_objections(bar["entries"], verdicts, COMMIT, set())
    found: list[str] = summed_up(reviews, objections, bar, gate=False, approved=True)["missing"]
    return found


THREE = task(domains=("governance", "ops", "backend"))


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], ["governance", "ops", "backend"]),
        # a plain approval counts for its lane, and so for the domains that the lane answers for
        ([verdict(1, "E-governance")], ["ops", "backend"]),
        # one for a domain counts for exactly that domain
        ([verdict(1, "E-governance", domain="security")], ["governance", "ops", "backend"]),
        ([verdict(1, "D-arch", domain="ops")], ["governance", "backend"]),
        # the latest verdict of a lane on a thing counts
        ([verdict(1, "C-ops"), verdict(2, "C-ops", "blocked")], ["governance", "ops", "backend"]),
        ([verdict(1, "C-ops", "blocked"), verdict(2, "C-ops")], ["governance", "backend"]),
        # a plain verdict takes the place of the lane's own on a domain of it, not the other way round
        ([verdict(1, "C-ops", "blocked", "ops"), verdict(2, "C-ops")], ["governance", "backend"]),
        ([verdict(1, "C-ops", "blocked"), verdict(2, "C-ops", domain="ops")], ["governance", "ops", "backend"]),
        # an objection of one lane stands against the approval of another
        ([verdict(1, "C-ops"), verdict(2, "D-arch", "blocked", "ops")], ["governance", "ops", "backend"]),
        # an approval of another commit, a verdict on a waiver
        ([verdict(1, "C-ops", commit=OTHER)], ["governance", "ops", "backend"]),
        ([verdict(1, "C-ops", waiver_id=3)], ["governance", "ops", "backend"]),
        ([verdict(1, "E-governance"), verdict(2, "C-ops"), verdict(3, "D-arch", domain="backend")], []),
    ],
)
def test_what_is_declared_is_answered_for_exactly_that(rows: list[dict[str, Any]], left: list[str]) -> None:
    assert missing(THREE, *rows) == left


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([], [NEXT_TO_BACKEND, ACROSS]),
        ([verdict(1, "B-ui")], [ACROSS]),
        ([verdict(1, "E-governance")], [NEXT_TO_BACKEND]),
        # one approval never stands for both, though the domain would do for either
        ([verdict(1, "D-arch")], [ACROSS]),
        ([verdict(1, "D-arch"), verdict(2, "C-ops", domain="architecture")], [ACROSS]),
        ([verdict(1, "D-arch"), verdict(2, "C-ops")], []),
        ([verdict(1, "B-ui"), verdict(2, "E-governance", domain="security")], []),
    ],
)
def test_a_high_risk_takes_two_domains_by_two_approvals(rows: list[dict[str, Any]], left: list[str]) -> None:
    assert missing(task(risk="high"), *rows) == left


def test_what_a_missing_approval_will_answer_is_not_asked_for_twice() -> None:
    both = task(risk="high", domains=("governance", "ops"))
    assert missing(both) == ["governance", "ops"]
    assert missing(both, verdict(1, "E-governance"), verdict(2, "C-ops")) == []
    entries = bar_of(both, [], GPUAAS)["entries"]
    assert [entry["domains"] for entry in still_to_ask(entries, [], GPUAAS)] == [["governance"], ["ops"]]


def test_a_lane_that_is_asked_anyway_answers_for_the_domains_of_a_level() -> None:
    bar = bar_of(task(risk="critical", domains=("ops",)), [], GPUAAS)
    left = without_doubles(bar, [{"lane": "D-arch"}, {"lane": "C-ops"}], GPUAAS)["entries"]
    assert [entry["domains"] for entry in left] == [["ops"], ["security"]]  # what is declared stays


# --- waivers ----------------------------------------------------------------------------------------------

WAIVER = {"id": 3, "expires_at": "2026-12-01T00:00:00.000000Z"}


@pytest.mark.parametrize(
    ("now", "real_exit", "by", "why"),
    [
        ("2026-11-30", False, [], ""),
        ("2026-11-30", True, [], "this is a real exit, and no other lane has approved the waiver"),
        ("2026-11-30", True, ["C-ops"], ""),
        ("2026-12-02", True, ["C-ops"], "it ended at 2026-12-01T00:00:00.000000Z"),
        (WAIVER["expires_at"], False, [], "it ended at 2026-12-01T00:00:00.000000Z"),
    ],
)
def test_a_waiver_counts_until_it_ends_and_at_a_real_exit_once_it_is_approved(
    now: str, real_exit: bool, by: list[str], why: str
) -> None:
    assert why_not(WAIVER, by, now=now, real_exit=real_exit) == why


def test_an_old_waiver_without_an_end_has_none() -> None:
    assert why_not({"id": 1, "expires_at": None}, [], now="2099", real_exit=False) == ""


@pytest.mark.parametrize(
    ("rows", "lanes"),
    [
        ([], []),
        ([verdict(1, "C-ops", waiver_id=3)], ["C-ops"]),
        ([verdict(1, "C-ops", waiver_id=2), verdict(2, "C-ops")], []),
        ([verdict(1, "C-ops", waiver_id=3), verdict(2, "D-arch", "blocked", waiver_id=3)], []),
        ([verdict(1, "C-ops", "blocked", waiver_id=3), verdict(2, "C-ops", waiver_id=3)], ["C-ops"]),
    ],
)
def test_who_has_approved_a_waiver(rows: list[dict[str, Any]], lanes: list[str]) -> None:
    assert approvers(WAIVER, rows) == lanes
