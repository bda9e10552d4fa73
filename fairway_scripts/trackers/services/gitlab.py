"""GitLab, the public one or one's own: the REST API, version 4. One request asks for a hundred issues."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from fairway_scripts.trackers.services.issues import CLOSED, OPEN, Comment, Issue, Known, Look, TrackerError
from fairway_scripts.trackers.services.service import HiddenMark, in_portions, last_words, number_of
from fairway_scripts.trackers.services.shapes import flag, rows, text, text_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairway_scripts.trackers.services.wire import Params


class GitLab(HiddenMark):
    """Issues of the project at `group/name`."""

    path = "/api/v4"

    def key_of(self, words: str) -> str:
        """See `Service.key_of`: `12`, `#12`, `group/name#12`, or the address of the page."""
        found = last_words(words)
        if len(found) > 3 and found[-2] in ("issues", "work_items"):
            place = found[:-2]
            found = [f"{'/'.join(place[:-1] if place[-1] == '-' else place)}#{found[-1]}"]
        project, sign, number = found[-1].rpartition("#")
        number = number_of(number)
        project = project if sign and project else self.project
        return f"{project}#{number}" if number and len(found) == 1 and project.isprintable() else ""

    def answers(self, known: Sequence[Known]) -> Iterator[Look]:
        """See `Service.answers`."""
        for project in dict.fromkeys(each.key.rpartition("#")[0] for each in known):
            for portion in in_portions(each for each in known if each.key.rpartition("#")[0] == project):
                yield from self._looked(project, portion)

    def _looked(self, project: str, portion: list[Known]) -> Iterator[Look]:
        numbers = [each.key.rpartition("#")[2] for each in portion]
        params: Params = {"iids[]": numbers, "scope": "all", "per_page": 100}
        try:
            found = {text(row, "iid"): _issue(row) for row in self.wire.pages(f"{_project(project)}/issues", params)}
        except TrackerError as trouble:
            yield from (Look(each, trouble=trouble) for each in portion)
            return
        for each, number in zip(portion, numbers, strict=True):
            if number in found:
                yield Look(each, found[number])
            else:
                message = f"{self.wire.host} has no issue {each.key}, or not for this token"
                yield Look(each, trouble=TrackerError("hidden", message))

    def labelled(self, label: str) -> Iterator[Issue]:
        """See `Service.labelled`."""
        params: Params = {"labels": label, "state": "opened", "scope": "all", "order_by": "created_at", "sort": "asc"}
        for row in self.wire.pages(f"{_project(self.project)}/issues", {**params, "per_page": 100}):
            yield _issue(row)

    def comments(self, known: Known) -> Iterator[Comment]:
        """See `Service.comments`."""
        for row in self.wire.pages(f"{_path(known.key)}/notes", {"sort": "asc", "per_page": 100}):
            if not flag(row, "system"):
                yield Comment(text(row, "id"), text(row, "body"), text_or_none(row, "author", "username"))

    def me(self) -> str:
        """See `Service.me`."""
        return text(self.wire.call("GET", "/user").data, "username")

    def add_comment(self, known: Known, body: str) -> str:
        """See `Service.add_comment`."""
        return text(self.wire.call("POST", f"{_path(known.key)}/notes", body={"body": body}, repeat=False).data, "id")

    def edit_comment(self, known: Known, comment_id: str, body: str) -> None:
        """See `Service.edit_comment`."""
        self.wire.call("PUT", f"{_path(known.key)}/notes/{comment_id}", body={"body": body})


def _project(path: str) -> str:
    return f"/projects/{quote(path, safe='')}"


def _path(key: str) -> str:
    project, _sign, number = key.rpartition("#")
    return f"{_project(project)}/issues/{number}"


def _issue(row: object) -> Issue:
    state = text(row, "state")
    return Issue(
        key=text(row, "references", "full"),
        remote_id=text(row, "id"),
        url=text(row, "web_url"),
        title=text(row, "title"),
        body=text_or_none(row, "description"),
        state={"opened": OPEN, "closed": CLOSED}.get(state, ""),
        state_word=state,
        labels=tuple(sorted(label if isinstance(label, str) else text(label, "name") for label in rows(row, "labels"))),
        updated_at=text(row, "updated_at"),
        locked=flag(row, "discussion_locked"),
        private=flag(row, "confidential"),
        moved_to=text_or_none(row, "moved_to_id"),
    )
