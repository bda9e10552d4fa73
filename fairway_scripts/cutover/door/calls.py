"""One call of an older script, read into our variables, and our variables written as a call of an older script.

Reading and writing are each other's inverse: whoever needs to know what a call means, or how to say the same to an
original, asks here and nowhere else.
"""

from __future__ import annotations

from fairway_scripts.calls.variables import FORMATS, REPEATABLE, SWITCHES, VARIABLE_ALIASES
from fairway_scripts.cutover.door.bare_words import FLAGS_END, LISTS, bare_names, in_order, is_attached, named_words
from fairway_scripts.cutover.door.entries import Entry, flag_words, no_place, own_flag, tool_variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_TASK = "TASK_ID"
#: Forms of an answer that are for people, as our text is.
_FOR_PEOPLE = ("table", "plain", "human", "pretty", "kv", "list", "long", "wide", "short", "default", "txt")


class Call:
    """A call as it was meant: our variables with their values, and what could not be read.

    `untranslated` names what has no place in the entry (a flag, a word, `STATUS=7`): such a call equals nothing.
    `rest` are words that only our tool can judge; a host's own entry leaves none.
    """

    __slots__ = ("fixed", "rest", "script", "subcommand", "tool", "untranslated", "values")

    def __init__(self, entry: Entry) -> None:
        self.script, self.subcommand, self.tool, self.fixed = entry.script, entry.subcommand, entry.tool, entry.fixed
        self.values: dict[str, str] = dict(entry.constants)
        self.untranslated: list[str] = []
        self.rest: list[str] = []

    def own_words(self) -> list[str]:
        """Return the words with which our tool does the same."""
        return [*self.fixed, *flag_words(self.values), *self.rest]


