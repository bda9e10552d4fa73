"""One change of the store: one write transaction, one ledger event, one history row, one answer.

Every mutating command runs inside `with change(project, args) as it:`. That is where a repeated request gets its
first answer, where an outdated fence is refused, where leases are renewed, and where what is ready is kept.
"""

from __future__ import annotations

import os

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call, with_words
from fairway_scripts.project.leases import claims_of, due_claims, renew
from fairway_scripts.project.ledger import append_event, canonical
from fairway_scripts.project.older_scripts import CUTTING_OVER, owe, tell
from fairway_scripts.project.secrets.secret_guard import refuse_typed
from fairway_scripts.store.stored_json import damaged, stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any, Self, TypeVar, Unpack

    from fairway_scripts.calls.tool_calls import Call, Changing
    from fairway_scripts.project.change_shapes import Updates
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Question, Transaction
    from fairway_scripts.store.rows import HistoryRow, Task, TaskDefinition, TaskState

    #: what a verb answers
    Answer = TypeVar("Answer", bound=Mapping[str, object])

#: The columns of task_state that a change may set, and that an event keeps before and after.
STATE_COLUMNS = (
    *("status", "terminal", "owner", "claimant", "branch", "claimed_at", "lease_expires_at", "completed_at"),
    *("commit_sha", "review_required", "review_status", "reviewer", "reviewed_at", "review_note"),
    *("fence", "status_since"),
)
#: Names the watcher for which a command runs; set by watcher-run.
WATCHER_VARIABLE = "FAIRWAY_WATCH_ID"
#: Arguments that do not make two calls with one request id different.
_NOT_IN_FINGERPRINT = ("request_id", "json", "format", "output", "config", "queue_db", "queue_file", "tool")


