"""Whether the queue and git tell the same story (GPUaaS `agent_queue_git_consistency.sh`)."""

from __future__ import annotations

import re

from fairway_scripts.base import clock
from fairway_scripts.base import settings as choices
from fairway_scripts.base.errors import suggest, suggest_program
from fairway_scripts.work.preflight import commit_command, file_list, switch_command, update_command
from fairway_scripts.work.verdicts import OBJECTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.git.git_survey import LaneSurvey, Survey, Unmerged
    from fairway_scripts.lanes.lane_shapes import GitFinding as Finding
    from fairway_scripts.lanes.lane_shapes import GitTask

ERROR = "error"
WARNING = "warning"
NOTE = "note"

_LEVELS = (ERROR, WARNING, NOTE)
_NAMED_COMMITS = 5
_DAY = 86400.0
#: What an id may stand between in a commit message; an id itself may hold `-`, `_`, `.`, `/`.
_WORDS = re.compile(r"[^\s,;:!?()\[\]{}<>\"'`#]+")


def check(
    survey: Survey,
    tasks: list[GitTask],
    settings: Settings,
    now: str,
    *,
    ids: Iterable[str] | None = None,
) -> list[Finding]:
    """Every place where the queue and git disagree: errors first, then by lane, task and check.

    `survey` comes from `git_survey.survey`; a task is `{id, lane, status, owner, branch, commit_sha,
    claimed_at, evidence_at, handoff_at}` (absent values None or ''), of a finished one `{id, lane, status, commit_sha,
    review_status}`; commit messages may name any of `ids` (None: of `tasks`). `now` and the times are ISO 8601. A
    finding is `{check, level, lane, task_id, message, fix}`, `fix` being a command line. Checks by level:
    error: `base_missing`, `wrong_branch`, `claim_without_branch`, `claim_branch_missing`, `claim_branch_foreign`,
    `done_commit_unknown`, `done_commit_not_integrated`;
    warning: `clone_shallow`, `worktree_missing`, `branch_missing`, `uncommitted_changes`, `behind_base`, `claim_idle`,
    `commits_without_task`;
    note: `reviewing` (a branch that review-checkout has made), `worktree_elsewhere` (on another machine, with it
    `claim_branch_missing`), `ahead_of_base`, `done_without_commit`.
    """
    found = [*_check_base(survey)]
    for lane in survey["lanes"]:
        found += _check_lane(survey, lane, settings)
    for task in tasks:
        if task["status"] == choices.CLAIMED_STATUS:
            found += _check_claim(survey, task, settings, now)
        elif choices.is_terminal(settings, task["status"]):
            found += _check_finished(survey, task)
    found += _check_messages(survey, {task["id"] for task in tasks} if ids is None else set(ids), settings)
    order = {lane["lane"]: place for place, lane in enumerate(survey["lanes"])}
    return sorted(
        found,
        key=lambda f: (
            _LEVELS.index(f["level"]),
            order.get(f["lane"], len(order)),
            f["lane"],
            f["task_id"],
            f["check"],
            f["message"],
        ),
    )


def is_consistent(findings: list[Finding]) -> bool:
    """Whether no finding is an error: warnings and notes do not fail the check."""
    return all(finding["level"] != ERROR for finding in findings)


# --- lanes ------------------------------------------------------------------------------------------------


def _check_base(survey: Survey) -> Iterator[Finding]:
    base = survey["base"]
    if base["head"] is None:
        message = f"git knows no integration branch {base['name']}, so nothing can be compared with it"
        yield _finding("base_missing", ERROR, message, suggest_program("git", "fetch", "origin"))
    if survey.get("shallow"):
        message = "this clone is shallow: what git does not know here, or calls unmerged, may be merged all the same"
        yield _finding("clone_shallow", WARNING, message, suggest_program("git", "fetch", "--unshallow"))


