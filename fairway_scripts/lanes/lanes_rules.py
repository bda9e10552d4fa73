"""What may be done about lanes on disk, judged from facts that were gathered before."""

from __future__ import annotations

from fairway_scripts.base.errors import suggest, suggest_program
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.work.preflight import ERROR, WARNING, file_list

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.lanes.lane_shapes import KeepFacts, SeenWorktree, SetupFacts, SetupPlan
    from fairway_scripts.store.rows import LanesClaims, LanesLiveSessions
    from fairway_scripts.work.preflight import Issue

#: Action words of a lane in worktree-setup.
PRESENT, CREATE = "present", "create"

#: The fields of a lane that a shell may ask for -> the variable that it gets.
FIELDS = {
    "role": "AGENT_ROLE",
    "branch": "AGENT_BRANCH",
    "worktree": "AGENT_WORKTREE",
    "review_branch": "AGENT_REVIEW_BRANCH",
    "provider": "AGENT_PROVIDER",
    "lease": "AGENT_LEASE",
    "main_branch": "AGENT_MAIN_BRANCH",
    "main_worktree": "AGENT_MAIN_WORKTREE",
}


def setup_plan(facts: SetupFacts) -> SetupPlan:
    """What worktree-setup does for one lane: `{action, refusal, fix, warning}`, `refusal` "" when nothing objects.

    `facts`: lane, path and branch as configured; `here` and `holder`, the worktrees (of `paths.worktrees`, or None)
    at that path and with that branch; `occupied`: something else lies at the path; `main`: the main checkout;
    `start`: the commit for a new branch, None when git knows none; `branch_exists`; `holds`: what git keeps of a
    worktree whose folder is gone (a staged change, a rebase).
    """
    refusal, fix = _objection(facts)
    here, holder = facts["here"], facts["holder"]
    plan: SetupPlan = {"action": CREATE, "refusal": refusal, "fix": fix, "warning": ""}
    if refusal:
        return plan
    if here is not None:
        plan["action"], plan["warning"] = PRESENT, _off_branch(facts, here)
    elif holder is not None:
        line = suggest_program("git", "worktree", "move", holder["path"], facts["path"])
        moved = f"it belongs at {facts['path']} ({line})"
        plan["action"], plan["warning"] = PRESENT, f"lane {facts['lane']} works in {holder['path']}; {moved}"
    return plan


def keep_reasons(facts: KeepFacts) -> list[str]:
    """Why a worktree stays; none left, it may be removed without losing or disturbing anything.

    `facts`: path, branch, head, main, gone, locked, made (worktree-setup made it), lane, configured (that lane still
    works here), asked (the caller named the lane), inside (the caller stands in it), half_done, submodules (whether it
    holds any), changed_count, changed_files, stashes (of the worktree), published (None when not looked at),
    main_branch, sessions, claims.
    """
    if facts["main"]:
        return ["it is the main checkout"]
    if not facts["made"]:
        return ["worktree-setup did not make it"]
    reasons = []
    if facts["configured"] and not facts["asked"]:
        reasons.append(f"lane {facts['lane']} works here (name it to retire it: ROLE={facts['lane']})")
    if facts["inside"]:
        reasons.append("you are in it")
    reasons += _contents(facts)
    if facts["stashes"]:
        reasons.append(f"{facts['stashes']} stash {'entry' if facts['stashes'] == 1 else 'entries'} of its branch")
    if not facts["published"]:
        head = (facts["head"] or "no commit")[:12]
        reasons.append(f"{head} is neither on {facts['main_branch']} nor on a remote branch")
    reasons += [f"session {name} is live" for name in facts["sessions"]]
    reasons += [f"{task_id} is claimed" for task_id in facts["claims"]]
    return reasons


def _contents(facts: KeepFacts) -> Iterator[str]:
    """What lies in a worktree that keeps it there."""
    if facts["locked"]:
        yield "it is locked (git worktree unlock)"
    if facts["half_done"]:
        yield f"{facts['half_done']} is under way"
    if facts["submodules"]:
        place = facts["path"]
        alone = suggest_program(
            "git", "-C", place, "submodule", "foreach", "git", "log", "--oneline", "--branches", "--not", "--remotes"
        )
        remove = suggest_program("git", "worktree", "remove", "--force", place)
        yield f"it holds submodules, which git does not remove: {alone}, then: {remove}"
    if facts["changed_count"]:
        yield f"uncommitted or untracked: {file_list(facts['changed_files'], facts['changed_count'])}"


def is_stash_of(worktree: Worktree, stash: dict[str, str]) -> bool:
    """Whether a stash entry (`{branch, commit}`) belongs to the work of a worktree (`{branch, head}`).

    An entry that does not say its branch counts for every worktree that stands on the commit it was made on.
    """
    if stash["branch"]:
        return stash["branch"] == worktree["branch"]
    return stash["commit"] == worktree["head"]


