"""Who runs a command: the actor, the session it speaks for, and the lane it most likely means."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

SESSION_VARIABLE = "FAIRWAY_SESSION_ID"

#: Letters and marks without a picture, which Unicode lets every reader ignore.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f")
#: A sign that looks like a blank: a Braille pattern without dots.
_BLANKS = frozenset("\u2800")
#: Letters of other alphabets that are drawn as Latin ones.
_ALIKE = str.maketrans(
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u0430\u0435\u043a\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03b1\u03b9\u03ba\u03bd\u03bf\u03c1\u03c5\u0131\u0251\u0261",
    "ABEKMHOPCTYXSIJ" + "aekopcyxsijhdqw" + "ABEZHIKMNOPTYX" + "aikvopuiag",
)


class Identity:
    """The actor of one call.

    `actor` is the name that goes into the ledger. `named` is true when somebody chose it (`--actor`, `ACTOR` or
    a session id): only a chosen name can tell two people apart, `user@host` is shared by all who use the machine.
    """

    __slots__ = ("actor", "named", "session")

    def __init__(self, actor: str, session: str, *, named: bool) -> None:
        self.actor = actor
        self.session = session
        self.named = named


def identify(given: str | None) -> Identity:
    """The actor: `given` (`--actor`), else `ACTOR`, else the session's id, else `user@host`."""
    session = os.environ.get(SESSION_VARIABLE, "")
    actor = os.environ.get("ACTOR", "")
    chosen = given or ("" if shows_nothing(actor) else actor) or session
    if chosen:
        return Identity(clean_name(chosen, "actor"), session, named=True)
    user = clean_name(_user(), "the user name (LOGNAME, USER)")
    return Identity(f"{user}@{clean_name(_host(), 'the name of this machine')}", session, named=False)


def clean_name(value: str, what: str) -> str:
    """`value` when it can stand in a record as a name: UTF-8, no control characters, at most 200 characters.

    Raises FairwayError `usage` otherwise.
    """
    if any(ord(char) < 32 or ord(char) == 127 or 0xD800 <= ord(char) <= 0xDFFF for char in value):
        raise FairwayError("usage", f"{what} {value!r} holds a control character or is not UTF-8")
    if len(value) > 200:
        raise FairwayError("usage", f"{what} is {len(value)} characters long; at most 200 are taken")
    return value


def same_name(one: str | None, other: str | None) -> bool:
    """Whether two names are one for whoever reads them: `D`, ` d ` and a full-width `D`; nobody is the same as nobody.

    Compared after NFKC, without case, characters that are not seen, and the kind and number of blanks; a letter of
    another alphabet that is drawn as a Latin one is that one too.
    """
    first, second = one or "", other or ""
    plain = _plain_name(first)
    if not plain or plain == _plain_name(second):
        return bool(plain)
    if first.isascii() and second.isascii():
        return False
    return _plain_name(first.translate(_ALIKE)) == _plain_name(second.translate(_ALIKE))


def is_claim(kind: str, actor: str, claimants: Iterable[str | None]) -> bool:
    """Whether an event of `kind` by `actor` is a claim of its task: that command, or a status by one of `claimants`.

    Who finishes or blocks the work of others is no claimant.
    """
    return kind == "claimed" or (kind == "status_set" and any(same_name(actor, name) for name in claimants))


def shows_nothing(value: str) -> bool:
    """Whether a value is there and nobody sees anything of it: blanks, and signs without a picture."""
    return bool(value) and not (value.strip() if value.isascii() else _plain_name(value))


def _plain_name(value: str) -> str:
    if value.isascii():
        return " ".join(value.split()).casefold()
    import unicodedata  # only for names beyond ASCII: its tables are a megabyte

    seen = "".join(
        char
        for char in unicodedata.normalize("NFKC", value)
        if unicodedata.category(char) not in ("Cf", "Cc") or char.isspace()
    )
    seen = "".join(" " if char in _BLANKS else char for char in seen if not _is_unseen(char))
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def _is_unseen(char: str) -> bool:
    """Whether a character that is no format character is still not seen: fillers, joiners, selectors of a variant."""
    return char in _UNSEEN or "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _user() -> str:
    """The login; a process without an account (a container's `--user 1000`) is told apart by its number."""
    for variable in ("LOGNAME", "USER"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return f"uid-{os.getuid()}"


def _host() -> str:
    return os.uname().nodename or "localhost"
