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

#: Characters of a line; a longer one is no call.
_LONGEST = 16 << 20
_KEYS = {"tool", "arguments", "words", "id"}


def run(args: FairwayBatch) -> int:
    """Answer each line of standard input with one line, as it comes; 0 when every call ended with 0, else 1."""
    carried = _carried(args)
    expect_many()
    failed = False
    with os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n") as answers:
        lines = _lines()
        for number, line in lines:
            if line.strip():
                found = _answer(number, line, carried)
                failed = failed or found["exit_code"] != OK
                answers.write(jsonio.dumps(found) + "\n")
                answers.flush()
    kept_open.let_go()
    return REFUSED if failed else OK


def _lines() -> Iterator[tuple[int, str]]:
    """The numbered lines of standard input, which no call can read any more, nor what a call starts."""
    calls = os.fdopen(os.dup(0), encoding="utf-8", errors="surrogateescape")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)  # what a program that a call starts prints is no answer
    with calls:
        number = 0
        while line := calls.readline(_LONGEST):
            number += 1
            yield number, line


def _answer(number: int, line: str, carried: dict[str, str]) -> dict[str, object]:
    """The answer to a line: its number, the caller's own id, and the outcome of the call."""
    given: object = None
    try:
        given = jsonio.loads(line)
        tool, words = _read(given, carried)
    except ValueError:
        return _refused(number, None, FairwayError("usage", f"line {number} is no JSON: {line[:60].strip()!r}"))
    except FairwayError as refusal:
        return _refused(number, given, refusal)
    found = {"line": number, **call(tool, words).as_json()}
    return _with_id(found, given)


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
