"""queue-merge-ready."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest, suggest_program
from fairway_scripts.calls.answer import answer, say, shown
from fairway_scripts.calls.options import required
from fairway_scripts.project.changes import find_state
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.merge_checklist import FAIL
from fairway_scripts.reviews.merge_ready import merge_ready

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueMergeReady
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import MergeReady


def run(args: QueueMergeReady) -> int:
    """Print the checklist; the exit code says whether the commit may be merged."""
    required(args, "TASK_ID", "REF")
    project = open_project(args)
    found = merge_ready(project, args)
    verdict = "merge-ready" if found["ok"] else "not merge-ready"
    where = f"{found['task_id']} at {found['commit_sha'][:12]} against {found['base']}"
    lines = [f"{where}: {verdict}"]
    for check in found["checks"]:
        lines.append(f"{check['level']}  {check['check']:<8}  {shown(check['message'])}")
        if check["fix"]:
            lines.append(f"{'':16}run: {shown(check['fix'])}")
    answer(args, found, lines)
    sign_of_life(project)
    if found["ok"]:
        _say_next(project, found)
        return OK
    failed = [check for check in found["checks"] if check["level"] == FAIL]
    names = list(dict.fromkeys(check["check"] for check in failed))
    raise FairwayError(
        "not_merge_ready",
        f"{where}: {len(failed)} of {len(found['checks'])} checks failed ({', '.join(names)})",
        failed[0]["fix"],
        task_id=found["task_id"],
        failed=names,
    )


def _say_next(project: Project, found: MergeReady) -> None:
    """The merge, which is the coordinator's, and the line that closes the task behind it."""
    task_id, commit = found["task_id"], found["commit_sha"]
    with project.store.read() as tx:
        state = find_state(tx, task_id)
    if project.settings["states"]["terminal"] and not state["terminal"]:
        about = {"OWNER": state["owner"] or None, "BRANCH": state["branch"] or None, "COMMIT": commit}
        done = suggest("queue-set-status", TASK_ID=task_id, STATUS=project.settings["states"]["terminal"][0], **about)
        say(f"merge: {suggest_program('git', '-C', project.root, 'merge', '--ff-only', commit)}")
        say(f"then: {done}")
