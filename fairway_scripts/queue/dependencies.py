"""Cycles among tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: More cycles than this tell a reader nothing new.
MOST_CYCLES = 100


def find_cycles(graph: Mapping[str, Sequence[str]], limit: int = MOST_CYCLES) -> list[list[str]]:
    """Cycles of a graph id -> the ids it points to, each once and as `[A, B]` for `A -> B -> A`.

    A cycle starts at its member that comes first in `graph`. Ids that `graph` does not hold and edges from an id
    to itself are passed over. One cycle is given for every edge that closes one, so a graph in which each of
    them is broken has no cycle left; at most `limit`.
    """
    if _points_backwards(graph):
        return []
    order = {node: index for index, node in enumerate(graph)}
    cycles: dict[tuple[str, ...], None] = {}
    done: set[str] = set()
    for root in graph:
        if root not in done:
            for cycle in _closing_paths(graph, root, done):
                first = min(range(len(cycle)), key=lambda at: order[cycle[at]])
                cycles[(*cycle[first:], *cycle[:first])] = None
                if len(cycles) >= limit:
                    return [list(found) for found in cycles]
    return [list(found) for found in cycles]


def _points_backwards(graph: Mapping[str, Sequence[str]]) -> bool:
    """Whether every node points only to nodes before it, as in most queues: then there is no cycle."""
    before = set()
    for node, targets in graph.items():
        for target in targets:
            if target not in before and target in graph:
                return False
        before.add(node)
    return True


def _closing_paths(graph: Mapping[str, Sequence[str]], root: str, done: set[str]) -> Iterator[list[str]]:
    """Walk depth first from `root`; give the path of every edge that leads back to a node on it."""
    path = [root]
    place = {root: 0}
    waiting = [iter(graph[root])]
    while waiting:
        for target in waiting[-1]:
            if target in place:
                if target != path[-1]:
                    yield path[place[target] :]
            elif target in graph and target not in done:
                place[target] = len(path)
                path.append(target)
                waiting.append(iter(graph[target]))
                break
        else:
            waiting.pop()
            leaving = path.pop()
            del place[leaving]
            done.add(leaving)
