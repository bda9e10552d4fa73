"""From `fairway VERB ...` to a tool and its words.

`fairway claim B-1` is `queue-claim B-1`: the same code runs, and what is looked up first costs a dictionary. Scripts
that were written for the Go program Fairway go on: its verbs (`record evidence`, `coordinator tick`), its flags before
the verb (`--as`, `--db`, `--config`, `--json`) and its own names of flags are understood (`reference_flags`).
"""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.calls.verbs import GROUPS, HOT, LIKENESS, NEAREST, SYNONYMS

NAME = "fairway"
#: Flags before the verb that take a value, and what they are to the tool.
_BEFORE = {
    "--config": "--config",
    "--db": "--queue-db",
    "--queue-db": "--queue-db",
    "--queue-file": "--queue-file",
    "--actor": "--actor",
    "--format": "--format",
}
_CALLER = "--as"
_PREFIXES = ("", "queue-", "orchestrator-", "fairway-", "agent-")
#: Called all day, with the same flags there and here.
_OURS = ("queue-ready", "queue-claim", "queue-list", "queue-task-detail", "queue-record-evidence")
#: Tools for which the caller's lane is not the lane that ROLE means.
_OTHER_ROLE = ("queue-add",)


def resolve(words: list[str]) -> tuple[str, list[str]]:
    """The tool that a call of `fairway` means, and the words for it; `fairway` itself where there is no verb.

    Raises FairwayError `not_found` for a verb that no tool answers, `usage` for a flag without its value.
    """
    before, caller, rest = _flags_before(words)
    if not rest or rest[0].startswith("-"):
        return NAME, [*before, *rest]
    if rest[0] == "version":
        return NAME, ["--version"]
    if rest[0] == "help":
        return "queue-help", [*_topic(rest[1:]), *before]
    tool, fixed, taken = _tool_of(rest)
    own = [*fixed, *rest[taken:]]
    if tool not in _OURS:
        from fairway_scripts.calls.reference_flags import translate

        own = translate(tool, own)
    if caller:
        own += _as_caller(tool, caller, own)
    return tool, _with(own, before)


def verb_of(tool: str) -> str:
    """How a tool is called behind `fairway`: `queue-claim` is `claim`; the tool's own name where that is taken."""
    for prefix in _PREFIXES[1:4]:
        short = tool.removeprefix(prefix)
        if short != tool and _single(short) == tool:
            return short
    return tool


def find(words: list[str]) -> str:
    """The tool that the words of a verb mean, "" for none: `["record", "evidence"]` is `queue-record-evidence`."""
    found = _lookup(words) if words else None
    return found[0] if found and found[2] == len(words) else ""


def meaning(words: list[str]) -> tuple[str, list[str]]:
    """The tool that words behind `fairway` mean, and the words of its own that they hold; ("", []) for none.

    `["regression", "show"]` is `regression-packs show`, `["tracker", "list"]` is `fairway-tracker list`.
    """
    found = _lookup(words) if words else None
    return (found[0], [*found[1], *words[found[2] :]]) if found else ("", [])


def _flags_before(words: list[str]) -> tuple[list[str], str, list[str]]:
    """The flags before the verb as the tool takes them, the caller's lane of `--as`, and the rest."""
    before: list[str] = []
    caller = ""
    place = 0
    while place < len(words) and words[place].startswith("--"):
        name, equals, value = words[place].partition("=")
        if name in ("--json", "--pretty"):
            before.append(words[place])
        elif name == _CALLER or name in _BEFORE:
            if not equals:
                place += 1
                if place == len(words):
                    raise FairwayError("usage", f"{name} needs a value", suggest(NAME, "help"))
                value = words[place]
            if name == _CALLER:
                caller = value
            else:
                before.append(f"{_BEFORE[name]}={value}")
        else:
            break
        place += 1
    return before, caller, words[place:]


def _with(own: list[str], before: list[str]) -> list[str]:
    """The words of a call with the flags that stood before its verb, ahead of what belongs to another command."""
    if "--" in own:
        end = own.index("--")
        return [*own[:end], *before, *own[end:]]
    return [*own, *before]


def _tool_of(words: list[str]) -> tuple[str, list[str], int]:
    found = _lookup(words)
    if found is None:
        raise _unknown(words)
    return found


def _lookup(words: list[str]) -> tuple[str, list[str], int] | None:
    """The tool, words that its verb stands for, and how many of `words` were the verb; None when no tool answers."""
    pair = " ".join(words[:2])
    for key, taken in ((pair, 2), (words[0], 1)):
        if key in HOT and taken <= len(words):
            return HOT[key], [], taken
    if len(words) > 1:
        first = GROUPS.get(words[0], words[0])
        named = SYNONYMS.get(f"{first} {words[1]}", "").split() or _named(f"{first}-{words[1]}", f"{words[1]}-{first}")
        if named:
            return named[0], named[1:], 2
    named = SYNONYMS.get(words[0], "").split() or _named(words[0])
    return (named[0], named[1:], 1) if named else None


def _named(*names: str) -> list[str]:
    """The tool of the first name that there is, with the words that a make target of that name puts first."""
    from fairway_scripts.catalog import TOOLS

    targets = {target: [tool.name, *fixed] for tool in TOOLS.values() for target, fixed in tool.make_targets.items()}
    for name in names:
        for prefix in _PREFIXES:
            if prefix + name in TOOLS and prefix + name != NAME:
                return [prefix + name]
            if prefix + name in targets:
                return targets[prefix + name]
    return []


def _single(verb: str) -> str:
    found = _lookup([verb])
    return found[0] if found else ""


def _topic(words: list[str]) -> list[str]:
    """What `fairway help` is about, as queue-help knows it: a tool's name, else the words as they are."""
    flags = [word for word in words if word.startswith("-")]
    plain = [word for word in words if not word.startswith("-")]
    if not plain:
        return flags
    return [find(plain) or " ".join(plain), *flags]


def _as_caller(tool: str, caller: str, words: list[str]) -> list[str]:
    """The flags that say on behalf of which lane a call is made, where its tool asks and the call does not say."""
    from fairway_scripts.catalog import find_tool

    found = find_tool(tool)
    given = {word.partition("=")[0] for word in words}
    added = []
    if "ROLE" in found.variables and tool not in _OTHER_ROLE and "--role" not in given:
        added.append(f"--role={caller}")
    if tool == "queue-claim" and "--owner" not in given:
        added.append(f"--owner={caller}")
    return added


def _unknown(words: list[str]) -> FairwayError:
    """The refusal of a verb that no tool answers: the nearest one, or where all of them are listed."""
    pair = " ".join(words[:2])
    for key in (pair, words[0]):
        if key in NEAREST:
            verb, why = NEAREST[key]
            near = find(verb.split()) or "queue-help"
            return FairwayError(
                "not_found",
                f"fairway {key} has no counterpart here; the nearest is fairway {verb}: {why}",
                suggest(near, "--help"),
                nearest=near,
            )
    import difflib

    from fairway_scripts.catalog import TOOLS

    known = {verb_of(name): name for name in TOOLS} | {name: name for name in TOOLS}
    close = [verb for verb in known if words[0] in verb.split("-")]  # `handoff`: the first of them in the day's order
    for typed in (words[0], "-".join(words[:2])):
        close = close or difflib.get_close_matches(typed, known, n=1, cutoff=LIKENESS)
    message = f"fairway has no verb {words[0]}"
    if not close:
        return FairwayError("not_found", message, suggest("queue-help"))
    return FairwayError("not_found", f"{message}; did you mean {close[0]}?", suggest(known[close[0]], "--help"))
