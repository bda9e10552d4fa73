"""`jsonio` writes and reads what the standard library's `json` does."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base import jsonio
from tests.support.shell import HOME

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_writes_the_same_text_as_json_and_reads_it_back(value: object) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    assert jsonio.dumps(value) == expected
    assert jsonio.loads(expected) == json.loads(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"a":}',
        "nope",
        '["a"',
        '{"a":1} trailing',
        "1 2",
        "null,",
        "[1]]",
        '"a"b',
        "{}\x00",
        "1\xa0",
        "{}\ufeff",
    ],
)
def test_refuses_what_is_not_json(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        jsonio.loads(text)


@given(VALUES, st.text('{}[]",:1a \t\r\n\x0b\xa0\u2028', max_size=4), st.text('{}[]",:1a \t\r\n\x0b\xa0', max_size=4))
def test_takes_and_refuses_what_json_does_around_a_value(value: object, before: str, after: str) -> None:
    text = before + json.dumps(value) + after
    try:
        expected = json.loads(text)
    except ValueError:
        with pytest.raises(ValueError, match=r".+"):
            jsonio.loads(text)
    else:
        assert jsonio.loads(text) == expected


def test_refuses_values_that_json_does_not_have() -> None:
    with pytest.raises(ValueError, match=r".+"):
        jsonio.dumps(math.nan)
    with pytest.raises(TypeError):
        jsonio.dumps({1, 2})


def test_spares_the_regular_expression_engine() -> None:
    """The reason why the module exists."""
    program = "import sys; from fairway_scripts.base import jsonio; jsonio.dumps({}); print('re' in sys.modules)"
    done = subprocess.run([sys.executable, "-S", "-c", program], cwd=HOME, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
