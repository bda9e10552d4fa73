"""Whether somebody may review or vouch for a task: who did its work, by name, by session and by login."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import is_claim, same_name
from fairway_scripts.project.work_place import elsewhere
from fairway_scripts.work import verdicts as rules
from fairway_scripts.work.evidence import RUNNER
from fairway_scripts.work.proof_lines import evidence_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypedDict

    from fairway_scripts.project.changes import Change
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import RecordsTraces, Review, Task

    class Deed(TypedDict):
        """An event, as far as it may be work."""

        kind: str
        actor: str
        tool: str

    class Claimed(TypedDict):
        """A task, and who holds its claim."""

        task_id: str
        claimant: str | None


#: Set for a command that trusted-run runs, with the id of its session.
TRUSTED_VARIABLE = "FAIRWAY_TRUSTED_RUN"
#: Tools whose evidence proves the work; what others attach is a document that they wrote.
_PROVING = (
    *("queue-record-evidence", "watcher-run", "watcher-finish", "trusted-run", "evidence-bundle"),
    *("regression-packs", "record-guard-report", "subagent-bridge"),
)


def own_work(project: Project, tx: Transaction, state: Task, *, lane: str, reviewer: str) -> str:
    """Why a verdict of this call, by `reviewer` for `lane` ("" for none), would be one on one's own work, else "".

    `state` is the state of the task. The caller counts by its chosen name, and by its session whatever its name is.
    """
    who = project.identity
    return rules.self_review(
        state,
        tx.all("tasks.past_holders", task_id=state["task_id"]),
        lane=lane,
        reviewer=reviewer,
        actor=who.actor if who.named else "",
        producers=tx.column("records.producers", task_id=state["task_id"]),
        session=_session_at_work(tx, state, who.session),
    )


def claimants_of(tx: Transaction, state: Claimed) -> list[str]:
    """Everybody who holds or held the claim of a task, each once."""
    past = tx.all("tasks.past_holders", task_id=state["task_id"])
    return list(dict.fromkeys(name for name in (state["claimant"], *(row["claimant"] for row in past)) if name))


def shared_logins(tx: Transaction, state: Claimed, reviews: Iterable[Review]) -> dict[int, str]:
    """What each review that came from a login of the work shares with it, by id; see `verdicts.shared_login`."""
    claimants = claimants_of(tx, state)
    producers = tx.column("records.producers", task_id=state["task_id"])
    found = {row["id"]: rules.shared_login(row, claimants, producers) for row in reviews}
    return {row_id: text for row_id, text in found.items() if text}


def check_distinct(project: Project, tx: Transaction, state: Task, what: str, line: str) -> str:
    """The warning about a caller who cannot be told from whoever did the work, "" for one who can.

    Raises FairwayError `self_review` where `reviews.distinct_actor` asks for somebody else; `what` is what the caller
    would do, `line` says who does it instead. A login is told from another login, and a chosen name
    from every other; a login and a chosen name may be the same person.
    """
    who, task_id = project.identity, state["task_id"]
    claimants, producers = claimants_of(tx, state), tx.column("records.producers", task_id=task_id)
    shared = rules.shared_login({"recorded_by": who.actor}, claimants, producers)
    if not project.settings["reviews"]["distinct_actor"]:
        return shared
    names = (*claimants, *producers)  # of work that nobody has begun it cannot be told whose it will be
    if not shared and (who.named or (names and all("@" in name for name in names))):
        work = () if who.named else tx.all("records.traces", task_id=task_id)
        if not any(is_chosen(row) and row["actor"] in names for row in work):
            return ""
    why = shared or f"nobody chose the name {who.actor}, so it may be whoever did the work"
    raise FairwayError(
        "self_review",
        f"{what} needs an actor who is told apart from the work (reviews.distinct_actor): {why}",
        line,
        task_id=task_id,
        lane=state["role"],
    )


def is_chosen(event: RecordsTraces) -> bool:
    """Whether somebody chose the name of an event's actor, which may read like a login all the same."""
    return '"named":true' in event["payload"]


