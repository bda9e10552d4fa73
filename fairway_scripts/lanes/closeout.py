"""What is still open of work that is over: branches on a remote, intents to push, sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import suggest, suggest_program
from fairway_scripts.git.git import is_ancestor
from fairway_scripts.git.remotes import remote_branches, remotes
from fairway_scripts.lanes.lanes import repository_of

if TYPE_CHECKING:
    from fairway_scripts.lanes.lane_shapes import About, Closeout, OpenIntent, Owner
    from fairway_scripts.lanes.lane_shapes import CloseoutFinding as Finding
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import PushIntentsSessionsOfFinished, PushIntentsTaskBranches


def closeout(project: Project, *, lane: str = "") -> Closeout:
    """What is left of finished tasks, and branches on a remote that nobody has said a reason for.

    Nothing is fetched: branches are those of the last fetch. Returns `{ok, remotes, unread, intents, findings}`:
    `unread` are the remotes that were never fetched, of which nothing is known; `intents` the open ones, each with
    `on_remote` (None where that is not known). `ok` is false when a finding is an error.
    Raises FairwayError `git_unavailable` outside a repository.
    """
    repository = repository_of(project)
    with project.store.read() as tx:
        recorded = tx.all("push_intents.open", lane=lane)
        tasks = tx.all("push_intents.task_branches", lane=lane)
        sessions = tx.all("push_intents.sessions_of_finished", lane=lane)
    known = remotes(repository)
    branches = remote_branches(repository, known)
    unread = [name for name in known if name not in branches]
    intents: list[OpenIntent] = [
        {
            **row,
            "on_remote": row["branch"] in branches[row["remote"]] if row["remote"] in branches else None,
            "terminal": bool(row["terminal"]),
        }
        for row in recorded
    ]
    findings = [_unread(project, name) for name in unread]
    findings += _without_intent(project, tasks, intents, branches, lane)
    findings += [found for intent in intents for found in _of_intent(project, intent, branches)]
    findings += [_session(row) for row in sessions]
    return {
        "ok": not any(found["level"] == "error" for found in findings),
        "remotes": known,
        "unread": unread,
        "intents": intents,
        "findings": findings,
    }


def _finding(level: str, check: str, row: About, message: str, fix: str) -> Finding:
    return {
        "level": level,
        "check": check,
        "task_id": row.get("task_id", ""),
        "lane": row.get("lane", ""),
        "remote": row.get("remote", ""),
        "branch": row.get("branch", ""),
        "message": message,
        "fix": fix,
    }


def _unread(project: Project, remote: str) -> Finding:
    message = f"nothing is known of the branches of {remote}: it was never fetched here"
    fix = suggest_program("git", "-C", project.root, "fetch", remote)
    return _finding("warning", "remote_never_fetched", {"remote": remote}, message, fix)


def _without_intent(
    project: Project,
    tasks: list[PushIntentsTaskBranches],
    intents: list[OpenIntent],
    branches: dict[str, dict[str, str]],
    lane: str,
) -> list[Finding]:
    """Branches of tasks and lanes that are on a remote without a reason; the newest task of a branch is named."""
    main = project.settings["fairway"]["main_branch"]
    lanes = [lane] if lane else settings_of.lanes(project.settings)
    owners: dict[str, Owner] = {settings_of.lane_branch(project.settings, name): {"lane": name} for name in lanes}
    for row in reversed(tasks):  # those under way come first, so they are the ones that stay
        owners[row["branch"] or ""] = {"lane": row["lane"], "task_id": row["task_id"], "over": bool(row["terminal"])}
    said = {(intent["remote"], intent["branch"]) for intent in intents}
    found = []
    for remote, heads in branches.items():
        for branch in sorted(heads.keys() & owners.keys() - {main}):
            if (remote, branch) in said:
                continue
            owner = owners[branch]
            message = f"{branch} is on {remote}, and nobody has recorded what for"
            task = owner.get("task_id")
            fix: str = suggest("queue-record-push-intent", TASK_ID=task, BRANCH=branch, REMOTE=remote, REASON=None)
            if not task or owner.get("over"):
                fix = _removal(project, remote, branch, heads[branch], heads.get(main))
            about: About = {"lane": owner["lane"], "task_id": task or "", "remote": remote, "branch": branch}
            found.append(_finding("error", "remote_branch_without_intent", about, message, fix))
    return found


def _of_intent(project: Project, intent: OpenIntent, branches: dict[str, dict[str, str]]) -> list[Finding]:
    """What an intent says of a task that is over: its branch is left, or has gone, or nobody can tell."""
    if not intent["terminal"]:
        return []
    remote, branch, over = intent["remote"], intent["branch"], f"{intent['task_id']} is {intent['status']}"
    about: About = {"task_id": intent["task_id"], "lane": intent["lane"], "remote": remote, "branch": branch}
    heads = branches.get(remote)
    if heads is None or branch not in heads:
        gone = "has gone from" if heads is not None else "may still be on"
        values = {"TASK_ID": intent["task_id"], "BRANCH": branch, "REMOTE": remote, "WITHDRAW": "1"}
        fix: str = suggest("queue-record-push-intent", **values)
        return [_finding("note", "push_intent_open", about, f"{over}, and {branch} {gone} {remote}", fix)]
    main = project.settings["fairway"]["main_branch"]
    fix = _removal(project, remote, branch, heads[branch], heads.get(main))
    return [_finding("error", "remote_branch_left", about, f"{over}, and {branch} is still on {remote}", fix)]


def _removal(project: Project, remote: str, branch: str, head: str, main: str | None) -> str:
    """The line that takes a branch from a remote; while part of it is not integrated there, one that shows it."""
    if main and is_ancestor(repository_of(project).common_dir, head, main):
        return suggest_program("git", "-C", project.root, "push", remote, "--delete", branch)
    base = project.settings["fairway"]["main_branch"]
    return suggest_program("git", "-C", project.root, "log", f"{remote}/{base}..{remote}/{branch}")


def _session(row: PushIntentsSessionsOfFinished) -> Finding:
    message = f"session {row['session_id']} goes on although {row['task_id']} is over"
    about: About = {"task_id": row["task_id"] or "", "lane": row["lane"]}
    return _finding("warning", "session_of_finished_task", about, message, suggest("session-end", row["session_id"]))