class Change:
    """An open change. `answer` is set when the same request was answered before: return it and do nothing."""

    __slots__ = (
        *("_due", "_fingerprint", "_foreseen", "_owes", "_request_id", "_scope"),
        *("answer", "args", "at", "project", "tx"),
    )

    def __init__(self, project: Project, args: Call, *foreseen: Question) -> None:
        """`foreseen`: what the change reads first, so that one message brings all of it."""
        self.project = project
        self.args = args
        self.at = clock.now()
        self.answer: dict[str, Any] | None = None
        self.tx: Transaction = None  # type: ignore[assignment]  # set on entry
        self._request_id = getattr(args, "request_id", "")
        self._fingerprint = ""
        self._owes = False
        self._foreseen = foreseen

    def __enter__(self) -> Self:
        if os.environ.get(WATCHER_VARIABLE):
            _refuse_watcher(self.project, self.args)
        refuse_typed(self.project, self.args)
        held = claims_of(self.project, self.at)
        self._scope = self.project.store.write(foreseen=self._questions(held))
        self.tx = self._scope.__enter__()
        try:
            self._find_answer()
            #: the leases that this call renews: what the caller holds as it begins
            self._due = due_claims(self.project, self.tx, self.at, asked=held)
        except BaseException as problem:
            self._scope.__exit__(type(problem), problem, None)
            raise
        return self

    def _questions(self, held: Question) -> list[Question]:
        """What is read first: whether the request was answered, and the state of the task that the call names."""
        source: Question = ("sources.source", {"path": self.project.queue.path})
        asked = [source, CUTTING_OVER, held, *self._foreseen]
        if self._request_id:
            asked.append(("ledger.request", {"request_id": self._request_id}))
        task_id = getattr(self.args, "task_id", "")
        if task_id:
            asked.append(("tasks.state", {"task_id": task_id}))
        return asked

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._scope.__exit__(kind, problem, trace)
        if self._owes and kind is None:
            tell(self.project)

    def state(self, task_id: str, found: Task | None = None) -> Task:
        """The state of a task together with the definition columns that rules need; checks the fence.

        `found` is that state where this transaction has read it already. Raises FairwayError `not_found`,
        `fence_outdated`, `invalid_queue` (a definition that is broken now).
        """
        state = found or find_state(self.tx, task_id)
        _refuse_broken(self.project, self.tx, task_id)
        given = getattr(self.args, "fence", "")
        if given and given != str(state["fence"]):
            raise FairwayError(
                "fence_outdated",
                f"{task_id} has fence {state['fence']}, this call names {given}: the task was claimed again since",
                suggest("queue-task-detail", TASK_ID=task_id),
                task_id=task_id,
                fence=state["fence"],
            )
        return state

    def move(self, state: Task, reason: str, source: str, **updates: Unpack[Updates]) -> Task:
        """Write `updates` to a task's state, and a history row by `source` (`claim`, `release` ...); the state then."""
        after: Task = {**state, **updates, "updated_at": self.at, "version": state["version"] + 1}
        if after["status"] != state["status"]:
            after["status_since"] = self.at
            after["terminal"] = int(settings_of.is_terminal(self.project.settings, after["status"]))
        self.write_state(state, after)
        self.tx.put(
            "tasks.add_history", **history_row(state, after, source, self.project.identity.actor, reason, self.at)
        )
        return after

    def write_state(self, before: TaskState, after: TaskState) -> None:
        """Write the mutable columns of a state, guarded by its version; raises FairwayError on a lost race."""
        columns: dict[str, Any] = {**after}
        self.tx.put(
            "tasks.update_state",
            otherwise=lambda: FairwayError(
                "store_busy", f"{before['task_id']} was changed at the same time", "run the command again"
            ),
            task_id=before["task_id"],
            version=before["version"],
            updated_at=self.at,
            **{name: columns[name] for name in STATE_COLUMNS},
        )
        initial = settings_of.initial_status(self.project.settings)
        may_be_ready = before["status"] != after["status"] == initial  # a task in any other status is not
        if may_be_ready or after["terminal"] != before["terminal"]:
            self.tx.put("tasks.refresh_task", task_id=before["task_id"], initial=initial)

    def record(self, kind: str, task_id: str, payload: Mapping[str, object], *, reverts: int | None = None) -> int:
        """Append the event of this change to the ledger; its number. During a cut-over the older scripts hear of it."""
        known = {"at": self.at, "request_id": self._request_id}
        event_id = append_event(self.project, self.tx, kind, task_id, payload, reverts=reverts, **known)
        if task_id:
            self._owes = owe(self, task_id, payload, event_id) or self._owes
        return event_id

    def finish(self, answer: Answer) -> Answer:
        """Renew the caller's leases, remember the answer of a named request, and give it back."""
        renew(self.project, self.tx, self.at, self._due)
        if self._request_id:
            answer = with_words(answer)  # the words of its lines are kept with it, for whoever asks again
            self.tx.put(
                "ledger.add_request",
                request_id=self._request_id,
                tool=self.project.tool,
                fingerprint=self._fingerprint,
                response=canonical(answer),
                created_at=self.at,
            )
        return answer

    def repeated(self) -> Answer | None:
        """`answer` as what the verb gives: the same verb made it, for the same request."""
        answer: Any = self.answer
        found: Answer | None = answer
        return found

    def _find_answer(self) -> None:
        if not self._request_id:
            return
        given = {name: value for name, value in vars(self.args).items() if name not in _NOT_IN_FINGERPRINT}
        self._fingerprint = canonical(given)
        known = self.tx.one("ledger.request", request_id=self._request_id)
        if known is None:
            return
        if (known["tool"], known["fingerprint"]) != (self.project.tool, self._fingerprint):
            raise FairwayError(
                "request_reused",
                f"REQUEST_ID {self._request_id!r} already stands for another call of {known['tool']}",
                suggest_call(REQUEST_ID=None),
            )
        self.answer = stored(known["response"], dict, "response")
        self.project.notes.append(f"REQUEST_ID {self._request_id} was answered before; nothing was changed")


