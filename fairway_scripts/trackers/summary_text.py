"""The comment that an issue gets: how its task stands, in counts and words of the configuration, and nothing else.

No title, note, name of a person, path, command or output goes into it. No line begins with a slash (GitLab would take
it for an order), and nothing in it calls anybody or refers to an issue.
"""

from __future__ import annotations

from typing import NamedTuple

_SHA = 12


class Standing(NamedTuple):
    """How a task stands, as far as a tracker is told."""

    task_id: str
    status: str
    lane: str
    commit_sha: str
    review: str
    passed: int
    failed: int
    waits_for: int


def summary(standing: Standing) -> str:
    """The text of the comment; the same for the same standing, whenever it is made."""
    lines = [f"Task {_plain(standing.task_id)} is {_plain(standing.status)}, in lane {_plain(standing.lane)}."]
    if standing.waits_for:
        lines.append(f"It waits for {standing.waits_for} other task{'s' if standing.waits_for > 1 else ''}.")
    if standing.commit_sha:
        lines.append(f"Commit: {_plain(standing.commit_sha[:_SHA])}")
    if standing.passed or standing.failed:
        lines.append(f"Evidence: {standing.passed} passed, {standing.failed} failed")
    if standing.review:
        lines.append(f"Review: {_plain(standing.review)}")
    lines.append("This comment is changed when the task is, by fairway-tracker export.")
    return "\n\n".join(lines)


def marked(text: str, mark: str) -> str:
    """The comment with its mark as the last line."""
    return f"{text}\n\n{mark}"


def is_marked(body: str, mark: str) -> bool:
    """Whether a comment has the mark on a line of its own: a quotation has not."""
    return any(line.strip() == mark for line in body.splitlines())


def same_text(one: str, other: str) -> bool:
    """Whether two comments say the same; trackers keep blank lines and line ends in ways of their own."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _plain(word: str) -> str:
    return "".join(char if char.isalnum() or char in "-_. " else "?" for char in word)
