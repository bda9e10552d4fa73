"""The words of evidence."""

from __future__ import annotations

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.work.evidence import PRODUCERS, RESULTS, checked_producer, checked_result, is_address


@pytest.mark.parametrize("word", RESULTS)
def test_every_result_word_is_taken_whatever_its_case(word: str) -> None:
    assert checked_result(f" {word.upper()} ") == word


@pytest.mark.parametrize("word", ["", "passed", "ok", "pass,fail"])
def test_another_result_is_refused_with_the_words_that_are_taken(word: str) -> None:
    with pytest.raises(FairwayError, match="pass, fail, partial, skipped, blocked") as refused:
        checked_result(word)
    assert refused.value.word == "usage"


def test_evidence_is_a_claim_unless_a_tool_says_that_it_ran_the_command() -> None:
    assert checked_producer("") == "claim"
    assert [checked_producer(word) for word in PRODUCERS] == list(PRODUCERS)
    with pytest.raises(FairwayError, match="PRODUCER 'ci' is none of runner, claim"):
        checked_producer("ci")


@pytest.mark.parametrize(
    ("artifact", "address"),
    [("https://ci/1", True), ("HTTP://ci/1", True), ("logs/https://x", False), ("https", False), ("ftp://x", False)],
)
def test_an_artifact_is_an_address_only_on_the_web(artifact: str, address: bool) -> None:
    assert is_address(artifact) is address
