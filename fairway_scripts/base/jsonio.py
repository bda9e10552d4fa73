"""JSON for hot commands: what the standard library's `json` writes and reads, without importing it.

`json` pulls in the regular-expression engine, which costs as much as the rest of a hot command's imports. The two
C functions that do its work need none of that. Where they are missing or differ, `json` itself is used; a test
compares the two on any value.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn


class _Context:
    """What the C scanner asks for: the defaults of `json.JSONDecoder`."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float
    memo: dict[str, str] = {}  # noqa: RUF012 - the scanner fills and empties it


def _codec() -> tuple[Callable[[object], str], Callable[[str], Any]]:
    try:
        from _json import encode_basestring, make_encoder, make_scanner

        encode = make_encoder(None, _refuse, encode_basestring, None, ":", ",", True, False, False)  # noqa: FBT003
        scan = make_scanner(_Context)  # type: ignore[arg-type]
        works = "".join(encode({"b": [1, "é"], "a": None}, 0)) == '{"a":null,"b":[1,"é"]}'
    except (ImportError, TypeError):
        works = False
    if not works:
        import json

        return (
            lambda value: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False),
            json.loads,
        )

    def decode(text: str) -> Any:
        value, end = scan(text, 0)
        if end != len(text) and text[end:].strip(" \t\r\n"):
            raise StopIteration(end)  # a whole value, and then something else
        return value

    return (lambda value: "".join(encode(value, 0))), decode


def _refuse(value: object) -> NoReturn:
    raise TypeError(f"{type(value).__name__} is not JSON")


_encode, _decode = _codec()


def dumps(value: object) -> str:
    """The one text of a value: sorted keys, no blanks, UTF-8 as it is.

    Raises TypeError for what is not JSON, ValueError for NaN and infinities.
    """
    return _encode(value)


def loads(text: str) -> Any:
    """The value of a JSON text that `dumps` wrote; raises ValueError for what is not JSON."""
    try:
        return _decode(text)
    except (StopIteration, SystemError):  # the C scanner cannot word its complaint without the module `json`
        import json

        return json.loads(text)
