"""The calls of scripts in a text for a shell: a recipe as make expands it, a line of CI, a line of another script.

A value that is known only when somebody calls make stands in it as a hole, `hole("TASK_ID")`. Words are split as a
shell splits them; what a shell would compute is left as it stands.
"""

from __future__ import annotations

import re
import shlex
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPEN, _CLOSE = "\x01", "\x02"
HOLE = re.compile(f"{_OPEN}([A-Za-z_][A-Za-z0-9_]*){_CLOSE}")
#: A member of a JSON object whose value is a hole.
_MEMBER = re.compile(f'"([A-Za-z_]\\w*)"\\s*:\\s*"?{HOLE.pattern}')
_ALTERNATIVE = re.compile(r"\$\{(\w+):?\+([^{}]*)\}")
_DEFAULT = re.compile(r"\$\{(\w+):?[-=?][^{}]*\}")
_NAMED = re.compile(r"\$(?:(\w+)|\{(\w+)\})")
ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)\Z", re.DOTALL)
_OPERATORS = ";&|<>()\n"
#: A label of a `case` that stands for one word.
_LABEL = re.compile(r"[\w-]+")
_OPENS = ("then", "do", "else", "{")
#: Words that stand before a command, or start another one.
BEFORE = frozenset(
    (
        *("then", "do", "else", "if", "!", "{", "while", "until", "exec", "command", "env", "time", "nice", "sudo"),
        *("bash", "sh", "dash", "zsh", "ruby", "python", "python3", "source", ".", "true", "set"),
        *("nohup", "timeout", "ionice", "setsid", "stdbuf", "unbuffer", "chronic", "doas", "flock", "xargs", "builtin"),
        *("bundle", "rbenv", "pyenv", "asdf", "mise", "direnv", "uv", "poetry", "pipenv", "hatch", "pdm", "run", "nix"),
    )
)
#: What follows such a word: an option, or its value, such as the 5 of `nice -n 5`.
_BESIDE = re.compile(r"-.*|\d+[smhd]?\Z")


class ScriptCall(NamedTuple):
    """A call of a script: its path, its words, what is put into its environment, the holes of what is piped into it.

    `feeder` is the script of this repository whose output is piped into it, "" for none; `when` the value of which a
    `case` makes the call depend (of "" where it is a case of something else).
    """

    script: str
    words: list[str]
    environment: dict[str, str]
    piped: list[str]
    sourced: bool
    feeder: str = ""
    when: Mapping[str, str] = MappingProxyType({})
    payload: Mapping[str, str] = MappingProxyType({})


def hole(name: str) -> str:
    """Return what stands for the value of a variable."""
    return f"{_OPEN}{name}{_CLOSE}"


def stands_before(words: list[str], place: int) -> bool:
    """Tell whether a word stands before a command: such a word, an option or value of it, a variable for them."""
    word = words[place]
    is_name = word.rsplit("/", 1)[-1] in BEFORE or HOLE.fullmatch(word) or _NAMED.fullmatch(word)
    is_lock = "flock" in words[max(place - 3, 0) : place] and word.endswith((".lock", ".lck"))
    return bool(is_name or is_lock or (place and _BESIDE.match(word)))


def holes_in(text: str) -> list[str]:
    """Return the variables whose values a text holds, in order."""
    return list(dict.fromkeys(HOLE.findall(text)))


