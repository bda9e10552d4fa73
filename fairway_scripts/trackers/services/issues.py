"""What a tracker says, in words that are the same for all of them: issues, comments, and troubles with a word each."""

from __future__ import annotations

from dataclasses import dataclass, field

#: Word -> what it means. A trouble, or a finding about an issue, has one of these; none of them is a pass.
WORDS = {
    "rate_limited": "the tracker takes no more requests for now; what was not asked is not known",
    "no_access": "the tracker refused the token, or this request with it",
    "unreachable": "no answer, or one of a failing server, after several attempts",
    "outcome_unknown": "a comment was sent and nobody saw what came of it; it is looked for before another is sent",
    "bad_answer": "an answer that is not understood, or a refusal of the request",
    "hidden": "there is no such issue, or the token may not see it",
    "gone": "the issue was deleted, or is in the trash",
    "moved": "the issue is in another place now",
    "locked": "the issue takes no comments of everybody",
    "private": "the issue is confidential: its text is not taken over",
    "closed": "the issue is closed, so it is not imported",
    "closed_there": "the issue is closed and the task is not finished",
    "open_there": "the task is finished and the issue is open",
    "not_an_issue": "a pull request, which GitHub lists among issues",
    "unknown_state": "a state of the issue that is neither open nor closed as far as this version knows",
    "unknown_label": "a label that neither [[trackers.labels]] nor ignore_labels knows",
    "ambiguous_label": "two labels name different values of one thing; the first one counts",
    "no_lane": "nothing says which lane the task is for, or two labels name different ones",
    "unfit_text": "a title or text that holds control characters or marks that hide it, is empty or too long",
    "secret_found": "the text of the issue holds what looks like a secret",
    "refused": "the task that would be added or changed breaks a rule of the project",
    "file_owned": "the queue file owns the definition, so it is changed there",
    "both_changed": "both sides have changed the same thing since they last agreed",
    "comment_gone": "the comment was deleted there; ANEW=1 posts another one",
    "author_unknown": "a comment with the mark of this link is not known to be ours",
    "other_host": "the tracker of the link had another address when it was made",
    "no_tracker": "the configuration has no tracker of that name any more",
}
OPEN, CLOSED = "open", "closed"


class TrackerError(Exception):
    """Something that a tracker did not do: `word` is one of `WORDS`, `message` says where and why."""

    def __init__(self, word: str, message: str) -> None:
        if word not in WORDS:
            raise ValueError(f"unknown word {word!r}")
        super().__init__(message)
        self.word = word
        self.message = message


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as its tracker shows it.

    `state` is `open`, `closed`, or "" for a word (`state_word`) that is neither. `key` is how people write it,
    `remote_id` what stays the same when it moves, `moved_to` where a tracker says that it went without giving it here.
    """

    key: str
    remote_id: str
    url: str
    title: str
    body: str
    state: str
    state_word: str
    labels: tuple[str, ...]
    updated_at: str
    etag: str = ""
    locked: bool = False
    private: bool = False
    is_change: bool = False
    moved_to: str = ""

    def __post_init__(self) -> None:
        """Refuse control characters in what is shown as it is; title and body are judged where they are taken over."""
        for text in (self.key, self.remote_id, self.url, self.state_word, self.updated_at, self.etag, *self.labels):
            if any(ord(char) < 32 or 127 <= ord(char) < 160 for char in text):
                raise TrackerError("bad_answer", "a key, address, state, label or time holds a control character")


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of an issue before it is looked at; an `etag` lets the tracker answer that nothing has changed."""

    key: str
    remote_id: str = ""
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of an issue, its text as the tracker keeps it, and its author as `me` would name them."""

    comment_id: str
    body: str
    author: str


@dataclass(frozen=True, slots=True)
class Look:
    """What came of looking at one issue: the issue, `unchanged`, or a trouble.

    `led_there` says that the tracker itself sent the question on to this issue.
    """

    known: Known
    issue: Issue | None = None
    trouble: TrackerError | None = None
    unchanged: bool = field(default=False)
    led_there: bool = field(default=False)
