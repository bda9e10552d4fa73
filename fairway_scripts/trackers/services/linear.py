"""Linear: its GraphQL API, with cursors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.trackers.services.issues import CLOSED, OPEN, Comment, Issue, Known, Look, TrackerError
from fairway_scripts.trackers.services.service import Service, in_portions, last_words, number_of
from fairway_scripts.trackers.services.shapes import flag, part, rows, text, text_or_none
from fairway_scripts.trackers.services.wire import message_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_STATES = {
    **dict.fromkeys(("triage", "backlog", "unstarted", "started"), OPEN),
    **dict.fromkeys(("completed", "canceled", "duplicate"), CLOSED),
}
_FIELDS = (
    "id identifier url title description updatedAt trashed state { name type } labels(first: 100) { nodes { name } }"
)
_PAGE = "pageInfo { hasNextPage endCursor }"
_ONE = f"query($id: String!) {{ issue(id: $id) {{ {_FIELDS} }} }}"
_SEVERAL = (
    "query($ids: [ID!], $after: String) { issues(filter: { id: { in: $ids } }, first: 100, after: $after, "
    f"includeArchived: true) {{ nodes {{ {_FIELDS} }} {_PAGE} }} }}"
)
_LABELLED = (
    "query($team: String!, $label: String!, $after: String) { issues(filter: { team: { key: { eq: $team } }, "
    'labels: { name: { eq: $label } }, state: { type: { nin: ["completed", "canceled", "duplicate"] } } }, '
    f"first: 100, after: $after, orderBy: createdAt) {{ nodes {{ {_FIELDS} }} {_PAGE} }} }}"
)
_COMMENTS = (
    "query($id: String!, $after: String) { issue(id: $id) { comments(first: 100, after: $after) "
    f"{{ nodes {{ id body user {{ id }} }} {_PAGE} }} }} }}"
)
_ADD = (
    "mutation($issue: String!, $body: String!) { commentCreate(input: { issueId: $issue, body: $body }) "
    "{ success comment { id } } }"
)
_EDIT = "mutation($id: String!, $body: String!) { commentUpdate(id: $id, input: { body: $body }) { success } }"


class Linear(Service):
    """Issues of a team."""

    def key_of(self, words: str) -> str:
        """See `Service.key_of`: `12`, `ENG-12`, or the address of the page."""
        found = last_words(words)
        named = found[found.index("issue") + 1] if "issue" in found[:-1] else found[-1]
        team, dash, number = named.upper().rpartition("-")
        number = number_of(number)
        team = team if dash else self.project
        return f"{team}-{number}" if number and team.isascii() and team.isalnum() else ""

    def answers(self, known: Sequence[Known]) -> Iterator[Look]:
        """See `Service.answers`."""
        for each in known:
            if not each.remote_id:
                try:
                    row = part(self._ask(_ONE, {"id": each.key}), "issue")
                    issue = _issue(row)
                    yield self._looked(each, {each.key: issue}, {each.key} if flag(row, "trashed") else set())
                except TrackerError as trouble:
                    yield Look(each, trouble=trouble)
        for portion in in_portions(each for each in known if each.remote_id):
            try:
                found = list(self._nodes(_SEVERAL, "issues", ids=[each.remote_id for each in portion]))
                by_id = {issue.remote_id: issue for issue in map(_issue, found)}
                trashed = {text(row, "id") for row in found if flag(row, "trashed")}
            except TrackerError as trouble:
                yield from (Look(each, trouble=trouble) for each in portion)
                continue
            for each in portion:
                yield self._looked(each, by_id, trashed)

    def _looked(self, each: Known, by_id: dict[str, Issue], trashed: set[str]) -> Look:
        name = each.remote_id or each.key
        if name in trashed:
            return Look(each, trouble=TrackerError("gone", f"{each.key} is in the trash"))
        if name not in by_id:
            return Look(each, trouble=TrackerError("hidden", f"Linear has no issue {each.key}, or not for this token"))
        return Look(each, by_id[name])

    def labelled(self, label: str) -> Iterator[Issue]:
        """See `Service.labelled`."""
        yield from map(_issue, self._nodes(_LABELLED, "issues", team=self.project, label=label))

    def comments(self, known: Known) -> Iterator[Comment]:
        """See `Service.comments`."""
        for row in self._nodes(_COMMENTS, "issue", "comments", id=known.remote_id):
            yield Comment(text(row, "id"), text(row, "body"), text_or_none(row, "user", "id"))

    def me(self) -> str:
        """See `Service.me`."""
        return text(self._ask("query { viewer { id } }", {}), "viewer", "id")

    def add_comment(self, known: Known, body: str) -> str:
        """See `Service.add_comment`."""
        made = self._ask(_ADD, {"issue": known.remote_id, "body": body}, repeat=False)
        return text(made, "commentCreate", "comment", "id")

    def edit_comment(self, known: Known, comment_id: str, body: str) -> None:  # noqa: ARG002 - the comment has an id
        """See `Service.edit_comment`."""
        if not flag(self._ask(_EDIT, {"id": comment_id, "body": body}), "commentUpdate", "success"):
            raise TrackerError("bad_answer", "Linear did not take the new text of the comment")

    def _nodes(self, question: str, *path: str, **values: object) -> Iterator[object]:
        after: str | None = None
        while True:
            found = part(self._ask(question, {**values, "after": after}), *path)
            yield from rows(found, "nodes")
            if not flag(found, "pageInfo", "hasNextPage"):
                return
            cursor = text(found, "pageInfo", "endCursor")
            if cursor == after:
                raise TrackerError("bad_answer", "Linear gives the same page again")
            after = cursor

    def _ask(self, question: str, values: Mapping[str, object], *, repeat: bool = True) -> object:
        body = {"query": question, "variables": values}
        reply = self.wire.call("POST", "/graphql", body=body, repeat=repeat, accept=(400,))
        errors = part(reply.data, "errors")
        if errors or reply.status == 400:
            said = message_of(reply.data)
            plain = said.lower()
            word = "hidden" if "not found" in plain or "could not find" in plain else "bad_answer"
            if "auth" in plain or "forbidden" in plain or "permission" in plain:
                word = "no_access"
            raise TrackerError(word, f"Linear says: {said or 'nothing'}")
        return part(reply.data, "data")


def _issue(row: object) -> Issue:
    kind = text(row, "state", "type")
    return Issue(
        key=text(row, "identifier"),
        remote_id=text(row, "id"),
        url=text(row, "url"),
        title=text(row, "title"),
        body=text_or_none(row, "description"),
        state=_STATES.get(kind, ""),
        state_word=text(row, "state", "name"),
        labels=tuple(sorted(text(label, "name") for label in rows(row, "labels", "nodes"))),
        updated_at=text(row, "updatedAt"),
    )
