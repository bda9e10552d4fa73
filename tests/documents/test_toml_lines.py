"""On which line each key of a TOML text stands."""

from __future__ import annotations

import tomllib

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.formats.toml_lines import key_lines, key_parts


class TestLines:
    def test_lines_are_found_in_every_layout(self):
        text = (
            '# [not.a.table]\n"quoted key" = """\n[still text]\nx = 1\n"""\n'
            "a . 'b.c' . d = 1 # x = 2\n"
            "list = [ # one ]\n  1, [2,\n 3],\n  '#]',\n]\n"
            "inline = { x = { y = 1 }, z = [\n1] }\n"
            "[t.u]\nk = '''x\n'''\n[[aot]]\nv = 1\n[aot.sub]\nw = 1\n[[aot]]\n[[aot.deep]]\n[[aot.deep]]\nv = 2\n"
        )
        lines = key_lines(text)
        expected = {
            ("quoted key",): 2,
            ("a", "b.c", "d"): 6,
            ("list", 0): 8,
            ("list", 1, 1): 9,
            ("list", 2): 10,
            ("inline", "x", "y"): 12,
            ("inline", "z", 0): 13,
            ("t", "u"): 14,
            ("t", "u", "k"): 15,
            ("aot", 0, "v"): 18,
            ("aot", 0, "sub", "w"): 20,
            ("aot", 1): 21,
            ("aot", 1, "deep", 1, "v"): 24,
        }
        assert {key: lines[key] for key in expected} == expected
        assert not any("still text" in key or "not" in key for key in lines)

    @given(
        st.recursive(
            st.one_of(st.integers(-9, 9), st.booleans(), st.text(max_size=8)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3), st.dictionaries(st.text(min_size=1, max_size=4), inner, max_size=3)
            ),
            max_leaves=12,
        ).filter(lambda value: isinstance(value, dict))
    )
    def test_every_value_of_any_document_has_a_line_that_holds_it(self, tables):
        text = tomlkit.dumps(tables)
        assert set(addresses(tomllib.loads(text))) <= set(key_lines(text))
        assert all(1 <= line <= text.count("\n") + 1 for line in key_lines(text).values())

    @pytest.mark.parametrize(
        ("dotted", "parts"),
        [("a.b", ["a", "b"]), ('roles."x.y".lease', ["roles", "x.y", "lease"]), ("a . 'b'", ["a", "b"])],
    )
    def test_a_dotted_key_has_parts(self, dotted, parts):
        assert key_parts(dotted) == parts

    @pytest.mark.parametrize("dotted", ["", ".", "a.", ".a", "a b", "a=1", 'a."b', "a\n", "a #", "é", '"\\q"'])
    def test_other_text_is_no_dotted_key(self, dotted):
        with pytest.raises(ValueError, match="not a"):
            key_parts(dotted)


def addresses(value, above=()):
    """The address of everything in nested tables and lists."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, entry in entries:
        yield (*above, step)
        yield from addresses(entry, (*above, step))