def own_claim(project: Project, tx: Transaction, state: Task) -> str:
    """Why the caller is one who holds or held the claim of a task: by a chosen name or by session; "" else."""
    who = project.identity
    name = next((name for name in claimants_of(tx, state) if who.named and same_name(name, who.actor)), "")
    if name:
        return f"{who.actor}, who runs this command, is its claimant"
    session = _session_at_work(tx, state, who.session, evidence=False)
    return f"session {session}, in which this command runs, has claimed it" if session else ""


def refuse_trusted_run(what: str, deed: str) -> None:
    """Raise FairwayError `self_review` for a command that runs on an approval: it cannot give the next one."""
    session = os.environ.get(TRUSTED_VARIABLE, "")
    if session:
        raise FairwayError(
            "self_review",
            f"a trusted run (session {session}) cannot {what}",
            f"somebody else {deed} it, outside the run",
        )


def check_typed(change: Change, state: Task, producer: str, signer: str) -> None:
    """Refuse what somebody says of work of their own: that a runner saw it pass, or that it is signed off.

    A record of `producer` runner comes from a tool that ran the command, which its column `run_by` names; typed, it
    is taken from a name or login that holds and held no claim (a CI job), and names no tool. `signer` is nobody who
    does or did the work, and is not typed by its claimant. Raises FairwayError `self_review`.
    """
    project, task_id = change.project, state["task_id"]
    why = own_claim(project, change.tx, state)
    if producer == RUNNER:
        why = why or rules.shared_login({"recorded_by": project.identity.actor}, claimants_of(change.tx, state))
        if not why and not project.identity.named and project.settings["reviews"]["distinct_actor"]:
            why = f"nobody chose the name {project.identity.actor} (reviews.distinct_actor)"
        if why:
            raise FairwayError(
                "self_review",
                f"PRODUCER=runner cannot be typed for {task_id}: {why}",
                evidence_line(task_id, worktree=elsewhere(project, state["role"], state["branch"])),
                task_id=task_id,
            )
    if signer:
        _refuse_own_sign_off(change, state, signer, why)
        line = "whoever signs it off records that: queue-record-evidence with SIGNED_OFF_BY, as another ACTOR"
        shared = check_distinct(project, change.tx, state, f"a sign-off of {task_id}", line)
        project.notes += [f"the sign-off has the {shared}"] if shared else []


def _refuse_own_sign_off(change: Change, state: Task, signer: str, why: str) -> None:
    """Nobody signs off work that they do or did: the rule of reviews; `why` is what is known of the caller."""
    past = change.tx.all("tasks.past_holders", task_id=state["task_id"])
    why = rules.self_review(state, past, lane="", reviewer=signer, actor="", title="") or why
    if why:
        raise FairwayError(
            "self_review",
            f"{signer} cannot sign off evidence of {state['task_id']}: {why}",
            "somebody who did none of the work signs it off",
            task_id=state["task_id"],
        )


def _session_at_work(tx: Transaction, state: Task, session: str, *, evidence: bool = True) -> str:
    """The session of the call when it has claimed the task (or, with `evidence`, recorded a proof of it), else ""."""
    if not session:
        return ""
    claimants = claimants_of(tx, state)
    rows = tx.all("records.work_of_session", task_id=state["task_id"], session=session)
    return session if any(proves(row, claimants, evidence=evidence) for row in rows) else ""


def proves(event: Deed, claimants: list[str], *, evidence: bool) -> bool:
    """Whether an event (its kind, actor and tool) is a claim of its task, or with `evidence` a proof of the work."""
    if event["kind"] in ("evidence_recorded", "watcher_finished"):
        return evidence and event["tool"] in _PROVING
    return is_claim(event["kind"], event["actor"], claimants)
