"""Reading YAML and JSON: text stays text, every line is known, and every trap is a fault at its line."""

from __future__ import annotations

import gc
import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.faults import WARNING
from fairway_scripts.formats import yaml_events
from fairway_scripts.formats.json_syntax import first_mistake
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.text_tree import MAX_DEPTH, Reading, TextList, TextMap
from fairway_scripts.formats.yaml_events import read_yaml

#: Text that a YAML file can hold when it is written in double quotes.
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
KEYS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(lambda key: key != "<<")


def found(reading: Reading) -> list[tuple[str, int]]:
    return [(fault.code, fault.line) for fault in reading.faults]


@pytest.fixture(params=["libyaml", "pure python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "pure python":
        monkeypatch.setattr(yaml_events, "CParser", None)


@pytest.mark.usefixtures("parser")
class TestValues:
    @pytest.mark.parametrize(
        "scalar",
        [
            "no",
            "Off",
            "on",
            "y",
            "017",
            "0x1F",
            "1_000",
            "1:30",
            "1.10",
            "2026-05-04",
            "2026-13-45",
            "=",
            ".inf",
            ":sym",
        ],
    )
    def test_plain_scalars_stay_text(self, scalar: str) -> None:
        assert read_yaml(f"a: {scalar}\n", "q").value == {"a": scalar}

    @pytest.mark.parametrize("scalar", ["", "~", "null", "Null", "NULL"])
    def test_plain_null_is_none(self, scalar: str) -> None:
        assert read_yaml(f"a: {scalar}\nb: [{scalar or '~'}]\n", "q").value == {"a": None, "b": [None]}

    @pytest.mark.parametrize("scalar", ["''", '""', "'~'", "'null'", "!!str ~"])
    def test_quoted_and_tagged_null_is_text(self, scalar: str) -> None:
        value = read_yaml(f"a: {scalar}\n", "q").value["a"]
        assert value == scalar.replace("!!str ", "").strip("'\"")

    def test_lines_of_maps_keys_and_items_are_kept(self) -> None:
        value = read_yaml("a: 1\n\nb:\n  - x\n  # comment\n  - y: 1\n    z: |\n      t\n    w: 2\n", "q").value
        assert value.line == 1
        assert value.lines == {"a": 1, "b": 3}
        assert value["b"].line == 4
        assert value["b"].lines == [4, 6]
        assert value["b"][1].lines == {"y": 6, "z": 7, "w": 9}

    @pytest.mark.parametrize("breaks", ["\x85", "\u2028", "\u2029"])
    def test_breaks_that_editors_do_not_count_do_not_shift_lines(self, breaks: str) -> None:
        reading = read_yaml(f'a: "x{breaks}y"\nb: [1]\nc: *d\n', "q")
        assert reading.value.lines == {"a": 1, "b": 2, "c": 3}
        assert reading.value["b"].lines == [2]
        assert found(reading) == [("alias", 3)]

    def test_carriage_returns_end_lines_once(self) -> None:
        assert read_yaml("a: 1\r\nb: 2\r\n", "q").value.lines == {"a": 1, "b": 2}

    def test_a_byte_order_mark_is_no_part_of_the_first_key(self) -> None:
        assert read_yaml(b"\xef\xbb\xbfa: 1\n", "q").value == {"a": "1"}

    @pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
    def test_an_empty_document_is_none_without_fault(self, text: str) -> None:
        assert read_yaml(text, "q") == Reading(None, [])

    def test_keys_with_odd_plain_values_are_remembered(self) -> None:
        value = read_yaml("a: 017\nb: '017'\nc: yes\nd: tomorrow\ne: [1, x, no]\n", "q").value
        assert value.plain == ("a", "c")
        assert value["e"].plain == (0, 2)


@pytest.mark.usefixtures("parser")
class TestFaults:
    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("a: 1\nb: 2\na: 3\n", "duplicate_key", 3),
            ("- a: 1\n  a: 2\n", "duplicate_key", 2),
            ("a: 1\nb: *x\n", "alias", 2),
            ("a: 1\n\nb: &x 1\n", "anchor", 3),
            ("a:\n- &x [1]\n", "anchor", 2),
            ("? &k key\n: 1\n", "anchor", 1),
            ("a: 1\nb: !ruby/object:X {}\n", "tag", 2),
            ("a: !!int 1\n", "tag", 1),
            ("a: 1\n<<: {b: 1}\n", "merge_key", 2),
            ("a: 1\n? [x, y]\n: 1\n", "key_not_text", 2),
            ("a: 1\n---\nb: 1\n", "several_documents", 2),
            ("a: 1\nb: [1\n", "yaml_syntax", 3),
            ("a: 1\nb: [1", "yaml_syntax", 2),
            ('a: "x\x85y"\nb: [1', "yaml_syntax", 2),
            ('a: "x\u2028y"\nb: [1', "yaml_syntax", 2),
            ("a: 'x\x85\x85y'\r\nb: {c", "yaml_syntax", 2),
            ("a: 1\nb: c: d\n", "yaml_syntax", 2),
            ("a: |\n  x\n\ty\n", "yaml_syntax", 3),
            ("a: 1\nb: x\x07y\n", "control_character", 2),
            ("a: 1\n\nb: \x00\n", "control_character", 3),
            ("a: 1\nb: x\ud800\n", "control_character", 2),
        ],
    )
    def test_every_trap_is_a_fault_at_its_line(self, text: str, code: str, line: int) -> None:
        assert found(read_yaml(text, "q")) == [(code, line)]

    @given(st.text("ab:-[]{}'\"|>#&*!?,% \n\r\t\x85\u2028\u2029", max_size=30))
    def test_every_line_that_is_named_is_one_of_the_file(self, text: str) -> None:
        reading = read_yaml(text, "q")
        lines = [fault.line for fault in reading.faults]
        waiting = [reading.value]
        while waiting:
            node = waiting.pop()
            if isinstance(node, (TextMap, TextList)):
                lines += [node.line, *(node.lines.values() if isinstance(node, TextMap) else node.lines)]
                waiting += node.values() if isinstance(node, TextMap) else node
        count = len(re.findall("\r\n?|\n", text)) + 1
        assert all(1 <= line <= count for line in lines), (lines, count)

    def test_invalid_utf8_is_a_fault_at_the_line_of_the_byte(self) -> None:
        assert found(read_yaml(b"a: 1\nb: \xff\n", "q")) == [("invalid_utf8", 2)]

    def test_reading_goes_on_after_a_fault_that_allows_it(self) -> None:
        reading = read_yaml("a: 1\na: 2\nb: *x\nc: &y 1\n", "q")
        assert found(reading) == [("duplicate_key", 2), ("alias", 3), ("anchor", 4)]
        assert reading.value["c"] == "1"

    def test_the_first_place_of_a_doubled_key_is_named(self) -> None:
        assert "line 1" in read_yaml("a: 1\nb: 1\na: 2\n", "q").faults[0].message

    @pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "[{a: "])
    def test_very_deep_nesting_is_refused_at_once(self, opening: str) -> None:
        assert found(read_yaml(opening * 200_000, "q")) == [("too_deep", 1)]

    @pytest.mark.parametrize("opening", ["[", "{a: ", "[{a: "])
    def test_the_line_that_nests_too_deeply_is_named_whatever_the_parser_says(self, opening: str) -> None:
        """The parser has a limit of its own since 0.2.6, at 1,000 brackets, and reads ahead on a line."""
        for levels in (MAX_DEPTH + 1, 999, 1001, 5000):
            assert found(read_yaml("# head\na:\n  b: " + opening * levels, "q")) == [("too_deep", 3)]

    def test_many_shallow_brackets_before_a_mistake_are_a_mistake(self) -> None:
        assert found(read_yaml("a: [" + "[1], " * 100 + "]]\n", "q")) == [("yaml_syntax", 1)]

    def test_the_deepest_allowed_nesting_is_read(self) -> None:
        assert read_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, "q").faults == []
        assert found(read_yaml("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "q")) == [("too_deep", 1)]

    def test_the_garbage_collector_runs_again_after_a_fault(self) -> None:
        read_yaml("a: [", "q")
        assert gc.isenabled()


@pytest.mark.usefixtures("parser")
class TestValuesCutByComments:
    @pytest.mark.parametrize(
        ("text", "field", "line"),
        [
            ("a: 1\ntitle: Fix issue #12 and # more\n", "title", 2),
            ("- make test  # all of it\n", "", 1),
            ("a: [x, y # z\n  ]\n", "", 1),
            ("a: two\n  lines # cut\n", "a", 2),
            ("a: é # cut\n", "a", 1),
        ],
    )
    def test_a_plain_value_before_a_comment_is_a_warning(self, text: str, field: str, line: int) -> None:
        (fault,) = read_yaml(text, "q").faults
        assert (fault.code, fault.field, fault.line, fault.severity) == ("cut_at_hash", field, line, WARNING)

    def test_the_warning_shows_what_is_lost(self) -> None:
        assert "'# lost words'" in read_yaml("a: kept # lost words\nb: 1\n", "q").faults[0].message

    @pytest.mark.parametrize(
        "text",
        [
            "# c\na: 1\n",
            "a: 'x # y'\n",
            "a: |\n  x # y\n",
            "a: x#y\n",
            "a: # c\n  x\n",
            "a: 'x' # c\n",
            "a: [] # c\n",
            "a: ~ # c\n",
        ],
    )
    def test_comments_that_cut_nothing_are_silent(self, text: str) -> None:
        assert read_yaml(text, "q").faults == []


def test_a_tab_begins_a_comment_for_libyaml() -> None:
    assert found(read_yaml("a: tab\t# cut\n", "q")) == [("cut_at_hash", 1)]


class TestAnyText:
    @given(st.dictionaries(KEYS, st.one_of(ANY_TEXT, st.lists(ANY_TEXT, max_size=3)), max_size=6))
    def test_any_text_survives_double_quotes(self, value: dict[str, object]) -> None:
        assert read_yaml(yaml.safe_dump(value, default_style='"', width=10**6), "q") == Reading(value, [])

    @given(st.text())
    def test_no_text_makes_the_reader_raise(self, text: str) -> None:
        read_yaml(text, "q")
        read_json(text, "q")

    @given(st.binary())
    def test_no_bytes_make_the_reader_raise(self, data: bytes) -> None:
        read_yaml(data, "q")
        read_json(data, "q")

    @given(st.text("[]{}:,-?&*!|>'\"%@#ab~ \n\t"))
    def test_both_parsers_agree_on_syntax_heavy_text(self, text: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            fast = read_yaml(text, "q")
            patch.setattr(yaml_events, "CParser", None)
            slow = read_yaml(text, "q")
        if "yaml_syntax" not in {code for code, _ in found(fast) + found(slow)}:
            assert fast == slow


class TestJson:
    @pytest.mark.parametrize("indent", [None, 1])
    @given(st.dictionaries(ANY_TEXT, st.one_of(ANY_TEXT, st.none(), st.lists(ANY_TEXT)), max_size=5), st.booleans())
    def test_any_text_survives(self, indent: int | None, value: dict[str, object], escaped: bool) -> None:
        assert read_json(json.dumps(value, indent=indent, ensure_ascii=escaped), "q") == Reading(value, [])

    @given(st.lists(st.dictionaries(ANY_TEXT, ANY_TEXT, min_size=1, max_size=3), min_size=1))
    def test_the_lines_are_those_of_the_layout(self, value: list[dict[str, str]]) -> None:
        text = json.dumps(value, indent=1)
        read = read_json(text, "q").value
        for task, line in zip(read, read.lines, strict=True):
            assert text.splitlines()[line - 1] == " {"
            for key, at in task.lines.items():
                assert json.loads("{" + text.splitlines()[at - 1].rstrip(",") + "}") == {key: task[key]}

    def test_numbers_and_truth_values_keep_their_text(self) -> None:
        assert read_json('{"a": 1, "b": 1.50, "c": true, "d": null}', "q").value == {
            "a": "1",
            "b": "1.50",
            "c": "true",
            "d": None,
        }

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (r'"\/"', "/"),
            (r'"\ud83d\ude00"', "\U0001f600"),
            ('"a" ', "a"),
            ("[]", []),
            ("{}", {}),
            ('{"a"\n:\n"b"}', {"a": "b"}),
        ],
    )
    def test_json_that_yaml_does_not_read_is_read(self, text: str, expected: object) -> None:
        assert read_json(text, "q") == Reading(expected, [])

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ('{"a": 1,\n "a": 2}', "duplicate_key", 2),
            ('{"a": 1,\n}', "json_syntax", 2),
            ("{\n'a': 1}", "json_syntax", 2),
            ("[1, # c\n 2]", "json_syntax", 1),
            ("[\nNaN]", "json_syntax", 2),
            ("", "json_syntax", 1),
            ('["a\nb"]', "json_syntax", 1),
            ('{\n"a": 1,\n\n}', "json_syntax", 4),
            ('{"a": [1,\n2\n', "json_syntax", 2),
            ('[\n"\\ud800"]', "surrogate", 2),
            ("[" * 200_000, "too_deep", 1),
        ],
    )
    def test_every_trap_is_a_fault_at_its_line(self, text: str, code: str, line: int) -> None:
        assert found(read_json(text, "q")) == [(code, line)]

    @pytest.mark.parametrize(
        ("text", "what"),
        [
            ('{"a": 1,\n}', "a key in double quotes is expected, not } (column 1)"),
            ("[1,\n2 3]", ", or ] is expected, not 3 (column 3)"),
            ("[1]]", "the end of the file is expected, not ] (column 4)"),
            ('{"a" 1}', ": after the key is expected, not 1 (column 6)"),
            ("[01]", "a value or ] is expected, not 01 (column 2)"),
            ('{"a":', "a value is expected, and the file ends (column 6)"),
            ('["a\\x"]', "the text that begins here holds '\\\\x', which JSON does not know (column 2)"),
            ('["a', "the text that begins here has no closing quote (column 2)"),
        ],
    )
    def test_a_fault_is_told_in_our_words_on_every_python(self, text: str, what: str) -> None:
        assert read_json(text, "q").faults[0].message == f"not valid JSON: {what}"

    @pytest.mark.parametrize("foreign", [False, True])
    @given(st.one_of(st.text('[]{}:,"\\ \n\tab01-.eE+truefalsn'), st.text()))
    def test_what_we_call_a_mistake_is_what_python_refuses(self, foreign: bool, text: str) -> None:
        def refuse(name: str) -> None:
            raise ValueError(name)

        try:
            json.loads(text, parse_constant=str if foreign else refuse, parse_int=str, strict=not foreign)
            valid = True
        except ValueError:
            valid = False
        assert (first_mistake(text, foreign=foreign) is None) is valid

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
            st.lists,
        )
    )
    def test_nothing_is_wrong_with_what_python_writes(self, value: object) -> None:
        assert first_mistake(json.dumps(value)) is None

    def test_invalid_utf8_is_a_fault_at_its_line(self) -> None:
        assert found(read_json(b'{\n"a": "\xff"}', "q")) == [("invalid_utf8", 2)]
