"""The words of a verdict, who may not give one, and what the verdicts of a task add up to."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import same_name
from fairway_scripts.base.settings import default_settings
from fairway_scripts.reviews.reviewer_checks import reviewer_checks
from fairway_scripts.work.review_verdicts import standing_verdicts
from fairway_scripts.work.verdicts import (
    answers,
    by_lane,
    mentions_exception,
    review_status,
    self_review,
    shared_login,
    unanswered,
    verdict_of,
    verdict_text,
)

COMMIT = "a" * 40
OTHER = "b" * 40


SETTINGS = default_settings([])


def review(
    number: int, lane: str, verdict: str = "approved", commit: str = COMMIT, at: str = "12:00"
) -> dict[str, Any]:
    return {
        "id": number,
        "reviewer_role": lane,
        "reviewer": lane[0],
        "verdict": verdict,
        "reviewed_commit_sha": commit,
        "created_at": at,
    }


def request(lane: str, commit: str = COMMIT, at: str = "13:00", answered_by: int | None = None) -> dict[str, Any]:
    return {"role": lane, "commit_sha": commit, "created_at": at, "answered_by": answered_by}


def status(requests: list[dict[str, Any]], *reviews: dict[str, Any]) -> str:
    return review_status(requests, standing_verdicts(reviews, SETTINGS))


# --- words ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("approved", "approved"),
        ("approve", "approved"),
        (" Approved ", "approved"),
        ("changes_requested", "changes_requested"),
        ("changes-requested", "changes_requested"),
        ("changes", "changes_requested"),
        ("blocked", "blocked"),
        ("reject", "blocked"),
    ],
)
def test_the_words_of_both_vocabularies_are_taken(word: str, verdict: str) -> None:
    assert verdict_of(word) == verdict


@pytest.mark.parametrize("word", ["lgtm", "", "approved!", "done"])
def test_another_word_is_refused_with_the_words_that_are_taken(word: str) -> None:
    with pytest.raises(FairwayError, match="approved, changes_requested or blocked") as refused:
        verdict_of(word)
    assert refused.value.word == "usage"


def test_pending_is_a_request_and_no_verdict() -> None:
    with pytest.raises(FairwayError) as refused:
        verdict_of("pending")
    assert "queue-route-review" in refused.value.hint


# --- self review ------------------------------------------------------------------------------------------

STATE = {"role": "B-ui", "owner": "Bea", "claimant": "bea-7"}
PAST = [{"claimant": "old-1", "owner": "Oldo"}, {"claimant": "old-2", "owner": ""}]


@pytest.mark.parametrize(
    ("lane", "reviewer", "actor", "why"),
    [
        ("B-ui", "D", "", "B-ui is the task's own lane"),
        ("b-UI ", "D", "", "task's own lane"),
        ("D-arch", "B-ui", "", "reviewer B-ui is the task's own lane"),
        ("D-arch", "Bea", "", "reviewer Bea is its owner"),
        ("D-arch", " bEA ", "", "is its owner"),
        ("D-arch", "bea-7", "", "reviewer bea-7 is its claimant"),
        ("D-arch", "old-1", "", "is its past claimant"),
        ("D-arch", "Oldo", "", "is its past owner"),
        ("D-arch", "OLD-2", "", "is its past claimant"),
        ("D-arch", "D", "bea-7", "bea-7, who runs this command, is its claimant"),
        ("D-arch", "D", "old-1", "is its past claimant"),
    ],
)
def test_nobody_reviews_what_is_or_was_their_own_work(lane: str, reviewer: str, actor: str, why: str) -> None:
    assert why in self_review(STATE, PAST, lane=lane, reviewer=reviewer, actor=actor)


@pytest.mark.parametrize(
    ("lane", "reviewer", "actor"),
    [
        ("D-arch", "D", ""),
        ("D-arch", "D", "coordinator"),
        ("D-arch", "", ""),
        # an owner is free text, often a letter: that it is also the name of the actor says nothing
        ("D-arch", "D", "Bea"),
        ("A-backend", "Beat", "bea"),
    ],
)
def test_everybody_else_may_review(lane: str, reviewer: str, actor: str) -> None:
    assert self_review(STATE, PAST, lane=lane, reviewer=reviewer, actor=actor) == ""


@pytest.mark.parametrize(
    ("reviewer", "actor", "session", "why"),
    [
        ("ci", "", "", "reviewer ci recorded its evidence"),
        ("\uff23\uff29", "", "", "recorded its evidence"),
        ("D", "CI", "", "CI, who runs this command, recorded its evidence"),
        ("D", "D", "s-1", "session s-1, in which this command runs, did the work"),
    ],
)
def test_who_proved_the_work_does_not_review_it(reviewer: str, actor: str, session: str, why: str) -> None:
    words = {"lane": "D-arch", "reviewer": reviewer, "actor": actor}
    assert why in self_review(STATE, PAST, **words, producers=["ci"], session=session)


@pytest.mark.parametrize(
    "name",
    [
        *("Bea", "bea", " BEA ", "\uff22\uff45\uff41", "Be\u200ba", "\u202eBea", "Bea\u00a0", "\u3000Bea", "B\u00adea"),
        *("Bea\ufe0f", "Bea\U000e0100", "Be\u2060a", "Bea\u2800", "\u115fBea", "B\u034fea", "\U0001d401ea"),
    ],
    ids=ascii,
)
def test_a_name_written_otherwise_is_the_same_name(name: str) -> None:
    assert "is its owner" in self_review(STATE, PAST, lane="D-arch", reviewer=name, actor="")


@pytest.mark.parametrize(
    ("one", "other"), [("", ""), ("", " "), ("\u200b", "\u200b"), ("Bea", "Be a"), ("Bea", "B\u0119a")]
)
def test_names_that_differ_are_different_and_nobody_is_nobody(one: str, other: str) -> None:
    assert not same_name(one, other)


@pytest.mark.parametrize("name", ["\u0412ea", "B\u0435a", "\u0392e\u0430", "b\u0435\u0251", "BE\u0410"], ids=ascii)
def test_letters_that_are_drawn_alike_are_one_letter(name: str) -> None:
    assert same_name("Bea", name)
    assert same_name(name, "bea ")
    assert not same_name("Bee", name)


def test_names_in_another_alphabet_keep_their_case_and_their_letters() -> None:
    assert same_name("\u0412\u0430\u0434\u0438\u043c", "\u0432\u0430\u0434\u0438\u043c")
    assert not same_name("\u0412\u0430\u0434\u0438\u043c", "\u0412\u0430\u043d\u044f")


def test_blanks_within_a_name_are_one_blank() -> None:
    assert same_name("Bea  Smith", "bea\u2003smith")
    assert same_name("Stra\u00dfe", "STRASSE")


@pytest.mark.parametrize(
    ("recorded_by", "shared"),
    [("u@h", "same login as the claim: u@h"), ("v@h", "same login as the evidence: v@h"), ("w@h", ""), ("D", "")],
)
def test_a_verdict_from_the_login_of_the_work_is_told(recorded_by: str, shared: str) -> None:
    assert shared_login({"recorded_by": recorded_by}, ["u@h", "bea"], ["v@h"]) == shared


@pytest.mark.parametrize(
    ("verdict", "shared", "distinct", "levels"),
    [
        ("approved", {}, False, []),
        ("approved", {1: "same login as the claim: u@h"}, False, ["warn"]),
        ("approved", {1: "same login as the claim: u@h"}, True, ["fail"]),
        ("approved", {1: "same login as the evidence: u@h"}, False, []),
        ("approved", {1: "same login as the evidence: u@h"}, True, ["fail"]),
        ("blocked", {1: "same login as the claim: u@h"}, True, []),
    ],
)
def test_a_shared_login_is_a_line_of_the_checklist(
    verdict: str, shared: dict[int, str], distinct: bool, levels: list[str]
) -> None:
    found = reviewer_checks([review(1, "D-arch", verdict)], shared, distinct=distinct)
    assert [entry["level"] for entry in found] == levels
    assert all(entry["fix"].startswith("somebody else of ") for entry in found), "a hint never supplies the verdict"


def test_a_free_task_has_no_holder_to_be_confused_with() -> None:
    free = {"role": "B-ui", "owner": "", "claimant": None}
    assert self_review(free, [{"claimant": None, "owner": None}], lane="D-arch", reviewer="", actor="") == ""


def test_two_review_lanes_review_each_other() -> None:
    for own, other in (("D-arch", "E-governance"), ("E-governance", "D-arch")):
        state = {"role": own, "owner": own[0], "claimant": own[0]}
        assert self_review(state, [], lane=other, reviewer=other[0], actor=other[0]) == ""


# --- what answers a request -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "answer"),
    [
        (review(1, "D-arch"), True),
        (review(1, "D-arch", "changes_requested"), False),
        (review(1, "D-arch", "blocked"), False),
        (review(1, "D-arch", commit=OTHER), False),
        (review(1, "D-arch", commit=OTHER, at="13:00"), True),
        (review(1, "D-arch", commit=OTHER, at="14:00"), True),
        (review(7, "D-arch", commit=OTHER), True),
    ],
    ids=[
        "approval of the commit",
        "changes requested",
        "blocked",
        "approval of an older commit",
        "approval at the same moment",
        "approval given later",
        "found to be the same change",
    ],
)
def test_what_answers_an_open_request(given: dict[str, Any], answer: bool) -> None:
    assert answers(request("D-arch", answered_by=7), given) is answer


def test_the_unanswered_lanes_are_named_once_in_the_order_of_the_requests() -> None:
    requests = [request("E-governance"), request("D-arch"), request("E-governance"), request("C-ops")]
    assert unanswered(requests, standing_verdicts([review(1, "D-arch")], SETTINGS)) == ["E-governance", "C-ops"]


# --- the sum ----------------------------------------------------------------------------------------------


def test_nothing_asked_and_nothing_said_means_that_no_review_is_required() -> None:
    assert status([]) == "not_required"


def test_an_unasked_approval_counts() -> None:
    assert status([], review(1, "D-arch")) == "approved"


def test_every_asked_lane_has_to_approve() -> None:
    asked = [request("D-arch"), request("E-governance")]
    assert status(asked) == "pending"
    assert status(asked, review(1, "D-arch")) == "pending"
    assert status(asked, review(1, "D-arch"), review(2, "C-ops")) == "pending"
    assert status(asked, review(1, "D-arch"), review(2, "E-governance")) == "approved"


@pytest.mark.parametrize(
    ("first", "second", "sum_"),
    [
        ("approved", "changes_requested", "changes_requested"),
        ("approved", "blocked", "blocked"),
        ("blocked", "changes_requested", "blocked"),
        ("changes_requested", "blocked", "blocked"),
    ],
)
def test_an_objection_of_any_lane_wins_and_blocked_is_the_heavier_one(first: str, second: str, sum_: str) -> None:
    given = [review(1, "D-arch", first), review(2, "C-ops", second)]
    assert status([request("D-arch")], *given) == sum_
    assert status([], *given) == sum_


def test_a_later_verdict_of_the_same_lane_replaces_the_earlier_one() -> None:
    asked = [request("D-arch")]
    assert status(asked, review(1, "D-arch", "blocked"), review(2, "D-arch")) == "approved"
    assert status(asked, review(1, "D-arch"), review(2, "D-arch", "changes_requested")) == "changes_requested"


def test_a_verdict_says_who_what_and_on_which_commit() -> None:
    assert verdict_text(review(1, "D-arch")) == f"approved by D on {COMMIT[:12]}"


def test_a_verdict_that_names_no_commit_says_so_and_is_asked_for_again() -> None:
    given = {**review(1, "D-arch"), "reviewed_commit_sha": None}
    assert verdict_text(given) == "approved by D on no known commit"
    (found,) = reviewer_checks([given], {1: "same login as the claim: u@h"}, distinct=True)
    assert found["fix"].startswith("somebody else of D-arch")
    assert "the commit" in found["fix"]


# --- who is asked -----------------------------------------------------------------------------------------


def need(lane: str, rule: str, layer: str, *paths: str) -> dict[str, Any]:
    return {"lane": lane, "rule": rule, "layer": layer, "paths": list(paths)}


def test_a_lane_is_asked_once_for_all_its_reasons_and_the_strongest_one_is_named() -> None:
    asked = by_lane(
        [
            need("E-governance", "cmd/**", "owner", "cmd/b.go"),
            need("E-governance", "ci/**", "sensitive", "ci/x", "cmd/b.go"),
        ],
        [{"role": "E-governance", "rules": ["a second look"]}],
    )
    assert asked == [
        {
            "lane": "E-governance",
            "layer": "sensitive",
            "rules": ["cmd/**", "ci/**", "a second look"],
            "paths": ["ci/x", "cmd/b.go"],
        }
    ]


def test_sensitive_requirements_come_first_and_those_made_by_hand_last() -> None:
    asked = by_lane(
        [need("C-ops", "ops/**", "owner", "ops/a"), need("D-arch", "doc/**", "sensitive", "doc/a")],
        [{"role": "A-backend", "rules": ["knows the protocol"]}],
    )
    assert [(entry["lane"], entry["layer"]) for entry in asked] == [
        ("D-arch", "sensitive"),
        ("C-ops", "owner"),
        ("A-backend", "manual"),
    ]


def test_paths_of_the_own_lane_ask_nobody() -> None:
    assert by_lane([need("", "web/**", "self_owned", "web/a")]) == []


# --- exception notes --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "same-model exception: nobody else is free",
        "Same model review, by EXCEPTION of the coordinator",
        "exception\nfor the same\n  provider",
        "same_model_exception",
    ],
)
def test_an_exception_note_is_found_in_any_spelling(text: str) -> None:
    assert mentions_exception([None, "", text])


@pytest.mark.parametrize("text", ["an exception is thrown", "the same model", "", None])
def test_other_texts_are_no_exception_note(text: str | None) -> None:
    assert not mentions_exception([text])
