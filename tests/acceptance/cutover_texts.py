"""What the story of a cut-over is written on: its queue, its calls, its explanations."""

from __future__ import annotations

from tests.support.shell import queue_text, task

LANES = ("A-backend", "B-ui", "C-ops", "D-arch", "E-governance")
#: B-3 stands before B-2 at one priority: the older scripts take B-2 first, this suite B-3.
QUEUE = queue_text(
    task("A-0", "A-backend", priority=1),
    task("B-0", priority=1),
    task("A-1", "A-backend", priority=1),
    task("A-2", "A-backend", priority=1, depends_on=["B-4"]),
    task("A-3", "A-backend", priority=2),
    task("A-4", "A-backend", priority=3),
    task("B-1", priority=1),
    task("B-3", priority=2),
    task("B-2", priority=2),
    task("B-4", priority=3),
    task("B-5", priority=4, depends_on=["A-1"]),
    task("B-6", priority=5),
    task("B-7", priority=6),
    task("C-1", "C-ops", priority=1),
    task("C-2", "C-ops", priority=2, depends_on=["B-5"]),
    task("C-3", "C-ops", priority=3),
    roles=LANES,
)
