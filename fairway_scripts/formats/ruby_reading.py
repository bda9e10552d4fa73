"""What other readers of YAML make of text that stands without quotes: the trap of files that several tools read."""

from __future__ import annotations

import re

_TRUE = frozenset(("yes", "true", "on"))
_FALSE = frozenset(("no", "false", "off"))
_FORMS = (
    (
        re.compile(
            r"-?\d{4}-\d{1,2}-\d{1,2}(?:[Tt]|\s+)\d{1,2}:\d\d:\d\d(?:\.\d*)?(?:\s*(?:Z|[-+]\d{1,2}:?(?:\d\d)?))?",
            re.ASCII,
        ),
        "a time",
    ),
    (re.compile(r"\d{4}-(?:1[012]|0\d|\d)-(?:[12]\d|3[01]|0\d|\d)", re.ASCII), "a date"),
    (re.compile(r"[-+]?\.inf|\.nan", re.IGNORECASE), "a number"),
    (re.compile(r":(?!:$).+"), "a symbol"),
    (re.compile(r"[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?", re.ASCII), "a number in base 60"),
    (re.compile(r"[-+]?(?:\d[\d_,]*)?\.\d*(?:[eE][-+]\d+)?", re.ASCII), "a number"),
    (re.compile(r"[-+]?0b[01_,]+"), "a binary number"),
    (re.compile(r"[-+]?0x[0-9a-fA-F_,]+"), "a hexadecimal number"),
    (re.compile(r"[-+]?0[0-7_,]+"), "an octal number"),
    (re.compile(r"[-+]?(?:0|[1-9](?:[_,]?\d)*)", re.ASCII), "a number"),
)
#: What no reader here resolves and others do: the short truth words, `=` and `<<` of YAML 1.1, the numbers of YAML 1.2.
_ELSEWHERE = re.compile(
    r"[yYnN]|=|<<|[-+]?0o[0-7_]+|[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*",
    re.ASCII,
)


def needs_quotes(text: str) -> bool:
    """Whether some reader of YAML takes `text` without quotes for something else: Psych, YAML 1.1 or YAML 1.2.

    What the syntax itself needs quotes for (`a: b`, `- a`, `a #b`) is not looked at.
    """
    return ruby_reads_differently(text) is not None or _ELSEWHERE.fullmatch(text) is not None


def ruby_reads_differently(plain: str) -> str | None:
    """What Ruby's Psych takes a plain (unquoted) scalar for: `a date`, `a number`, `true` ..., or None when text.

    Covers truth words, null, integers of every base (`017`, `0x1F`, `1_000`, `1,000`), base 60 (`1:30`),
    floats, dates, times and symbols.
    """
    word = plain.lower()
    if word in _TRUE:
        return "true"
    if word in _FALSE:
        return "false"
    if word in ("", "~", "null"):
        return "null"
    if not plain[0].isdigit() and plain[0] not in "+-.:":
        return None
    for form, reading in _FORMS:
        if form.fullmatch(plain) and plain not in (".", "-.", "+."):
            return reading
    return None