class Written:
    """A call of an original: its words behind the script's name, what its environment needs, its standard input."""

    __slots__ = ("environment", "stdin", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.environment: dict[str, str] = {}
        self.stdin = ""


# --- reading ------------------------------------------------------------------------------------------------


def read_call(entry: Entry, words: Iterable[str], environment: Mapping[str, str], stdin_text: str = "") -> Call:
    """Return what a call means.

    `words` are those of the script without its subcommand, `environment` what it is started in, `stdin_text` what it is
    given to read (asked for only where `entry.stdin` says so). Words go before the environment. An empty value is none.
    """
    call = Call(entry)
    given = list(words)
    (_read_published if entry.published else _read_words)(entry, call, given)
    for theirs, name in (entry.env or _whole(entry, given, environment)).items():
        value = environment.get(theirs) or (_other(environment, name) if theirs == name else "")
        if value and not call.values.get(name):
            _put(entry, call, name, value)
    if entry.stdin and stdin_text and entry.stdin not in call.values:
        _put(entry, call, entry.stdin, stdin_text)
    if entry.payload and stdin_text:
        from fairway_scripts.cutover.door.payload import read_payload

        said, lost = read_payload(entry.payload, stdin_text)
        call.untranslated += lost
        before = {*call.values}
        for name, value in said:
            if name not in before:  # words go before it
                _put(entry, call, name, value)
    return call


def _whole(entry: Entry, words: list[str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return what a published call that says nothing but its subcommand takes from an environment that names a task.

    Only then: names such as STATUS stand in many environments by accident.
    """
    names = tool_variables(entry.tool) if entry.published and not words and environment.get(_TASK) else []
    return {name: name for name in names} if _TASK in names else {}


def _other(environment: Mapping[str, str], name: str) -> str:
    """Return the value under another name that our tools know for a variable, when the original reads ours."""
    return next((environment[other] for other in VARIABLE_ALIASES.get(name, ()) if environment.get(other)), "")


def _read_words(entry: Entry, call: Call, words: list[str]) -> None:
    bare: list[str] = []
    behind: list[str] = []
    left = iter(words)
    for word in left:
        flag, equals, value = word.partition("=")
        if word == FLAGS_END:
            behind += left
        elif equals and f"{flag}=" in entry.map:
            _put(entry, call, entry.map[f"{flag}="], value)
        elif not word.startswith("-") or word == "-":
            bare.append(word)
        elif entry.takes_value(flag):
            value = value if equals else next(left, "")
            if f"{flag}=" in entry.map:
                _put(entry, call, entry.map[f"{flag}="], value)
            elif flag in entry.map and not (value == "-" and entry.map[flag] == entry.stdin):
                _put(entry, call, entry.map[flag], value)
        else:
            _read_switch(entry, call, word)
    said, lost = named_words(entry.positional, bare, behind)
    for name, value in said:
        _put(entry, call, name, value)
    call.untranslated += lost


def _read_switch(entry: Entry, call: Call, word: str) -> None:
    """Read a flag to which no other word belongs: it says a value by being there, means nothing, or has it attached."""
    flag, _equals, value = word.partition("=")
    if flag in entry.map:
        name, fixed, said = entry.map[flag].partition("=")
        call.values[name] = said if fixed else value or "1"
    elif is_attached(word) and flag not in entry.switches and entry.takes_value(word[:2]):
        if word[:2] in entry.map:
            _put(entry, call, entry.map[word[:2]], word[2:])
    elif flag not in entry.switches:
        call.untranslated.append(word)


def _put(entry: Entry, call: Call, name: str, value: str) -> None:
    """Keep a value under our name, in our word; a list gets one entry more, of everything else the last one counts."""
    theirs = entry.values.get(name)
    if theirs is not None and value:
        if value not in theirs:
            call.untranslated.append(f"{name}={value}")
            return
        value = theirs[value]
    elif name == "FORMAT" and value and value not in FORMATS:
        call.untranslated += [] if value in _FOR_PEOPLE else [f"{name}={value}"]
        return
    if not value:
        if name == _TASK:  # "no task" would mean any task to a claim
            call.values.setdefault(name, "")
    elif name in LISTS and call.values.get(name):
        call.values[name] += "\n" + value
    else:
        call.values[name] = value


def _read_published(entry: Entry, call: Call, words: list[str]) -> None:
    """Read words of the published form: our own flags, also as `--task_id`, and `TASK_ID=...`."""
    from fairway_scripts.cutover.door.published import names_of

    own, every = names_of(entry.tool)
    left, unknown = iter(words), False
    for word in left:
        name, equals, value = word.partition("=")
        if word == "--":
            call.rest += [word, *left]
        elif word.startswith("--"):
            unknown = not _keep_flag(call, own, every, word, left)
        elif equals and f"{name}=" in own:
            _keep(call, own[f"{name}="], f"{own_flag(own[f'{name}='])}={value}", value)
        elif word.startswith("-") or unknown or not _keep_bare(entry, call, word):
            call.rest.append(word)
            unknown = word.startswith("-")


def _keep_flag(call: Call, own: dict[str, str], every: set[str], word: str, left: Iterator[str]) -> bool:
    """Keep a flag with its value, which may be the next of `left`; false when the next word may belong to it."""
    spelled, equals, value = word.partition("=")
    flag = spelled.lower().replace("_", "-")
    name = own.get(flag, "")
    if not equals and (name not in SWITCHES if name else flag in every):
        following = next(left, None)
        value, whole = following or "", flag if following is None else f"{flag}={following}"
    elif equals:
        whole = f"{flag}={value}"
    else:
        value, whole = "1", flag if name else word
    _keep(call, name, whole, value)
    return bool(name or equals or flag in every)


def _keep(call: Call, name: str, word: str, value: str) -> None:
    """Keep a value; without a variable for it, and given a second time, the word itself is left for the tool."""
    if not name or (call.values.get(name) and name not in REPEATABLE) or (name == _TASK and not value):
        call.rest.append(word)
    elif value:
        call.values[name] = f"{call.values[name]}\n{value}" if call.values.get(name) else value


def _keep_bare(entry: Entry, call: Call, word: str) -> bool:
    free = next((name for name in entry.positional if name not in call.values), "")
    if free and word:
        call.values[free] = word
    return bool(free)


# --- writing ------------------------------------------------------------------------------------------------


def unwritable(entry: Entry, values: Mapping[str, str]) -> list[str]:
    """Return what an original cannot be told: the names (`BRANCH`), or names with values (`STATUS=blocked`)."""
    names = {*entry.map.values(), *entry.env.values(), *entry.payload.values(), entry.stdin}
    names |= {*bare_names(entry.positional)}
    said = set(entry.map.values())
    lost = []
    for name, value in values.items():
        if not value or f"{name}={value}" in said or entry.constants.get(name) == value:
            continue
        if name in entry.constants or (name in entry.values and value not in entry.values[name].values()):
            lost.append(f"{name}={value}")
        elif name not in names and not (entry.published and not entry.env):
            lost.append(f"{name}={value}" if any(text.startswith(f"{name}=") for text in said) else name)
        elif name in SWITCHES and value != "1" and name in entry.map.values():
            lost.append(f"{name}={value}")
    return lost


def write_call(entry: Entry, values: Mapping[str, str]) -> Written:
    """Return how the original is told the same; what `read_call` reads again as these values and the entry's constants.

    Raises FairwayError `usage` for a value that has no place in the entry: nothing is left out in silence.
    """
    if lost := unwritable(entry, values):
        raise no_place(entry, lost)
    told = {name: value for name, value in values.items() if value and entry.constants.get(name, "") != value}
    done = Written()
    if entry.published:
        return _write_published(entry, told, done)
    fed = {name: theirs for theirs, name in entry.env.items()}
    _write_payload(entry, told, done)
    flags: list[str] = []
    bare = dict.fromkeys(bare_names(entry.positional), "")
    for name, ours in told.items():
        value = next((word for word, own in entry.values.get(name, {}).items() if own == ours), ours)
        flag = next((flag for flag, own in entry.map.items() if own in (name, f"{name}={ours}")), "")
        before = [*bare][: [*bare].index(name)] if name in bare else [""]
        if name == entry.stdin:
            done.stdin = value
            flags += [flag, "-"] if flag else []
            continue
        if name in fed and (entry.env_first or not (flag or name in bare)):
            done.environment[fed[name]] = value
        if all(told.get(other) for other in before):  # a flag may be one of other subcommands
            bare[name] = value
        elif flag.endswith("="):
            flags.append(flag + value)
        elif flag:
            flags += [flag] if not entry.takes_value(flag) else [flag, value]
        elif name in bare:
            bare[name] = value
    done.words = [*entry.subcommand.split(), *in_order(entry.positional, list(bare.values()), flags)]
    return done


def _write_payload(entry: Entry, told: dict[str, str], done: Written) -> None:
    """Say on standard input what belongs there, and take it from `told`."""
    values = {name: told.pop(name) for name in entry.payload.values() if name in told}
    if values:
        from fairway_scripts.cutover.door.payload import payload_text

        done.stdin = payload_text(entry.payload, values, LISTS)


def _write_published(entry: Entry, told: dict[str, str], done: Written) -> Written:
    if entry.env:  # scripts that were always fed by their environment
        done.environment = told
        return done
    before = {name: told.pop(name) for name in ("QUEUE_FILE",) if entry.subcommand and name in told}
    done.words = [*_pairs(before), *entry.subcommand.split(), *_pairs(told)]
    return done


def _pairs(told: Mapping[str, str]) -> list[str]:
    words: list[str] = []
    for name, value in told.items():
        words += [own_flag(name)] if name in SWITCHES and value == "1" else [own_flag(name), value]
    return words
