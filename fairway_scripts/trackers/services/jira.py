"""Jira: Cloud over REST API 3 (search/jql with its page tokens, bulkfetch), Data Center over REST API 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.trackers.services.issues import CLOSED, OPEN, Comment, Issue, Known, Look, TrackerError
from fairway_scripts.trackers.services.rich_text import document, plain
from fairway_scripts.trackers.services.service import Service, in_portions, last_words, number_of
from fairway_scripts.trackers.services.shapes import part, rows, text, text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairway_scripts.trackers.services.wire import Params

_FIELDS = ("summary", "description", "status", "labels", "updated", "security")
_CATEGORIES = {"new": OPEN, "indeterminate": OPEN, "done": CLOSED}


class Jira(Service):
    """Issues of a project on Jira Cloud."""

    path = "/rest/api/3"
    #: The name of an author that stays the same.
    _author = "accountId"

    def key_of(self, words: str) -> str:
        """See `Service.key_of`: `12`, `PROJ-12`, or the address of the page."""
        found = last_words(words)[-1].upper()
        project, dash, number = found.rpartition("-")
        number = number_of(number)
        project = project if dash else self.project
        fits = project[:1].isalpha() and all(char.isascii() and (char.isalnum() or char == "_") for char in project)
        return f"{project}-{number}" if number and fits else ""

    def answers(self, known: Sequence[Known]) -> Iterator[Look]:
        """See `Service.answers`."""
        for portion in in_portions(known):
            body = {"issueIdsOrKeys": [each.remote_id or each.key for each in portion], "fields": list(_FIELDS)}
            try:
                reply = self.wire.call("POST", "/issue/bulkfetch", body=body)
                found = [self._issue(row) for row in rows(reply.data, "issues")]
            except TrackerError as trouble:
                yield from (Look(each, trouble=trouble) for each in portion)
                continue
            by_id = {name: issue for issue in found for name in (issue.remote_id, issue.key)}
            for each in portion:
                issue = by_id.get(each.remote_id or each.key)
                yield Look(each, issue) if issue else Look(each, trouble=self._hidden(each))

    def _hidden(self, known: Known) -> TrackerError:
        return TrackerError("hidden", f"{self.wire.host} has no issue {known.key}, or not for this token")

    def labelled(self, label: str) -> Iterator[Issue]:
        """See `Service.labelled`."""
        body: dict[str, object] = {"jql": self._jql(label), "fields": list(_FIELDS), "maxResults": 100}
        seen: set[str] = set()
        while True:
            reply = self.wire.call("POST", "/search/jql", body=body)
            for row in rows(reply.data, "issues"):
                yield self._issue(row)
            token = text_or_none(reply.data, "nextPageToken")
            if not token or part(reply.data, "isLast") is True:
                return
            if token in seen:
                raise TrackerError("bad_answer", f"{self.wire.host} gives the same page again")
            seen.add(token)
            body["nextPageToken"] = token

    def _jql(self, label: str) -> str:
        quoted = [word.replace("\\", "\\\\").replace('"', '\\"') for word in (self.project, label)]
        return f'project = "{quoted[0]}" AND labels = "{quoted[1]}" AND statusCategory != Done ORDER BY created ASC'

    def comments(self, known: Known) -> Iterator[Comment]:
        """See `Service.comments`."""
        at = 0
        while True:
            params: Params = {"startAt": at, "maxResults": 100, "orderBy": "created"}
            reply = self.wire.call("GET", f"{_path(known)}/comment", params=params)
            found = rows(reply.data, "comments")
            for row in found:
                author = text_or_none(row, "author", self._author)
                yield Comment(text(row, "id"), plain(part(row, "body")), author)
            at += len(found)
            if not found or at >= int(text(reply.data, "total")):
                return

    def me(self) -> str:
        """See `Service.me`."""
        return text(self.wire.call("GET", "/myself").data, self._author)

    def add_comment(self, known: Known, body: str) -> str:
        """See `Service.add_comment`."""
        reply = self.wire.call("POST", f"{_path(known)}/comment", body={"body": self._written(body)}, repeat=False)
        return text(reply.data, "id")

    def edit_comment(self, known: Known, comment_id: str, body: str) -> None:
        """See `Service.edit_comment`."""
        self.wire.call("PUT", f"{_path(known)}/comment/{comment_id}", body={"body": self._written(body)})

    def _written(self, body: str) -> object:
        return document(body)

    def _issue(self, row: object) -> Issue:
        key, word = text(row, "key"), text(row, "fields", "status", "name")
        address = text(row, "self").partition("/rest/")[0]
        return Issue(
            key=key,
            remote_id=text(row, "id"),
            url=f"{address}/browse/{key}",
            title=text(row, "fields", "summary"),
            body=plain(part(row, "fields", "description")),
            state=_CATEGORIES.get(text_or_none(row, "fields", "status", "statusCategory", "key"), ""),
            state_word=word,
            labels=tuple(
                sorted(text(label) for label in rows({"labels": part(row, "fields", "labels") or []}, "labels"))
            ),
            updated_at=text(row, "fields", "updated"),
            private=part(row, "fields", "security") is not None,
        )


class JiraDataCenter(Jira):
    """Issues of a project on a Jira of one's own: plain texts, pages by number, issues one by one."""

    path = "/rest/api/2"
    _author = "name"

    def answers(self, known: Sequence[Known]) -> Iterator[Look]:
        """See `Service.answers`."""
        for each in known:
            try:
                params: Params = {"fields": ",".join(_FIELDS)}
                yield Look(each, self._issue(self.wire.call("GET", _path(each), params=params).data))
            except TrackerError as trouble:
                yield Look(each, trouble=trouble)

    def labelled(self, label: str) -> Iterator[Issue]:
        """See `Service.labelled`."""
        at = 0
        while True:
            params: Params = {"jql": self._jql(label), "fields": ",".join(_FIELDS), "startAt": at, "maxResults": 100}
            reply = self.wire.call("GET", "/search", params=params)
            found = rows(reply.data, "issues")
            for row in found:
                yield self._issue(row)
            at += len(found)
            if not found or at >= int(text(reply.data, "total")):
                return

    def _written(self, body: str) -> object:
        return body


def _path(known: Known) -> str:
    return f"/issue/{known.remote_id or known.key}"
