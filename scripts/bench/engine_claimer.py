"""One claimer of the race between the engines: an open project that claims until the given seconds are over.

    python engine_claimer.py NAME SECONDS        (in a checkout; says `ready`, begins at a line on stdin)

Prints the identifiers that it claimed, one a line.
"""

from __future__ import annotations

import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import Identity
from fairway_scripts.calls.command_line import parse
from fairway_scripts.catalog import find_tool
from fairway_scripts.queue.opening import open_project
from fairway_scripts.work.claims import claim
from fairway_scripts.work.commands import claim as command


def main(name: str, seconds: float, lane: str) -> None:
    """Claim one task after the other."""
    words = ["--role", lane, "--owner", name, "--actor", name]
    args = parse(find_tool("queue-claim"), words, command)
    args.tool = "queue-claim"
    project = open_project(args)
    print("ready", flush=True)
    sys.stdin.readline()
    claimed, until = [], time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            # a claimant holds one task: whoever holds a thousand renews a thousand leases with each claim
            project.identity = Identity(f"{name}-{len(claimed)}", "", named=True)
            claimed.append(claim(project, args)["task_id"])
    except FairwayError as refusal:
        if refusal.word != "nothing_ready":
            raise
    print("\n".join(claimed))


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3])