def _check_lane(survey: Survey, lane: LaneSurvey, settings: Settings) -> Iterator[Finding]:
    name, path, expected, base = lane["lane"], lane["path"], lane["expected_branch"], survey["base"]["name"]
    if lane["exists"] and lane["branch"] != expected:
        where = f"on branch {lane['branch']}" if lane["branch"] else "on no branch (detached)"
        message = f"{path} is {where}, lane {name} works on {expected}"
        fix = switch_command(path, expected, base, has_branch=lane["branch_exists"])
        reads = choices.is_review_branch(settings, lane["branch"])
        yield (
            _finding("reviewing", NOTE, message, fix, lane=name)
            if reads
            else _finding("wrong_branch", ERROR, message, fix, lane=name)
        )
    elif not lane["exists"] and lane.get("elsewhere"):
        message = f"lane {name} works in " + ", ".join(f"{row['host']}:{row['path']}" for row in lane["elsewhere"])
        yield _finding("worktree_elsewhere", NOTE, message, suggest("worktree-status"), lane=name)
    elif not lane["exists"] and lane["branch_exists"]:
        fix = suggest("worktree-setup", ROLE=name)
        yield _finding("worktree_missing", WARNING, f"lane {name} has no worktree at {path}", fix, lane=name)
    elif not lane["exists"]:
        fix = suggest("worktree-setup", ROLE=name)
        message = f"lane {name} has neither a branch {expected} nor a worktree at {path}"
        yield _finding("branch_missing", WARNING, message, fix, lane=name)
    if lane["dirty"]:
        files = file_list(lane["changed_files"], lane["changed_count"])
        message = f"{path} has uncommitted changes: {files}"
        yield _finding("uncommitted_changes", WARNING, message, commit_command(path), lane=name)
    yield from _check_distance(lane, base)


def _check_distance(lane: LaneSurvey, base: str) -> Iterator[Finding]:
    name, branch, ahead, behind = lane["lane"], lane["expected_branch"], lane["ahead"], lane["behind"]
    if behind:
        fix = update_command(lane["path"], base, diverged=bool(ahead), merged=lane["merged"])
        if not (lane["exists"] or lane.get("elsewhere")):
            fix = suggest("worktree-setup", ROLE=name)
        elif lane["exists"] and lane["branch"] != branch:  # what is checked out there is something else
            fix = suggest_program("git", "-C", lane["path"], "switch", branch)
        yield _finding("behind_base", WARNING, f"{branch} lacks {_commits(behind)} of {base}", fix, lane=name)
    if ahead:
        message = f"{branch} has {_commits(ahead)} that {base} has not"
        yield _finding("ahead_of_base", NOTE, message, suggest_program("git", "log", f"{base}..{branch}"), lane=name)


# --- tasks ------------------------------------------------------------------------------------------------


def _check_claim(survey: Survey, task: GitTask, settings: Settings, now: str) -> Iterator[Finding]:
    branch, expected = task["branch"], choices.lane_branch(settings, task["lane"])
    is_here = branch in survey["branches"]
    if branch == expected and is_here:
        yield from _check_activity(survey, task, branch, settings, now)
        return
    record = suggest("queue-set-status", TASK_ID=task["id"], STATUS=task["status"], BRANCH=expected)
    holder = f" by {task['owner']}" if task["owner"] else ""
    if not branch:
        message = f"{task['id']} is claimed{holder} without a branch"
        yield _of_task(task, "claim_without_branch", ERROR, message, record)
        return
    if branch != expected:
        message = f"{task['id']} is claimed{holder} on {branch}, lane {task['lane']} works on {expected}"
        yield _of_task(task, "claim_branch_foreign", ERROR, message, record)
    if not is_here:
        message = f"{task['id']} is claimed{holder} on {branch}, which is no branch of this repository"
        fix = record if branch != expected else suggest_program("git", "branch", branch, survey["base"]["name"])
        level = (
            NOTE if any(lane.get("elsewhere") and lane["lane"] == task["lane"] for lane in survey["lanes"]) else ERROR
        )
        yield _of_task(task, "claim_branch_missing", level, message, fix)
        return
    yield from _check_activity(survey, task, branch, settings, now)


def _check_activity(survey: Survey, task: GitTask, branch: str, settings: Settings, now: str) -> Iterator[Finding]:
    """A claim is idle when it and every sign of work on it are older than `git_check.idle_days`.

    Signs are the newest commit of its branch, its newest evidence and its newest handoff.
    """
    days = settings["git_check"]["idle_days"]
    marks = (task["claimed_at"], task.get("evidence_at"), task.get("handoff_at"))
    signs = [mark for mark in marks if mark]
    tip = survey["branches"][branch]
    if any(commit["sha"] == tip["head"] for commit in survey["unmerged"]):
        signs.append(tip["committed_at"])
    # a branch whose tip is integrated shows other people's commits: they are no sign of this work
    if not signs or min(clock.elapsed(sign, now) for sign in signs) <= days * _DAY:
        return
    idle = clock.span_text(min(clock.elapsed(sign, now) for sign in signs))
    message = f"{task['id']} is claimed by {task['owner'] or 'nobody named'}, no commit on {branch} for {idle}"
    yield _of_task(task, "claim_idle", WARNING, message, suggest("queue-task-detail", TASK_ID=task["id"]))


