"""What every tracker can be asked; a module each says how."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fairway_scripts.trackers.services.issues import Look, TrackerError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fairway_scripts.trackers.services.issues import Comment, Issue, Known
    from fairway_scripts.trackers.services.wire import Wire

#: Issues that one request asks for, where a tracker takes several.
AT_ONCE = 100


class Service(ABC):
    """One tracker, with a token. Every method but `key_of` and `mark` makes requests and raises TrackerError."""

    #: What stands behind the address of the tracker.
    path = ""

    def __init__(self, wire: Wire, project: str) -> None:
        self.wire = wire
        self.project = project

    @abstractmethod
    def key_of(self, words: str) -> str:
        """The key of the issue that somebody means by its number, key or address; "" for no such thing."""

    @abstractmethod
    def answers(self, known: Sequence[Known]) -> Iterator[Look]:
        """What the tracker answers about each of these issues, with as few requests as it takes."""

    def look(self, known: Sequence[Known]) -> Iterator[Look]:
        """What has become of each of these issues; an answer about another one than was asked for is a trouble."""
        for look in self.answers(known):
            trouble = self._of_another(look)
            yield Look(look.known, trouble=trouble) if trouble else look

    def _of_another(self, look: Look) -> TrackerError | None:
        known, issue = look.known, look.issue
        if issue is None or look.led_there or known.remote_id == issue.remote_id:
            return None
        if known.remote_id:
            return TrackerError("bad_answer", f"{self.wire.host} answers with another issue than {known.key}")
        if known.key.casefold() == issue.key.casefold():
            return None
        return TrackerError("moved", f"{self.wire.host} answers for {known.key} with {issue.key}: name that one")

    @abstractmethod
    def labelled(self, label: str) -> Iterator[Issue]:
        """The open issues of the project that have a label, oldest first."""

    @abstractmethod
    def comments(self, known: Known) -> Iterator[Comment]:
        """The comments of an issue, oldest first."""

    @abstractmethod
    def me(self) -> str:
        """Who the token belongs to, as the author of a comment is named."""

    @abstractmethod
    def add_comment(self, known: Known, body: str) -> str:
        """Post a comment, once; its id. TrackerError `outcome_unknown` when it may stand there all the same."""

    @abstractmethod
    def edit_comment(self, known: Known, comment_id: str, body: str) -> None:
        """Give a comment another text."""

    def mark(self, uid: str) -> str:
        """The last line of the comment of a link, by which it is found again."""
        return f"fairway-link {uid}"


class HiddenMark(Service):
    """A tracker whose comments keep what a reader of the page does not see."""

    def mark(self, uid: str) -> str:
        """See `Service.mark`."""
        return f"<!-- fairway-link {uid} -->"


def in_portions(known: Iterable[Known]) -> Iterator[list[Known]]:
    """So many at a time as one request asks for."""
    portion: list[Known] = []
    for each in known:
        portion.append(each)
        if len(portion) == AT_ONCE:
            yield portion
            portion = []
    if portion:
        yield portion


def last_words(words: str) -> list[str]:
    """The parts of an address, or the one word that it is not: `https://h/o/n/issues/12` -> `[o, n, issues, 12]`."""
    words = words.strip()
    return [word for word in urlsplit(words).path.split("/") if word] if "://" in words else [words]


def number_of(words: str) -> str:
    """The number of an issue, "" for none."""
    bare = words.removeprefix("#")
    return str(int(bare)) if bare.isascii() and bare.isdigit() and len(bare) < 12 and int(bare) else ""