def answered_before(project: Project, args: Changing) -> dict[str, Any] | None:
    """The first answer of a repeated REQUEST_ID, before anything outside the store is looked at; else None.

    A file or commit that the first call named may be gone by the time it is repeated.
    """
    if not args.request_id or not project.store.looked_up("ledger.request", request_id=args.request_id):
        return None
    with Change(project, args) as change:
        return change.answer


def repeated_answer(project: Project, args: Changing) -> Answer | None:
    """`answered_before` as what the verb gives."""
    answer: Any = answered_before(project, args)
    found: Answer | None = answer
    return found


def _refuse_watcher(project: Project, args: Call) -> None:
    """Raise FairwayError `watcher_refused` for what a command that runs for a watcher may not do."""
    from fairway_scripts.base.words.watcher_authority import refuse

    status = getattr(args, "status", "")
    terminal = settings_of.is_terminal(project.settings, status)
    forced = bool(getattr(args, "force", False))
    refuse(os.environ[WATCHER_VARIABLE], project.tool, status, terminal=terminal, forced=forced)


def _refuse_broken(project: Project, tx: Transaction, task_id: str) -> None:
    """Refuse to change a task whose definition in the queue file is broken; raises FairwayError `invalid_queue`.

    A fault that names no task (a syntax error) touches every task of the file.
    """
    known = tx.one("sources.source", path=project.queue.path) if project.queue.path else None
    if known is None or known["valid"]:
        return
    faults = stored(known["faults"], list, "faults")
    touching = [fault for fault in faults if fault["task_id"] in ("", task_id)]
    if touching:
        from fairway_scripts.project.queue_faults import broken_file

        raise broken_file(project, touching)


def find_state(tx: Transaction, task_id: str) -> Task:
    """The state of a task; raises FairwayError `not_found` with what it might have been."""
    state = tx.one("tasks.state", task_id=task_id)
    if state is not None:
        return state
    same = tx.column("tasks.same_id_without_case", task_id=task_id)
    close = same or tx.column("tasks.similar_ids", pattern=_like(task_id))
    guess = f"; did you mean {', '.join(close)}?" if close else ""
    hint = suggest_call(TASK_ID=same[0]) if len(same) == 1 else suggest("queue-list")
    raise FairwayError("not_found", f"there is no task {task_id}{guess}", hint, task_id=task_id)


def find_definition(tx: Transaction, task_id: str) -> TaskDefinition:
    """The definition of a task that is there; raises FairwayError `store_damaged` where it has none."""
    row = tx.one("tasks.definition", task_id=task_id)
    if row is None:
        raise damaged("", "task_definitions", f"has no row for the task {task_id}")
    return row


def history_row(
    before: TaskState | None, after: TaskState, source: str, actor: str, reason: str, at: str
) -> HistoryRow:
    """The history row of a transition."""
    return {
        "task_id": after["task_id"],
        "from_status": before["status"] if before else None,
        "to_status": after["status"],
        "from_owner": before["owner"] if before else None,
        "to_owner": after["owner"],
        "from_branch": before["branch"] if before else None,
        "to_branch": after["branch"],
        "from_commit_sha": before["commit_sha"] if before else None,
        "to_commit_sha": after["commit_sha"],
        "claimant": after["claimant"],
        "command_source": source,
        "actor": actor,
        "reason": reason,
        "at": at,
    }


def difference(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, object]:
    """What an event keeps of a transition: the changed columns before and after, and the versions."""
    names = [name for name in STATE_COLUMNS if before[name] != after[name]]
    return {
        "before": {name: before[name] for name in names},
        "after": {name: after[name] for name in names},
        "version": after["version"],
    }


def _like(task_id: str) -> str:
    plain = "".join(char for char in task_id if char.isalnum() or char == "-")
    return f"{plain[:12]}%" if plain else "-"
