"""Values that break careless quoting: what people and programs may type for any text variable.

Each is text, or bytes where it is not UTF-8. A payload that gets executed, by make or by a shell, makes the file
`CANARY` in the current folder.
"""

from __future__ import annotations

import os

CANARY = "canary-of-executed-text"
_RUN = f"touch {CANARY}"

PAYLOADS: dict[str, str | bytes] = {
    "everything at once": f'it\'s $HOME; $(shell {_RUN}) "x" # %',
    "make's shell function": f"$(shell {_RUN})",
    "make's shell function in braces": f"${{shell {_RUN}}}",
    "make's eval": f"$(eval X := $(shell {_RUN}))",
    "make's eval of a rule": f"$(eval queue-ready: ; {_RUN})",
    "command substitution": f"$({_RUN})",
    "command substitution behind a doubled dollar": f"$$({_RUN})",
    "backquotes": f"`{_RUN}`",
    "out of double quotes": f'"; {_RUN}; "',
    "out of single quotes": f"'; {_RUN}; '",
    "variables": "$HOME ${HOME} $(HOME) $@ $1 $x",
    "doubled dollar": "costs $$5",
    "dollar at the end": "costs 5$",
    "unterminated reference": "$(",
    "unbalanced brackets": ")}]({[",
    "hash": "a # b #",
    "backslashes": r"a\b \n \\ \$x \#",
    "backslash at the end": "a\\",
    "percent": "100% %s %%",
    "equals signs": "a=b := += ?=",
    "separators and redirections": f"a & {_RUN} | {_RUN} ; {_RUN} > {CANARY} < b",
    "globs and tildes": "* ? [a-z] ~ ~root {a,b} !x",
    "line end": "one\ntwo",
    "line end and a command": f"one\n{_RUN}\n",
    "line end and a recipe line": f"one\n\t{_RUN}\nqueue-ready:\n\t{_RUN}",
    "endef": f"one\nendef\n$(shell {_RUN})",
    "blanks inside and behind": "a  b   c  ",
    "tabs and carriage returns": "a\tb\r\nc\r",
    "blanks before": "  a",
    "nothing but blanks": "   ",
    "empty": "",
    "not ASCII, with a change of direction": "Grüße 漢字 🚦 \u202edlrow\u202c",
    "not UTF-8": b"a\xff\xfe\x80b",
    "looks like --help": "--help",
    "looks like a flag with a value": "--task-id=EVIL",
    "looks like the end of flags": "--",
    "begins with an equals sign": "=x",
    "60 kB": "x" * 60_000,
    "120 kB": "0123456789" * 12_000,
}
#: Payloads of more than this many bytes go alone: Linux takes 128 KiB a string, and MAKEFLAGS holds them all.
LONG = 10_000
#: Payloads that cannot be kept as text; the tools refuse them.
NOT_TEXT = frozenset({"not UTF-8"})


def raw(name: str) -> bytes:
    """The bytes of a payload."""
    value = PAYLOADS[name]
    return value if isinstance(value, bytes) else value.encode()


def expected_from_command_line(name: str) -> bytes:
    """What can arrive of a payload typed as `NAME=payload`: make itself strips the blanks that a value begins with."""
    return raw(name).lstrip(b" \t")


def batches(size: int) -> list[list[str]]:
    """The names of all payloads in lists of at most `size`, so that one call carries several; long ones go alone."""
    short = [name for name in PAYLOADS if len(raw(name)) <= LONG]
    alone = [[name] for name in PAYLOADS if len(raw(name)) > LONG]
    return [short[start : start + size] for start in range(0, len(short), size)] + alone


def was_executed(folder: str) -> bool:
    """Whether a payload has run as a command in `folder`."""
    return os.path.exists(os.path.join(folder, CANARY))
