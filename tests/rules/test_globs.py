"""What a path pattern matches, and which patterns are refused."""

from __future__ import annotations

import re
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.patterns.globs import (
    compile_glob,
    compile_word,
    double_star_in_word,
    glob_fault,
    read_otherwise,
)

MATCHES = [
    # everything below a folder, not the folder itself
    ("doc/**", "doc/a.md"),
    ("doc/**", "doc/deep/er/a.md"),
    ("doc/**", "doc/.hidden"),
    ("**", "a"),
    ("**", "a/b/c"),
    # a double star at the start, in the middle and within a name
    ("**/api.go", "api.go"),
    ("**/api.go", "cmd/x/api.go"),
    ("cmd/**/main.go", "cmd/main.go"),
    ("cmd/**/main.go", "cmd/a/b/main.go"),
    ("**/test/**", "test/x"),
    ("**/test/**", "a/b/test/c/d"),
    ("**.sql", "db/migrations/001.sql"),
    ("db/**-down.sql", "db/a/b-down.sql"),
    ("a/**/**/b", "a/b"),
    # one folder name
    ("scripts/*release*", "scripts/release.sh"),
    ("*.md", "README.md"),
    ("cmd/*/main.go", "cmd/api/main.go"),
    ("file?.txt", "file1.txt"),
    # classes
    ("v[0-9].txt", "v7.txt"),
    ("v[!0-9].txt", "vx.txt"),
    ("v[^0-9].txt", "vx.txt"),
    ("[]].txt", "].txt"),
    ("[a-]", "-"),
    ("[a&&b|~^\\]", "\\"),
    # alternatives
    ("cmd/{api,billing}/**", "cmd/billing/x.go"),
    ("{doc,docs}/{api,design}/*.md", "docs/api/x.md"),
    ("a{,b}.txt", "a.txt"),
    ("a/{b/**,c}", "a/b/x/y"),
    ("a/{b/**,c}", "a/c"),
    ("{a,{b,c}d}.x", "cd.x"),
    # the character itself
    (r"a\*b", "a*b"),
    (r"a\{b,c\}", "a{b,c}"),
    ("a.b+c(d)", "a.b+c(d)"),
    ("*", "line\nbreak"),
    ("données/**", "données/é.txt"),
]

MISSES = [
    ("doc/**", "doc"),
    ("doc/**", "docs/a.md"),
    ("doc/**", "x/doc/a.md"),
    ("cmd/**/main.go", "cmd/xmain.go"),
    ("cmd/**/main.go", "cmd/main.gold"),
    ("**/api.go", "myapi.go"),
    ("*.md", "doc/README.md"),
    ("cmd/*security*", "cmd/security-x/main.go"),
    ("file?.txt", "file.txt"),
    ("a?b", "a/b"),
    ("a[!x]b", "a/b"),
    ("a[+-9]b", "a/b"),  # the range covers the slash
    ("v[0-9].txt", "v10.txt"),
    ("a.b", "axb"),
    ("Doc/**", "doc/a"),
    ("cmd/{api,billing}/**", "cmd/web/x.go"),
    (r"a\*b", "axb"),
    ("a", "a\n"),
    ("[a&&b]", "c"),
]

FAULTS = [
    ("", "is empty"),
    ("  ", "is empty"),
    (" doc/**", "blanks"),
    ("doc/**\t", "blanks"),
    ("a\nb", "unprintable"),
    ("/doc/**", "relative"),
    ("doc/", "doc/**"),
    ("doc//api", "empty folder name"),
    ("./doc/**", "named ."),
    ("doc/../x", "named ."),
    ("doc/***", "three stars"),
    ("doc/[ab", "[ without a ]"),
    ("doc/[]", "[ without a ]"),
    ("doc/[!]", "[ without a ]"),
    ("doc/[a/b]", "slash inside"),
    ("doc/[z-a]", "backwards"),
    ("doc/{a,b", "{ without a }"),
    ("doc/a,b}", "} without a {"),
    ("{,x}", "empty folder name"),
    ("a/{,b}", "ends in a slash"),
    ("doc\\", "backslash"),
    ("{a,b}" * 9, "200 alternatives"),
    ("{a}" * 300, "longer than 500"),
]


@pytest.mark.parametrize(("pattern", "path"), MATCHES)
def test_a_pattern_matches(pattern, path):
    assert compile_glob(pattern).match(path)


