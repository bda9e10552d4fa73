"""Which parts of a text are secrets: keys, tokens, passwords, cookies and seeds, in the forms that they are written in.

Two rule sets decide. The forms below are those that review rules name (private keys, headers, cookies, addresses with
a password, named values, kubeconfigs, one-time-password seeds and other payloads of QR codes) and the tokens whose
providers publish how they begin. The library detect-secrets, where it is installed, knows more providers
(`secret_library`). Neither guesses by randomness alone: ids of commits, digests, UUIDs and pictures in
base64 are no secrets.

Only lines that `secret_hints` points at are looked at, and no pattern here can take more than linear time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import digest
from fairway_scripts.project.secrets.secret_hints import hints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    #: Of a line the secrets that a library finds, as (rule, text); None where it is not installed.
    Library = Callable[[str], "list[tuple[str, str]]"]

_NAME = r"(?:password|passwd|passphrase|pwd|secret|token|(?:api|access|private|secret)[_-]?key|credential)s?"
_VALUE = r"(?P<value>[^\s'\"`,;]{6,500})"
_SPECIFIC = (
    (
        "authorization-header",
        r"(?i)\bauthorization['\"]?\s{0,3}[:=]\s{0,3}['\"]?(?:\w{5,8}\s{1,3})?(?P<value>[\w.~+/=-]{8,4000})",
    ),
    ("bearer-token", r"(?i)\bbearer\s{1,3}(?P<value>(?=[^\s]{0,200}\d)[\w.~+/=-]{16,4000})"),
    ("cookie", r"(?i)\b(?:set-)?cookie['\"]?\s{0,3}[:=]\s{0,3}['\"]?[\w.-]{1,64}=(?P<value>[^\s;'\"]{8,4000})"),
    ("one-time-password", r"(?i)otpauth://[^\s'\"]{0,300}?secret=(?P<value>[a-z2-7]{8,200})"),
    ("wifi-password", r"WIFI:[^\n]{0,100}?\bP:(?P<value>[^;\n]{4,100})"),
    ("kubeconfig-key", r"(?i)\bclient-key-data['\"]?\s{0,3}:\s{0,3}['\"]?(?P<value>[a-z0-9+/=]{24,20000})"),
    ("url-password", r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@'\"]{0,100}:(?P<value>[^\s/@'\"]{3,200})@"),
    ("aws-key", r"\b(?P<value>A[KS]IA[0-9A-Z]{16})\b"),
    ("github-token", r"\b(?P<value>gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})\b"),
    ("gitlab-token", r"\b(?P<value>gl(?:pat|rt)-[\w-]{20,64})"),
    ("slack-token", r"\b(?P<value>xox[abprs]-[\w-]{10,250}|xapp-[\w-]{10,250})"),
    ("slack-webhook", r"hooks\.slack\.com/(?P<value>services/[A-Za-z0-9/]{20,100})"),
    ("stripe-key", r"\b(?P<value>[rs]k_(?:live|test)_[A-Za-z0-9]{16,250})\b"),
    ("model-key", r"\b(?P<value>sk-(?:ant|proj)-[\w-]{16,250})"),
    ("google-key", r"\b(?P<value>AIza[\w-]{35})"),
    ("npm-token", r"\b(?P<value>npm_[A-Za-z0-9]{36})\b"),
    ("pypi-token", r"\b(?P<value>pypi-AgE[\w-]{16,500})"),
    ("sendgrid-key", r"\b(?P<value>SG\.[\w-]{16,40}\.[\w-]{16,60})"),
    ("json-web-token", r"\b(?P<value>eyJ[\w-]{8,4000}\.eyJ[\w-]{8,8000}\.[\w-]{8,2000})"),
    ("hugging-face-token", r"\b(?P<value>hf_[A-Za-z0-9]{30,60})\b"),
    ("digitalocean-token", r"\b(?P<value>dop_v1_[a-f0-9]{64})\b"),
    ("square-token", r"\b(?P<value>sq0[a-z]{3}-[\w-]{22,60})"),
    ("azure-storage-key", r"AccountKey=(?P<value>[A-Za-z0-9+/=]{44,100})"),
    ("age-key", r"\b(?P<value>AGE-SECRET-KEY-1[0-9A-Z]{50,70})\b"),
)  # fmt: skip
_NAMED = (
    ("named-secret", rf"(?i)(?P<name>{_NAME})['\"]?(?P<sign>\s{{0,3}}[=:]\s{{0,3}})['\"]?{_VALUE}"),
    ("option", rf"(?i)--(?P<name>[a-z0-9-]{{0,40}}?{_NAME})(?P<sign>\s{{1,3}})['\"]?(?!-){_VALUE}"),
)
_FORMS = [(name, re.compile(pattern)) for name, pattern in (*_SPECIFIC, *_NAMED)]
_KEY_BEGINS = re.compile(r"-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_KEY_ENDS = "-----END "

#: What is written where a secret would stand.
_PLACEHOLDERS = frozenset(
    (
        *("changeme", "required", "missing", "invalid", "expired", "optional", "redacted", "hidden", "removed"),
        *("masked", "unset", "undefined", "none", "null", "nil", "empty", "string", "boolean", "number", "true"),
        *("false", "default", "example", "placeholder", "yourpassword", "yourtoken", "password", "secret", "token"),
        *("passphrase", "unknown", "forbidden", "rejected", "accepted", "rotated", "revoked", "created", "updated"),
        *("deleted", "disabled", "enabled", "unchanged", "mismatch", "refresh", "access", "bearer", "basic"),
    )
)
_PLACEHOLDER_BEGINS = ("$", "<", "{", "%", "[", "(", "*", "…", "...", "xxx", "@", "&", "\\")
_PATH_BEGINS = ("/", "./", "../", "~")


class Found(NamedTuple):
    """A secret in a text: the rule that knows it, and where its value begins and ends."""

    rule: str
    begin: int
    end: int


def secrets_in(text: str, allow: Iterable[str] = (), library: Library | None = None) -> list[Found]:
    """The secrets of a text by their place, none inside another.

    `allow` names what is none: a value, `sha256:` and the digest of a value, or `rule:` and the name of a rule.
    """
    lines = _hinted_lines(text)
    if not lines:
        return []
    found = [*_private_keys(text)]
    for begin, end in lines:
        found += _in_line(text, begin, end, library)
    let = frozenset(allow)
    apart: list[Found] = []
    for entry in sorted(found, key=lambda entry: (entry.begin, -entry.end)):
        if apart and entry.begin < apart[-1].end:
            continue
        if not _is_allowed(entry.rule, text[entry.begin : entry.end], let):
            apart.append(entry)
    return apart


def redacted(text: str, found: Iterable[Found]) -> str:
    """The text with `[redacted: RULE]` for each of the secrets, which are as `secrets_in` gives them."""
    parts, at = [], 0
    for entry in found:
        parts += [text[at : entry.begin], f"[redacted: {entry.rule}]"]
        at = entry.end
    return "".join([*parts, text[at:]])


def line_of(text: str, found: Found) -> int:
    """The line on which a secret begins, from 1."""
    return text.count("\n", 0, found.begin) + 1


def allow_entry(text: str, found: Found) -> str:
    """What the allow-list would say about a secret, without saying it."""
    return f"sha256:{digest.of_bytes(text[found.begin : found.end].encode('utf-8', 'surrogateescape'))}"


def _hinted_lines(text: str) -> list[tuple[int, int]]:
    """Where the lines begin and end that may hold a secret, each once."""
    lines: list[tuple[int, int]] = []
    for at in sorted(hints(text)):
        if not lines or at >= lines[-1][1]:  # a line is looked for once, however many hints it has
            end = text.find("\n", at)
            lines.append((text.rfind("\n", 0, at) + 1, len(text) if end < 0 else end))
    return lines


def _private_keys(text: str) -> Iterator[Found]:
    """Each private key from its first line to the end of its last one, or as far as lines of base64 follow."""
    at = 0
    while begins := _KEY_BEGINS.search(text, at):
        end = text.find(_KEY_ENDS, begins.end())
        following = text.find("-----BEGIN ", begins.end())
        if end < 0 or 0 <= following < end:
            at = _base64_ends(text, begins.end())
        else:
            close = text.find("-----", end + len(_KEY_ENDS))
            at = len(text) if close < 0 else close + 5
        yield Found("private-key", begins.start(), at)


def _base64_ends(text: str, at: int) -> int:
    end = at
    while end < len(text) and (text[end].isalnum() or text[end] in "+/=\r\n\\ "):
        end += 1
    return end


def _in_line(text: str, begin: int, end: int, library: Library | None) -> Iterator[Found]:
    for rule, form in _FORMS:
        for match in form.finditer(text, begin, end):
            value = match["value"].rstrip(").,;:]}>")
            if _is_secret(rule, match, value):
                yield Found(rule, match.start("value"), match.start("value") + len(value))
    if library is not None:
        line = text[begin:end]
        for rule, value in library(line):
            at = line.find(value)
            if at >= 0 and value and not _is_placeholder(value):
                yield Found(rule, begin + at, begin + at + len(value))


def _is_secret(rule: str, match: re.Match[str], value: str) -> bool:
    if _is_placeholder(value):
        return False
    if rule not in ("named-secret", "option"):
        return True
    if len(value) < 6 or value.startswith(_PATH_BEGINS) or "://" in value:
        return False
    digits, letters = any(map(str.isdigit, value)), any(map(str.isalpha, value))
    signs = any(not char.isalnum() and char not in "-_./:" for char in value)
    if ":" in match["sign"]:  # prose and YAML: a word after a colon is a word
        return (letters and digits) or (letters and signs and _is_mixed(value))
    if match["name"].lower().endswith(("password", "passwd", "passphrase", "pwd")):
        return True
    return (letters and digits) or signs or _is_mixed(value)


def _is_mixed(value: str) -> bool:
    """Whether a value has capitals behind its first letter and small letters: a word seldom has."""
    return any(map(str.isupper, value[1:])) and any(map(str.islower, value))


def _is_placeholder(value: str) -> bool:
    plain = value.strip("'\"`.,;:!()[]<>{}-_*").lower()
    return value.lower().startswith(_PLACEHOLDER_BEGINS) or plain in _PLACEHOLDERS or len(set(plain)) <= 2


def _is_allowed(rule: str, value: str, let: frozenset[str]) -> bool:
    if not let:
        return False
    if value in let or f"rule:{rule}" in let:
        return True
    return f"sha256:{digest.of_bytes(value.encode('utf-8', 'surrogateescape'))}" in let
