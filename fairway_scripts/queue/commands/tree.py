"""queue-tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest_again
from fairway_scripts.calls.answer import answer, say, shown
from fairway_scripts.calls.options import number
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.hierarchy import tree
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueTree
    from fairway_scripts.queue.queue_shapes import Branch, Tree, TreeTask


def run(args: QueueTree) -> int:
    """Print a task and what lies below it, each with how much of it is done."""
    if args.format not in ("text", "json", "ids"):
        raise FairwayError("usage", f"a tree has no form {args.format}", suggest_again(args, FORMAT="json"))
    depth = number(args, "DEPTH")
    project = open_project(args)
    found = tree(project, args.task_id, depth=depth)
    answer(args, found, _lines(found, args.format))
    if found["cut"] and depth is None:
        say(f"{found['cut']} task(s) have more below them: name one with TASK_ID=")
    if not args.task_id and not found["children"]:
        say("no task has another one below it (PARENT of queue-add, parent_id in the queue file)")
    sign_of_life(project)
    return OK


def _lines(top: Tree, form: str) -> list[str]:
    top_task = top["task"]
    tops: list[Branch] = [{"task": top_task, "children": top["children"]}] if top_task else top["children"]
    waiting = [(node, 0) for node in reversed(tops)]
    lines = []
    while waiting:
        node, level = waiting.pop()
        lines.append(node["task"]["id"] if form == "ids" else "  " * level + _line(node["task"]))
        waiting.extend((child, level + 1) for child in reversed(node["children"]))
    return lines


def _line(task: TreeTask) -> str:
    counts = f" ({task['done']}/{task['total']})" if task["total"] else ""
    left = " (left the queue file)" if task["left_file"] and not task["terminal"] else ""
    return f"{task['id']} [{task['status']}] {shown(task['title'])}{counts}{left}"