def calls_in(text: str, known: Mapping[str, str], find: Callable[[str], str]) -> list[ScriptCall]:
    """Return the calls of scripts in a text.

    `known` are variables of the shell, `find` gives the path of the script that a word names, "" for none. Raises
    ValueError for a text that cannot be split into words.
    """
    found = []
    variables = dict(known)
    piped: list[str] = []
    feeder = before_end = ""
    before_words: list[str] = []
    chosen: str | None = None
    in_label = False
    when: dict[str, str] = {}
    for words, is_piped, end in segments(_without_choices(text)):
        begins = words[0] == "case" and "in" in words
        if begins:
            chosen = "".join(HOLE.findall(words[1]))
        in_label = begins or before_end.startswith(";;") or (in_label and before_end == "|")
        before_end = end
        if chosen is not None and in_label and end.startswith(")"):
            when = {chosen: words[-1]} if not is_piped and _LABEL.fullmatch(words[-1]) else {}
            continue
        if "esac" in words:
            chosen, when = None, {}
        environment: dict[str, str] = {}
        left = [_filled(word, variables) for word in words]
        while left[1:] and left[0] in _OPENS:
            left = left[1:]
        while left and (given := ASSIGNMENT.match(left[0])):
            environment[given[1]] = given[2]
            left = left[1:]
        if not left:
            variables |= environment
        before = piped if is_piped else []
        piped = [name for word in left for name in holes_in(word)]
        call = _call(left, environment, before, find)
        if call is not None:
            payload = payload_keys(before_words) if is_piped else {}
            found.append(call._replace(feeder=feeder if is_piped else "", when=when, payload=payload))
        feeder = call.script if call else ""
        before_words = left
    return found


def _call(
    words: list[str], environment: dict[str, str], piped: list[str], find: Callable[[str], str]
) -> ScriptCall | None:
    sourced = False
    for place, word in enumerate(words):
        given = ASSIGNMENT.match(word)
        if given:  # behind `env`
            environment = {**environment, given[1]: given[2]}
        plain = HOLE.sub("", word) if HOLE.match(word) else word
        sourced = sourced or plain in (".", "source")
        script = "" if given or plain.startswith("-") else find(plain)
        if script:
            return ScriptCall(script, words[place + 1 :], environment, piped, sourced)
        if not given and plain and not plain.startswith("-") and not stands_before(words, place):
            return None
    return None


def payload_keys(words: list[str]) -> dict[str, str]:
    """Return the keys of a JSON object that a command writes, each with the hole of its value.

    `printf '{"item":"%s"}' HOLE`, `echo '{"item":"HOLE"}'`, and `jq -n --arg item HOLE '{item: $item}'`.
    """
    if words[:1] == ["jq"]:
        given = zip(words, words[1:], words[2:], strict=False)
        return {
            name: value.strip(_OPEN + _CLOSE)
            for flag, name, value in given
            if flag == "--arg" and HOLE.fullmatch(value)
        }
    text, *values = [word for word in words[1:] if not word.startswith("-")] or [""]
    filled = iter(values)
    text = re.sub("%[sd]", lambda _found: next(filled, ""), text)
    return dict(_MEMBER.findall(text))


def segments(text: str) -> list[tuple[list[str], bool, str]]:
    """Split a text into simple commands, whether each reads what the one before writes, and its operator."""
    reader = shlex.shlex(text, posix=True, punctuation_chars=_OPERATORS)
    reader.whitespace = " \t\r"
    reader.whitespace_split = True
    reader.commenters = ""
    segments: list[tuple[list[str], bool, str]] = [([], False, "")]
    skip = False
    for token in reader:
        if not token.strip(_OPERATORS) and token:
            if "<" in token or ">" in token:
                if segments[-1][0][-1:] and segments[-1][0][-1] in ("1", "2"):  # the number before `2>`
                    segments[-1][0].pop()
                skip = True
                continue
            bare = token.replace("\n", "")
            segments[-1] = (*segments[-1][:2], bare)
            segments.append(([], bare.startswith("|") and not bare.startswith("||"), ""))
        elif not skip:
            segments[-1][0].append(token)
        skip = False
    return [segment for segment in segments if segment[0]]


def _without_choices(text: str) -> str:
    """Return a text with each choice of the shell taken: `${x:+--flag "$x"}` is `--flag "$x"`, `${x:-y}` is `${x}`."""
    before = None
    while before != text:
        before = text
        text = _DEFAULT.sub(r"${\1}", _ALTERNATIVE.sub(r" \2", text))
    return text


def _filled(word: str, variables: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda found: variables.get(found[1] or found[2], found[0]), word)
