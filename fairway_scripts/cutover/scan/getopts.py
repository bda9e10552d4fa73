"""What a shell script says of its flags of one letter: those that `getopts` reads without a value. Pure."""

from __future__ import annotations

import re

_READS = re.compile(r"\bgetopts\s+(?:\"([^\"$]*)\"|'([^']*)'|([^\s\"'$;]+))")
#: An arm that notes such a flag: `F) force=1`.
_ARM = re.compile(r"(?<![\w${])\(?([A-Za-z0-9])\)\s*(\w+)=[\"']?(?:1|true|yes)\b")
_LETTER = re.compile(r"([A-Za-z0-9])(:*)")


def switches_in(text: str) -> dict[str, str]:
    """Return the flags that never take the word behind them, each with the variable that the script sets for it.

    The variable is in capitals, "" where no arm sets one or two set different ones. A letter that has a value in
    another `getopts` of the script is none: its subcommands read it in two ways.
    """
    found: dict[str, set[bool]] = {}
    for said in _READS.findall(text):
        for letter, colon in _LETTER.findall("".join(said)):
            found.setdefault(letter, set()).add(bool(colon))
    names: dict[str, set[str]] = {}
    for letter, name in _ARM.findall(text):
        names.setdefault(letter, set()).add(name.upper())
    return {
        f"-{letter}": next(iter(named)) if len(named := names.get(letter, set())) == 1 else ""
        for letter, ways in found.items()
        if ways == {False}
    }