@pytest.mark.parametrize(("pattern", "path"), MISSES)
def test_a_pattern_does_not_match(pattern, path):
    assert not compile_glob(pattern).match(path)


@pytest.mark.parametrize(("pattern", "words"), FAULTS)
def test_a_bad_pattern_is_refused_and_says_why(pattern, words):
    assert words in glob_fault(pattern)
    with pytest.raises(ValueError, match=re.escape(words)):
        compile_glob(pattern)


def test_a_repeated_double_star_costs_no_more_than_one():
    assert len(compile_glob("a/**/**/**/b")._states._states) == len(compile_glob("a/**/b")._states._states)


@pytest.mark.parametrize(
    "pattern",
    [
        "**/" + "*a" * 30 + "b",
        "*a" * 60 + "b",
        "**a" * 40 + "b",
        "**/a/" * 40 + "b",
        "{" + ",".join("*a" * 20 for _ in range(10)) + "}b",
        "a*" * 40 + "?" * 40 + "[b]",
    ],
)
def test_a_pattern_that_ruins_a_backtracking_engine_is_answered_at_once(pattern):
    assert not compile_glob(pattern).match("a" * 600)
    assert not compile_glob(pattern).match("a/" * 300 + "c")


WORDS = [
    ("smoke-*", "smoke-a/b", True),
    ("smoke-*", "smoke", False),
    ("agent/?[0-9]", "agent/x7", True),
    ("[!-]*", "-x", False),
    ("{a,b}", "{a,b}", True),
    ("**", "anything at all", True),
    ("a/./b", "a/./b", True),
    (r"a\*", "a*", True),
    ("*a" * 40 + "b", "a" * 600, False),
]


@pytest.mark.parametrize(("pattern", "word", "expected"), WORDS)
def test_a_pattern_over_a_word_knows_no_folders(pattern, word, expected):
    assert compile_word(pattern).match(word) is expected


@given(st.text(alphabet="ab/*?[]!^-{},\\.|&~é", max_size=20), st.text(alphabet="ab/.", max_size=12))
def test_any_text_is_a_pattern_or_a_fault_and_never_anything_else(pattern, path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if not glob_fault(pattern):
            compile_glob(pattern).match(path)


@given(st.lists(st.text(alphabet="abc.-_", min_size=1, max_size=5), min_size=1, max_size=5))
def test_a_plain_path_matches_itself_and_everything_below_its_folder(names):
    path = "/".join("x" + name for name in names)
    assert compile_glob(path).match(path)
    assert compile_glob("top/**").match(f"top/{path}")
    assert compile_glob(f"**/{path}").match(f"any/where/{path}")


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("packages/web/**.ts", "**.ts"),
        ("a**", "a**"),
        ("db/**-down.sql", "**-down.sql"),
        ("a/{b,**c}/d", "**c"),
        ("a/x**/b", "x**"),
        ("**?", "**?"),
        ("**", ""),
        ("**/*.ts", ""),
        ("a/**/b/**", ""),
        ("a/{**,b}/c", ""),
        ("a/[**]b", ""),
        (r"a/\**b", ""),
        ("*a*", ""),
    ],
)
def test_two_stars_beside_other_signs_of_a_name_are_noticed(pattern: str, part: str) -> None:
    assert glob_fault(pattern) == ""
    assert double_star_in_word(pattern) == part


@pytest.mark.parametrize(
    ("pattern", "sign"),
    [
        ("!docs/**", "!"),
        (":(exclude)docs/**", ":("),
        ("~/x", "~"),
        ("$HOME/x", "$HOME"),
        ("src/@(a|b)/*", "@(a|b)"),
        ("src/[[:alpha:]]*", "[[:"),
        ("db/{1..3}.sql", "{1..3}"),
        ("app/users/[id]/**", "[id]"),
        ("app/[...slug]/page.tsx", "[...slug]"),
        ("app/[[...slug]]", "[[...slug]]"),
        (r"app/\[id\]/page.tsx", ""),
        ("app/(group)/@modal/page.tsx", ""),
        ("src/[a-c].ts", ""),
        ("src/[ab]/x", ""),
        ("a!b/{c,d}/**", ""),
        ("a.b..c/*", ""),
    ],
)
def test_what_other_tools_read_as_a_sign_is_noticed(pattern: str, sign: str) -> None:
    assert read_otherwise(pattern) == sign
