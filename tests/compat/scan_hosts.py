"""Repositories whose Makefiles were written by others: `hosts/*.mk`, each with stand-ins for the scripts it calls."""

from __future__ import annotations

import glob
import os
import shutil

from tests.support.repositories import git, make_repository, write_file

HOSTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hosts")
NAMES = sorted(os.path.basename(path).removesuffix(".mk") for path in glob.glob(os.path.join(HOSTS, "*.mk")))
CANARY = "canary-of-a-recipe"
SCRIPTS = {
    "ops": [
        *("agent_queue.sh", "agent_queue_store.rb", "orchestrate_agents.sh", "agent_preflight.sh"),
        *("agent_context_packet.sh", "bugfix_review_packet.sh", "workflow_regression_packs.sh"),
        *("agent_session_adapter.sh", "setup_agent_lanes.sh", "give.sh"),
    ],
    "ci": ["agent_queue_git_consistency.sh"],
}
#: Whatever runs one of the scripts leaves a trace.
SCRIPT = f"#!/bin/sh\ntouch {CANARY}\n"


def make_host(parent: str | os.PathLike[str], name: str) -> str:
    """A repository `parent/name` with the Makefile `hosts/NAME.mk`; the path of the checkout."""
    main = make_repository(parent, name)
    shutil.copy(os.path.join(HOSTS, f"{name}.mk"), os.path.join(main, "Makefile"))
    parts = os.path.join(HOSTS, f"{name}.mk.d")
    if os.path.isdir(parts):
        shutil.copytree(parts, os.path.join(main, "mk"))
    write_scripts(main)
    git(main, "add", "--all")
    git(main, "commit", "--quiet", "-m", "set up")
    return main


def write_scripts(main: str, text: str = SCRIPT) -> None:
    """A stand-in for each of the scripts."""
    for folder, names in SCRIPTS.items():
        for name in names:
            write_file(main, f"scripts/{folder}/{name}", text)
            os.chmod(os.path.join(main, "scripts", folder, name), 0o755)


def canaries(main: str) -> list[str]:
    """The traces of anything that was run."""
    return glob.glob(os.path.join(main, "**", "canary*"), recursive=True)
