"""Telling what happened since last time: each event in order, at least once, and never forgotten in silence."""

from __future__ import annotations

import secrets
from functools import cache
from hashlib import pbkdf2_hmac
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.notify.cursor import held, keep, place_of, states
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.notify.notify_shapes import (
        Failed,
        Message,
        NotifyStanding,
        State,
        Told,
        Wanted,
    )
    from fairway_scripts.notify.services import Channel
    from fairway_scripts.project.project import Project

#: Events that are read at a time.
_BATCH = 500
#: After so many attempts an event is given up, which is kept and told.
MOST_ATTEMPTS = 10
#: So slow is a guess at the address, which may hold a short password, behind a mark in a state.
_ROUNDS = 100_000


def tell(project: Project, name: str, channels: dict[str, Channel], wanted: Wanted, *, after: int | None) -> Told:
    """Tell what happened since the notifier's cursor, and move it on.

    `wanted` has `lane` ("" for all) and `kinds` (a set, empty for all). `after` is the event to begin behind; a new
    notifier without one begins with what happens from now on. Returns `{notifier, told, cursor, waiting, failed,
    given_up}`: `told` are messages, `waiting` counts events behind one that failed, `failed` is {event_id, attempts,
    at, why} or None. Raises FairwayError `usage`, and `not_found` for an `after` that has not happened.
    """
    with held(place_of(project, name)) as state:
        place = place_of(project, name)
        began = _begin(project, state, after)
        told: list[Message] = []
        for message in _messages(project, began):
            if _is_wanted(message, wanted):
                why = _deliver(channels, message, state)
                if why:
                    if not _given_up(state, message, why):
                        break
                else:
                    told.append(message)
            state["cursor"], state["failed"], state["done"] = message["event_id"], None, []
            if told and told[-1] is message:
                keep(place, state)
        keep(place, state)
        failed = state.get("failed")
        waiting = sum(1 for message in _messages(project, state["cursor"]) if _is_wanted(message, wanted))
    given_up = state.get("given_up", [])
    return {
        "notifier": name,
        "told": told,
        "cursor": state["cursor"],
        "waiting": waiting,
        "failed": failed,
        "given_up": given_up,
    }


def look(project: Project, name: str, wanted: Wanted, *, after: int | None) -> list[Message]:
    """The messages that `tell` would deliver; nothing is written. Raises FairwayError as `tell` does."""
    state = states(project).get(name, {})
    began = _begin(project, state, after)
    return [message for message in _messages(project, began) if _is_wanted(message, wanted)]


def standing(project: Project) -> NotifyStanding:
    """How far each notifier is, and which open handoffs nobody was told of.

    Returns `{notifiers: [{name, cursor, behind, failed, given_up}], handoffs: [{task_id, to_role, created_at, told}]}`
    where `told` names the notifiers that are past the handoff's event: told, as far as their filters let it through.
    """
    known = states(project)
    with project.store.read() as tx:
        newest = int(tx.value("notify.newest"))
        handoffs = tx.all("notify.open_handoffs")
    return {
        "notifiers": [
            {
                "name": name,
                "cursor": state["cursor"],
                "behind": newest - state["cursor"],
                "failed": state.get("failed"),
                "given_up": state.get("given_up", []),
            }
            for name, state in known.items()
        ],
        "handoffs": [
            {
                "task_id": row["task_id"],
                "to_role": row["to_role"],
                "created_at": row["created_at"],
                "told": [
                    name
                    for name, state in known.items()
                    if state["cursor"] >= (row["event_id"] or 0) > state.get("began", 0)
                ],
            }
            for row in handoffs
        ],
    }


def _begin(project: Project, state: State, after: int | None) -> int:
    """The event behind which the telling begins; written into the state.

    Raises FairwayError `not_found` for one that has not happened yet: what happens until then would be told to nobody.
    """
    if after is None:
        if "cursor" not in state:
            state["cursor"] = state["began"] = _newest(project)
    else:
        newest = _newest(project)
        if after > newest:
            message = f"there is no event {after} yet: the newest is {newest}"
            raise FairwayError("not_found", message, suggest("fairway-notify", "status"))
        state["cursor"], state["failed"], state["done"] = after, None, []
        state["began"] = min(after, state.get("began", after))
    return state["cursor"]


def _newest(project: Project) -> int:
    with project.store.read() as tx:
        return int(tx.value("notify.newest"))


def _messages(project: Project, after: int) -> Iterator[Message]:
    """Every event behind one, oldest first, however many there are."""
    while True:
        with project.store.read() as tx:
            rows = tx.all("notify.after", after=after, limit=_BATCH)
        for row in rows:
            payload = stored(row["payload"], dict, "payload")
            yield {
                "schema": "notification/1",
                "project": project.root,
                "event_id": row["id"],
                "hash": row["hash"],
                "at": row["at"],
                "actor": row["actor"],
                "session_id": row["session_id"],
                "kind": row["kind"],
                "task_id": row["task_id"],
                "lane": row["lane"] or payload.get("lane") or "",
                "title": row["title"] or "",
                "summary": summary_of(payload, row["reverts"]),
            }
            after = row["id"]
        if len(rows) < _BATCH:
            return


def _is_wanted(message: Message, wanted: Wanted) -> bool:
    return (not wanted["lane"] or message["lane"] == wanted["lane"]) and (
        not wanted["kinds"] or message["kind"] in wanted["kinds"]
    )


def _deliver(channels: dict[str, Channel], message: Message, state: State) -> str:
    """Tell each channel that was not told of this event before: "" when all were, else why one was not.

    Who was told is kept by whom a channel tells: its name may be another one's when the message is tried again.
    """
    salt = state.setdefault("salt", secrets.token_hex(16))
    for name, (whom, channel) in channels.items():
        done = state.setdefault("done", [])
        mark = _mark(salt, f"{name.partition(' ')[0]} {whom}")
        if mark not in done:
            why = channel(message)
            if why:
                return f"{name}: {why}"
            done.append(mark)
    return ""


@cache
def _mark(salt: str, whom: str) -> str:
    """Whom a channel tells, without saying it."""
    return pbkdf2_hmac("sha256", whom.encode(), salt.encode(), _ROUNDS).hex()


def _given_up(state: State, message: Message, why: str) -> bool:
    """Note an attempt that failed; whether it was the last one that an event gets."""
    before = state.get("failed")
    attempts = before["attempts"] + 1 if before and before["event_id"] == message["event_id"] else 1
    failed: Failed = {"event_id": message["event_id"], "attempts": attempts, "at": clock.now(), "why": why}
    state["failed"] = failed
    if attempts < MOST_ATTEMPTS:
        return False
    state["given_up"] = [*state.get("given_up", []), failed][-100:]
    return True
