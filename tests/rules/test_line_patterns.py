"""Patterns over lines: they agree with `re`, refuse what cannot be matched in one pass, and never take long."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.patterns import pattern_states
from fairway_scripts.base.patterns.line_patterns import compile_pattern, pattern_fault

ATOMS = st.sampled_from(
    ["a", "b", "-", " ", ".", "[ab]", "[^a]", "[a-c_]", r"\d", r"\w", r"\s", r"\W", r"\.", r"\b", "^", "$"]
)
SIGNS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,}"])


def _sequence(parts: list[tuple[str, str]]) -> str:
    return "".join(atom if atom in ("^", "$", r"\b") else atom + sign for atom, sign in parts)


SEQUENCES = st.lists(st.tuples(ATOMS, SIGNS), max_size=4).map(_sequence)
GROUPS = st.tuples(SEQUENCES, SEQUENCES, st.sampled_from(["", "+", "?", "*", "{2}"]), SEQUENCES).map(
    lambda parts: f"({parts[0]}|{parts[1]}){parts[2]}{parts[3]}"
)


@given(pattern=SEQUENCES | GROUPS, line=st.text("abcAB -_.1", max_size=12))
def test_a_pattern_finds_what_the_regular_expression_finds(pattern: str, line: str) -> None:
    assert compile_pattern(pattern).search(line) == bool(re.search(pattern, line, re.IGNORECASE))


@given(pattern=SEQUENCES | GROUPS, line=st.text("abcAB -_.1", max_size=12))
def test_where_case_counts_it_counts_as_in_the_regular_expression(pattern: str, line: str) -> None:
    assert compile_pattern(pattern, ignore_case=False).search(line) == bool(re.search(pattern, line))


#: An inner part that can be empty, repeated, is where engines differ in what a group covers; search is not concerned.
INNER = st.lists(
    st.tuples(st.sampled_from(["a", "b", ".", "[ab]", r"\d"]), st.sampled_from(["", "+", "+?"])), min_size=1
)


@given(
    parts=st.tuples(SEQUENCES, INNER.map(_sequence), INNER.map(_sequence), st.sampled_from(["", "+", "+?"]), SEQUENCES),
    lazy=st.sampled_from(["*", "*?", "??", "{1,3}?"]),
    line=st.text("abcAB -_.1", max_size=12),
)
def test_the_first_group_covers_what_it_covers_in_the_regular_expression(
    parts: tuple[str, ...], lazy: str, line: str
) -> None:
    head, one, other, sign, tail = parts
    pattern = f"{head}b{lazy}({one}|{other}){sign}{tail}"
    found = re.search(pattern, line)
    assert compile_pattern(pattern, ignore_case=False).first_group(line) == (found and (found[1] or ""))


@pytest.mark.parametrize(
    ("pattern", "line", "group"),
    [
        (r'^version = "([^"]+)"', 'version = "1.2.3"', "1.2.3"),
        (r"(?P<version>\d+(?:\.\d+)*)", "v10.2 of 3", "10.2"),
        (r"a(b)?c", "ac", ""),
        (r"(?i)V(\d)", "v7", "7"),
        (r"\Ax(y)\Z", "xyz", None),
        (r"(a+)(b+)", "aabb", "aa"),
    ],
)
def test_the_first_group_of_the_leftmost_match(pattern: str, line: str, group: str | None) -> None:
    assert compile_pattern(pattern, ignore_case=False).first_group(line) == group


def test_memory_stays_bounded_whatever_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_states, "_MOST_KEPT", 2000)
    pattern = compile_pattern("[ab]*a[ab]{30}x")
    text = f"{3**500:b}".replace("0", "a").replace("1", "b")
    assert not pattern.search(text + "y")
    assert pattern.search(text + "x")
    assert pattern._states._kept <= 2000 < len(text) * 10


@pytest.mark.parametrize(
    ("pattern", "line", "found"),
    [
        ("no space left", "write: No space left on device", True),
        (r"\berror\b", "errors: none", False),
        (r"\berror\b", "an error.", True),
        ("^FAIL", "  FAIL x", False),
        (r"50[234] (bad gateway|service)", "HTTP 502 Bad Gateway", True),
        (r"rate.*limit", "rate\tand limit", True),
        (r"a\{2\}", "a{2}", True),
        ("[]x]", "]", True),
        (r"[\]-]", "-", True),
        ("ä", "Ä", True),
        ("", "", True),
    ],
)
def test_a_pattern_matches_anywhere_whatever_the_case(pattern: str, line: str, found: bool) -> None:
    assert compile_pattern(pattern).search(line) is found


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a|a)*b", "(a|aa)+$", "(a*a*a*)*b", "a?" * 60 + "a" * 60])
def test_a_pattern_that_ruins_a_backtracking_engine_is_answered_at_once(pattern: str) -> None:
    assert not compile_pattern(pattern + "c").search("a" * 2000)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("(", "( without a )"),
        (")", ") without a ("),
        ("[a", "[ without a ]"),
        ("a**", "repeats a repeat"),
        ("a{2}{3}", "repeats a repeat"),
        ("*a", "nothing for *"),
        ("(?=a)", "(?="),
        ("(?P<x>a)(?P=x)", "(?P"),
        ("(?P<1>a)", "(?P"),
        ("(?<!a)b", "(?<"),
        ("a(?i)", "(?i"),
        (r"(a)\1", r"\1"),
        (r"\z", r"\z"),
        ("a\\", "ends in a backslash"),
        ("a{3,2}", "out of order"),
        ("a{x}", "{m,n}"),
        ("[z-a]", "range"),
        (r"[\d-z]*(((a{99}){99}){99})", "too large"),
        ("(" * 30 + ")" * 30, "groups inside each other"),
        ("a" * 501, "longer than 500"),
    ],
)
def test_what_cannot_be_a_pattern_is_said(pattern: str, fault: str) -> None:
    assert fault in pattern_fault(pattern)
