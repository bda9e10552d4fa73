"""Text that YAML reads in one way only, as patterns; and the header of a queue file that holds nothing else."""

from __future__ import annotations

import re

from fairway_scripts.formats.text_tree import TextList, TextMap

END = r"(?![^\n])"
#: Words that YAML or Ruby takes for a truth value or for nothing.
_WORD = (
    r"[yYnNoOtTfF](?:(?<=[yY])[eE][sS]|(?<=[nN])(?:[oO]|[uU][lL][lL])|(?<=[oO])(?:[nN]|[fF][fF])"
    r"|(?<=[tT])[rR][uU][eE]|(?<=[fF])[aA][lL][sS][eE])"
)
#: Text without quotes: a word or path that no `: ` and no ` #` breaks, or the name of a commit. One that consists of
#: digits only is a number for many readers, unless it begins with 0 and so cannot be decimal, nor octal for its 8 or 9.
#: Atomic groups stand where a repeat could be possessive: Python before 3.11.5 matches possessive groups wrongly.
PLAIN = (
    rf"(?!{_WORD}{END})(?:[A-Za-z_]|\.{{0,2}}/)[^\n\t:#]*+(?>(?:(?::(?=[^\n\t ])|(?<! )#)[^\n\t:#]*+)*)(?<! ){END}"
    rf"|(?!0b[01]*{END})[0-9]+[a-f][0-9a-f]*{END}|0[0-7]*[89][0-9]*{END}"
)
#: Text in quotes that holds none, and a whole number; each with its value as a group.
QUOTED = r"'([^'\n\t]*)'"
NUMBER = r"(0|[1-9][0-9]{0,8})"
_FIELD = re.compile(rf"([a-z_]+):(?: {QUOTED}{END}| {NUMBER}{END}| ({PLAIN})|((?>(?:\n- (?:{PLAIN}))+)))\n")


def usual_header(text: str) -> TextMap | None:
    """The fields of a header, as the YAML reader gives them; None when one of them may have another reading.

    A header of the usual form has a field a line, with one value or followed by a list of plain items.
    """
    header, numbers = TextMap(1), []
    at, line = 0, 1
    while at < len(text):
        found = _FIELD.match(text, at)
        if found is None or found[1] in header:
            return None
        key, quoted, number, plain, items = found.groups()
        header.lines[key] = line
        if items is not None:
            header[key] = entries = TextList(line + 1)
            entries += items[len("\n- ") :].split("\n- ")
            entries.lines += range(line + 1, line + 1 + len(entries))
        else:
            header[key] = next(value for value in (quoted, number, plain) if value is not None)
        if number is not None:
            numbers.append(key)
        at, line = found.end(), line + found[0].count("\n")
    header.plain = tuple(numbers)
    return header
