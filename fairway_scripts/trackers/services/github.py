"""GitHub and GitHub Enterprise Server: the REST API, version 2022-11-28.

Issues are asked for one by one with If-None-Match: an answer of 304 costs nothing of the rate limit, and a list would
not show which issues are gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from fairway_scripts.trackers.services.issues import CLOSED, OPEN, Comment, Issue, Known, Look, TrackerError
from fairway_scripts.trackers.services.service import HiddenMark, last_words, number_of
from fairway_scripts.trackers.services.shapes import flag, part, rows, text, text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairway_scripts.trackers.services.wire import Params


class GitHub(HiddenMark):
    """Issues of `owner/name`."""

    headers: ClassVar[dict[str, str]] = {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
    }

    def key_of(self, words: str) -> str:
        """See `Service.key_of`: `12`, `#12`, `owner/name#12`, or the address of the page."""
        found = last_words(words)
        if len(found) == 4 and found[2] == "issues":
            found = [f"{found[0]}/{found[1]}#{found[3]}"]
        repository, sign, number = found[-1].rpartition("#")
        number = number_of(number)
        repository = repository if sign and repository else self.project
        return f"{repository}#{number}" if number and len(found) == 1 and _is_repository(repository) else ""

    def answers(self, known: Sequence[Known]) -> Iterator[Look]:
        """See `Service.answers`."""
        for each in known:
            try:
                own = {"If-None-Match": each.etag} if each.etag else None
                reply = self.wire.call("GET", _path(each.key), headers=own)
                if reply.status == 304:
                    yield Look(each, unchanged=True)
                else:
                    issue = _issue(reply.data, reply.headers.get("etag", ""))
                    led_there = reply.sent_on.endswith(f"/issues/{issue.key.rpartition('#')[2]}")
                    yield Look(each, issue, led_there=led_there)
            except TrackerError as trouble:
                yield Look(each, trouble=trouble)

    def labelled(self, label: str) -> Iterator[Issue]:
        """See `Service.labelled`."""
        params: Params = {"labels": label, "state": "open", "sort": "created", "direction": "asc", "per_page": 100}
        for row in self.wire.pages(f"/repos/{self.project}/issues", params):
            issue = _issue(row)
            if not issue.is_change:
                yield issue

    def comments(self, known: Known) -> Iterator[Comment]:
        """See `Service.comments`."""
        for row in self.wire.pages(f"{_path(known.key)}/comments", {"per_page": 100}):
            yield Comment(text(row, "id"), text_or_none(row, "body"), text_or_none(row, "user", "login"))

    def me(self) -> str:
        """See `Service.me`."""
        return text(self.wire.call("GET", "/user").data, "login")

    def add_comment(self, known: Known, body: str) -> str:
        """See `Service.add_comment`."""
        reply = self.wire.call("POST", f"{_path(known.key)}/comments", body={"body": body}, repeat=False)
        return text(reply.data, "id")

    def edit_comment(self, known: Known, comment_id: str, body: str) -> None:
        """See `Service.edit_comment`."""
        repository = known.key.rpartition("#")[0]
        self.wire.call("PATCH", f"/repos/{repository}/issues/comments/{comment_id}", body={"body": body})


def _is_repository(name: str) -> bool:
    owner, slash, rest = name.partition("/")
    return bool(slash) and all(
        part and part not in (".", "..") and all(char.isascii() and (char.isalnum() or char in "-_.") for char in part)
        for part in (owner, rest)
    )


def _path(key: str) -> str:
    repository, _sign, number = key.rpartition("#")
    return f"/repos/{repository}/issues/{number}"


def _issue(row: object, etag: str = "") -> Issue:
    repository = "/".join(text(row, "repository_url").split("/")[-2:])
    state = text(row, "state")
    return Issue(
        key=f"{repository}#{text(row, 'number')}",
        remote_id=text(row, "id"),
        url=text(row, "html_url"),
        title=text(row, "title"),
        body=text_or_none(row, "body"),
        state={"open": OPEN, "closed": CLOSED}.get(state, ""),
        state_word=state,
        labels=tuple(sorted(_label(label) for label in rows(row, "labels"))),
        updated_at=text(row, "updated_at"),
        etag=etag,
        locked=flag(row, "locked"),
        is_change=part(row, "pull_request") is not None,
    )


def _label(row: object) -> str:
    return row if isinstance(row, str) else text(row, "name")
