"""fairway-batch."""

from __future__ import annotations

import os

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import OK, REFUSED, FairwayError
from fairway_scripts.served.calls import call, expect_many, words_of
from fairway_scripts.store import kept_open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.calls.tool_calls import FairwayBatch

#: Bytes of a line; a longer one is no call, nor is any part of it.
_LONGEST = 16 << 20
_KEYS = {"tool", "arguments", "words", "id"}


def run(args: FairwayBatch) -> int:
    """Answer each line of standard input with one line, as it comes; 0 when every call ended with 0, else 1.

    Raises FairwayError `file_unavailable` where an answer cannot be written: no call is made after that one.
    """
    carried = _carried(args)
    expect_many()
    failed = False
    answers = os.dup(1)
    for number, line in _lines():
        if line.strip():
            found = _answer(number, line, carried)
            failed = failed or found["exit_code"] != OK
            _put(answers, found)
    kept_open.let_go()
    return REFUSED if failed else OK


def _put(answers: int, found: dict[str, object]) -> None:
    """Write one answer; half of a pair of surrogates, which UTF-8 has not, is the escape that JSON has for it."""
    text = (jsonio.dumps(found) + "\n").encode(errors="backslashreplace")
    try:
        while text:
            text = text[os.write(answers, text) :]
    except BrokenPipeError:
        raise
    except OSError as problem:
        message = f"the answer to line {found['line']} cannot be written: {problem.strerror}"
        hint = f"that call was made: it ended with {found['exit_code']}; no line after it was read"
        raise FairwayError("file_unavailable", message, hint) from None


def _lines() -> Iterator[tuple[int, bytes]]:
    """The numbered lines of standard input, which no call can read any more, nor what a call starts.

    Of a line that is too long its beginning comes, one byte longer than a line may be.
    """
    calls = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)  # what a program that a call starts prints is no answer
    with calls:
        number = 0
        while line := calls.readline(_LONGEST + 1):
            number += 1
            rest = line
            while len(rest) > _LONGEST and not rest.endswith(b"\n"):
                rest = calls.readline(_LONGEST + 1)
            yield number, line


def _answer(number: int, line: bytes, carried: dict[str, str]) -> dict[str, object]:
    """The answer to a line: its number, the caller's own id, and the outcome of the call."""
    given: object = None
    try:
        given = _object(number, line)
        tool, words = _read(given, carried)
    except FairwayError as refusal:
        return _refused(number, given, refusal)
    found = {"line": number, **call(tool, words).as_json()}
    return _with_id(found, given)


def _object(number: int, line: bytes) -> object:
    """What a line holds. Raises FairwayError `usage` for what is no JSON, so that only this line is refused."""
    if len(line) > _LONGEST:
        raise FairwayError("usage", f"line {number} is longer than {_LONGEST} bytes")
    shown = repr(line[:60].strip().decode(errors="backslashreplace"))
    try:
        given = jsonio.loads(line.decode())
        jsonio.dumps(given)  # reading takes NaN and infinities, which are no JSON
    except UnicodeDecodeError:
        raise FairwayError("usage", f"line {number} is not UTF-8: {shown}") from None
    except ValueError:
        raise FairwayError("usage", f"line {number} is no JSON: {shown}") from None
    except RecursionError:
        raise FairwayError("usage", f"line {number} is nested too deeply: {shown}") from None
    return given


def _with_id(found: dict[str, object], given: object) -> dict[str, object]:
    return {**found, "id": given["id"]} if isinstance(given, dict) and "id" in given else found


def _refused(number: int, given: object, refusal: FairwayError) -> dict[str, object]:
    found = {"line": number, "tool": "", "exit_code": refusal.exit_code, "error": refusal.as_json("fairway-batch")}
    return _with_id(found, given)


def _read(given: object, carried: dict[str, str]) -> tuple[str, list[str]]:
    if not isinstance(given, dict) or not isinstance(given.get("tool"), str):
        raise FairwayError("usage", 'a call is an object such as {"tool": "claim", "arguments": {"role": "B-ui"}}')
    unknown = sorted(set(given) - _KEYS)
    if unknown:
        raise FairwayError("usage", f"a call has no {', '.join(unknown)}: it has {', '.join(sorted(_KEYS))}")
    arguments, words = given.get("arguments", {}), given.get("words", [])
    if (
        not isinstance(arguments, dict)
        or not isinstance(words, list)
        or not all(isinstance(word, str) for word in words)
    ):
        raise FairwayError("usage", "arguments are an object of names and values, words are a list of texts")
    named = {str(name).lstrip("-").upper().replace("-", "_") for name in arguments}
    both = {name: value for name, value in carried.items() if name not in named} | arguments
    return given["tool"], [*words_of(both), *words]


def _carried(args: FairwayBatch) -> dict[str, str]:
    """What the batch was called with and each of its calls takes along."""
    names = ("QUEUE_DB", "QUEUE_FILE", "ACTOR", "CONFIG")
    return {name: value for name in names if (value := getattr(args, name.lower(), ""))}
