"""The words that a host's script has for a state, a result or a verdict, found in its text. Pure."""

from __future__ import annotations

import re

from fairway_scripts.cutover.bridge.legacy_words import OURS, WORDS

STATUSES = ("todo", "in_progress", "blocked", "done")
#: The variable of a tool that says such a word, and whose words these are.
SAYS = {
    "queue-record-evidence": ("RESULT", "result"),
    "queue-record-review": ("STATUS", "verdict"),
    "queue-set-status": ("STATUS", "status"),
}
#: What a list of such words has to tell apart.
_NEEDED = {"status": {"todo", "in_progress", "done"}, "result": {"pass", "fail"}, "verdict": {"approved"}}
_FEWEST = 2
_COMMENT = re.compile(r"(?:^|\s)#(?!\{).*")
#: Words that stand in a row: `"open", "doing"`, `open|doing`, `%w[open doing]`, `{"open": 1, "doing": 2}`.
_ROW = re.compile(
    r"(?<![\w$./-])[a-z][a-z_]*(?:[\"']?(?:\s*(?:=>|:)\s*\d+)?(?:\s*[,|]\s*|[ \t]+)[\"']?[a-z][a-z_]*)+(?![\w(/-])"
)


def ours_of(kind: str) -> tuple[str, ...]:
    """Return our words of a kind."""
    return OURS.get(kind, STATUSES)


def their_words(text: str, kind: str) -> dict[str, str]:
    """Return what a script calls our words of a kind, {theirs: ours}; {} where it uses ours alone, or it is not sure.

    They are words that stand in a row somewhere in its text, each with a meaning of its own, all that is needed among
    them. Rows that say different things say nothing.
    """
    meanings = {word: word for word in ours_of(kind)} | WORDS[kind]
    found: list[dict[str, str]] = []
    for row in _ROW.findall(_COMMENT.sub("", text)):
        run: dict[str, str] = {}
        for word in [*re.findall(r"[a-z_]+", row), ""]:
            if word in meanings:
                run[word] = meanings[word]
            elif run:
                found.append(run)
                run = {}
    fitting = [run for run in found if len(run) >= _FEWEST and _NEEDED[kind] <= {*run.values()}]
    clear = [run for run in fitting if len({*run.values()}) == len(run)]
    is_sure = len(clear) == len(fitting) and all(run == clear[0] for run in clear)
    return clear[0] if is_sure and clear and any(theirs != ours for theirs, ours in clear[0].items()) else {}
