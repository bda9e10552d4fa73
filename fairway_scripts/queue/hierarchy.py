"""Tasks under tasks: what an epic holds and how much of it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.project.changes import find_state

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Branch, Tree, TreeTask
    from fairway_scripts.store.rows import HierarchyTreeBelow

#: Levels that one answer shows at most; a deeper task can be asked for by itself.
DEEPEST = 100


def tree(project: Project, task_id: str, *, depth: int | None = None) -> Tree:
    """A task with everything below it, or with "" every task that has others below it, from the top.

    Returns `{task, children, cut}`: `children` holds `{task, children}` in the order of work, `task` (None without a
    TASK_ID) is id, title, kind, lane, status, owner, priority, parent_id, terminal, left_file, `done` and `total`:
    how many tasks below it, at any depth, are finished and how many there are. An unfinished task that left the queue
    file is shown and not counted. `depth` levels of children are given (None: all, up to 100); `cut` counts the
    tasks whose children are not given. Raises FairwayError `not_found`.
    """
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        rows = tx.all("hierarchy.tree_below", task_id=task_id) if task_id else tx.all("hierarchy.whole_forest")
    nodes: dict[str, Branch] = {row["id"]: {"task": _task(row), "children": []} for row in rows}
    roots: list[Branch] = []
    for row in rows:
        above = nodes.get(row["parent_id"] or "") if row["id"] != task_id else None
        if above is not None:
            above["children"].append(nodes[row["id"]])
        else:
            roots.append(nodes[row["id"]])
    order = _parents_first(roots)
    _count(order)
    top: Tree = {**roots[0], "cut": 0} if task_id else {"task": None, "children": roots, "cut": 0}
    top["cut"] = _cut(top, DEEPEST if depth is None else min(depth, DEEPEST))
    return top


def _task(row: HierarchyTreeBelow) -> TreeTask:
    return {
        "id": row["id"],
        "parent_id": row["parent_id"],
        "title": row["title"],
        "kind": row["kind"],
        "priority": row["priority"],
        "lane": row["lane"],
        "status": row["status"],
        "owner": row["owner"],
        "terminal": bool(row["terminal"]),
        "left_file": bool(row["left_file_at"]),
        "done": 0,
        "total": 0,
    }


def _parents_first(roots: list[Branch]) -> list[Branch]:
    order = list(roots)
    for node in order:
        order.extend(node["children"])
    return order


def _count(order: list[Branch]) -> None:
    """Sum up from the leaves: each task counts for every task above it."""
    for node in reversed(order):
        for child in node["children"]:
            task = child["task"]
            counts = task["terminal"] or not task["left_file"]
            node["task"]["done"] += task["done"] + int(task["terminal"])
            node["task"]["total"] += task["total"] + int(counts)


def _cut(top: Tree, depth: int) -> int:
    """Leave out what lies deeper than `depth` levels of children; how many tasks lost their children."""
    level: list[Branch | Tree] = [top]
    cut = 0
    for _step in range(depth):
        level = [child for node in level for child in node["children"]]
    for node in level:
        cut += bool(node["children"])
        node["children"] = []
    return cut