def attachment_issues(
    lane: str, sessions: list[LanesLiveSessions], claims: list[LanesClaims], callers: tuple[str, ...], now: str
) -> list[Issue]:
    """What the live sessions and open claims of a lane say against starting there: issues as in `work.preflight`.

    `callers` are the names of the caller (actor and session); its own session is no issue, its own claim a warning,
    because work in progress is finished before more is taken. `now` is the time of the call.
    """
    found = []
    for session in sessions:
        if session["id"] not in callers:
            on_task = f" on {session['task_id']}" if session["task_id"] else ""
            message = f"lane {lane} has a live session: {session['id']} ({session['session_backend']}){on_task}"
            found.append(_issue("live_session", ERROR, message, suggest("session-end", SESSION_ID=session["id"])))
    for claim in claims:
        own = bool(claim["claimant"]) and claim["claimant"] in callers
        holder = "you" if own else claim["claimant"] or claim["owner"] or "nobody"
        message = f"{claim['task_id']} of lane {lane} is in progress, held by {holder}"
        level = WARNING if own else ERROR
        found.append(_issue("open_claim", level, message, _claim_fix(claim, own=own, now=now)))
    return found


def missing_worktree_issue(issue: Issue, lane: str) -> Issue:
    """An issue of `work.preflight` as queue-preflight sees it: there, a lane without a worktree is not fit."""
    if issue["check"] != "worktree_missing":
        return issue
    return {**issue, "level": ERROR, "fix": suggest("worktree-setup", ROLE=lane)}


def shell_assignments(lanes: list[dict[str, str]], *, one: bool) -> list[str]:
    """The role table as assignments that a POSIX shell may evaluate; every value is one quoted word.

    With `one` the variables of that lane (`AGENT_BRANCH=...`), else numbered ones and their count.
    """
    if one:
        return [f"{variable}={quoted(lanes[0][field])}" for field, variable in FIELDS.items()]
    lines = [f"AGENT_ROLE_COUNT={len(lanes)}"]
    for number, lane in enumerate(lanes, 1):
        lines += [f"{variable}_{number}={quoted(lane[field])}" for field, variable in FIELDS.items()]
    return lines


def _objection(facts: SetupFacts) -> tuple[str, str]:
    """Why no worktree can be made for a lane, and the command that clears the way; ("", "") when one can."""
    lane, path, here, holder = facts["lane"], facts["path"], facts["here"], facts["holder"]
    if lane.startswith("-") or "/" in lane or not lane.isprintable():
        return f"lane {lane!r} cannot be part of a branch and a folder name", suggest("fairway-config", "validate")
    if here is not None and not here["gone"]:
        return "", ""
    if here is not None:
        return _gone(here, facts)
    if holder is not None:
        return _taken(holder, facts)
    if facts["occupied"]:
        return f"{path} is there and is no worktree of this repository", suggest_program("mv", path, f"{path}.old")
    if not facts["branch_exists"] and facts["start"] is None:
        return f"there is no {facts['base']} to start branch {facts['branch']} from", "name another as BASE"
    return "", ""


def _gone(here: SeenWorktree, facts: SetupFacts) -> tuple[str, str]:
    """Git refuses a path that it remembers: the folder may have been moved, or lie on a disk that is not mounted."""
    path = here["path"]
    holds = f", and git still holds {', '.join(facts['holds'])} of it" if facts["holds"] else ""
    what = f"{path} is gone, git remembers it on {here['branch'] or 'no branch'}{holds}"
    moved = "where the folder was moved to, or will be back: git worktree repair NEWPATH"
    if not here["prunable"]:
        return f"{what}, and keeps it locked", f"{moved}; else: git worktree unlock {quoted(path)}"
    return what, f"{moved}; to give it up: git worktree remove {quoted(path)}"


def _taken(holder: SeenWorktree, facts: SetupFacts) -> tuple[str, str]:
    """A lane may work in another place than the configured one, but not in the main checkout."""
    path, branch = holder["path"], facts["branch"]
    if holder["gone"]:
        return _gone(holder, facts)
    if holder["main"]:
        fix = suggest_program("git", "-C", path, "switch", facts["main_branch"])
        return f"branch {branch} is checked out in the main checkout", fix
    return "", ""


def _off_branch(facts: SetupFacts, here: SeenWorktree) -> str:
    if here["branch"] == facts["branch"]:
        return ""
    where = f"on {here['branch']}" if here["branch"] else "on no branch"
    fix = suggest_program("git", "-C", here["path"], "switch", facts["branch"])
    return f"{here['path']} is {where}, lane {facts['lane']} works on {facts['branch']} ({fix})"


def _claim_fix(claim: LanesClaims, *, own: bool, now: str) -> str:
    task = claim["task_id"]
    if own:
        return suggest("queue-release", TASK_ID=task, REASON=None)
    if claim["lease_expires_at"] and claim["lease_expires_at"] <= now:
        return suggest("queue-reclaim", TASK_ID=task, REASON="lease ran out")
    return suggest("queue-task-detail", TASK_ID=task)


def _issue(check: str, level: str, message: str, fix: str) -> Issue:
    return {"check": check, "level": level, "message": message, "fix": fix}