def _check_finished(survey: Survey, task: GitTask) -> Iterator[Finding]:
    given, base = task["commit_sha"], survey["base"]["name"]
    if not given:
        message = f"{task['id']} is {task['status']} and names no commit"
        record = suggest("queue-set-status", TASK_ID=task["id"], STATUS=task["status"], COMMIT=None)
        yield _of_task(task, "done_without_commit", NOTE, message, record)
        return
    commit = survey["commits"].get(given, {"sha": None, "integrated": None})
    if commit["sha"] is None:
        message = f"{task['id']} is {task['status']} with commit {given}, which git does not know"
        fetch = ["--unshallow"] if survey.get("shallow") else ["origin"]
        yield _of_task(task, "done_commit_unknown", ERROR, message, suggest_program("git", "fetch", *fetch))
    elif commit["integrated"] is False:
        message = f"{task['id']} is {task['status']} with commit {given}, which is not on {base}"
        fix = suggest("queue-merge-ready", TASK_ID=task["id"], REF=given)
        if task.get("review_status") in OBJECTIONS:  # nobody is led to merge what a reviewer objects to
            message += f", and its review is {task['review_status']}"
            fix = suggest("queue-task-detail", TASK_ID=task["id"])
        yield _of_task(task, "done_commit_not_integrated", ERROR, message, fix)


# --- commits ----------------------------------------------------------------------------------------------


def _check_messages(survey: Survey, ids: set[str], settings: Settings) -> Iterator[Finding]:
    """One warning for each branch, however many commits it means. Merges name no task of their own."""
    lanes = {choices.lane_branch(settings, lane["lane"]): lane["lane"] for lane in survey["lanes"]}
    unnamed: dict[str, list[Unmerged]] = {}
    for commit in survey["unmerged"]:
        if commit["parents"] < 2 and not names_a_task(commit["message"], ids):
            unnamed.setdefault(commit["branch"], []).append(commit)
    for branch, commits in unnamed.items():
        shown = [f"{commit['sha'][:10]} {subject(commit['message'])}" for commit in commits[:_NAMED_COMMITS]]
        more = f" and {len(commits) - len(shown)} more" if len(commits) > len(shown) else ""
        message = f"{branch} has {_commits(len(commits))} naming no task of the queue: {'; '.join(shown)}{more}"
        fix = f"name the task in the messages of {branch} that are not on {survey['base']['name']}"
        yield _finding("commits_without_task", WARNING, message, fix, lane=lanes.get(branch, ""))


def names_a_task(message: str, ids: set[str]) -> bool:
    """Whether a commit message holds one of the task `ids` as a word of its own (`B-1` is not in `B-12`)."""
    return bool(tasks_named(message, ids))


def tasks_named(message: str, ids: set[str]) -> list[str]:
    """The task `ids` that a commit message holds as words of their own, each once, as they come."""
    words = (found for word in _WORDS.findall(message) for found in (word, word.strip("-./_*")))
    return list(dict.fromkeys(word for word in words if word in ids))


def subject(message: str) -> str:
    """The first line of a commit message, without characters that would move the cursor of a terminal."""
    lines = message.splitlines()
    return "".join(char if char.isprintable() else "?" for char in lines[0]) if lines else "(no message)"


def _commits(count: int) -> str:
    return f"{count} commit" if count == 1 else f"{count} commits"


def _of_task(task: GitTask, name: str, level: str, message: str, fix: str) -> Finding:
    return _finding(name, level, message, fix, lane=task["lane"], task_id=task["id"])


def _finding(name: str, level: str, message: str, fix: str, *, lane: str = "", task_id: str = "") -> Finding:
    return {"check": name, "level": level, "lane": lane, "task_id": task_id, "message": message, "fix": fix}
