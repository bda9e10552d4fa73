"""Queue files as YAML that the queue file reader, and Ruby, read back to the same text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from fairway_scripts.formats.ruby_reading import needs_quotes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

try:
    from yaml import CSafeDumper as _Base
except ImportError:  # PyYAML was built without libyaml: the same text, slower
    from yaml import SafeDumper as _Base  # type: ignore[assignment]

#: Characters that a block of text would not give back: a carriage return is taken for a line end, and so are three
#: more that editors show as ordinary characters.
_NOT_IN_BLOCKS = frozenset("\r\x85\u2028\u2029\ufeff")


class _Dumper(_Base):
    """Lines of text become blocks, lists stay in line with their key, nothing is written as a reference."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the base class calls it with the value
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = None
    if _NOT_IN_BLOCKS.intersection(text) or text.endswith("\n\n") or text == "\n":
        style = '"'  # a block that ends in empty lines would end the document with them
    elif "\n" in text:
        style = "|"
    elif needs_quotes(text):
        style = "'"  # PyYAML quotes what it reads differently itself, and nothing else
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)


def queue_file_pieces(header: Mapping[str, object], tasks: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The text of a queue file in pieces: the fields of `header`, then `tasks`, each with its fields in their order.

    Values are text, whole numbers, None, lists and dicts. What YAML would take for something else is quoted.
    """
    if header:
        yield _yaml(header)
    before = "tasks:\n"
    for task in tasks:
        yield before + _yaml([task])
        before = ""
    if before:
        yield "tasks: []\n"


def _yaml(value: object) -> str:
    text: str = yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, default_flow_style=False, sort_keys=False, width=1 << 20
    )
    return text
