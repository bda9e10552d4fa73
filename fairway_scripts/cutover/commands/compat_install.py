"""compat-install."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.cutover.installing import install
from fairway_scripts.cutover.layout import host_root, merge_lines

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import CompatInstall
    from fairway_scripts.cutover.cutover_shapes import Installed


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say where to install, and what to leave alone."""
    parser.add_argument("--into", default="", metavar="REPO", help="the main checkout to install in; default: here")
    parser.add_argument(
        "--keep", action="append", default=[], metavar="SCRIPT", help="leave a script alone (repeatable)"
    )


def run(args: CompatInstall) -> int:
    """Install and print every change; nothing is committed."""
    root = host_root(args)
    os.chdir(root)  # the project that the engines are set in is the one of this folder
    done = install(args, root, keep=args.keep)
    answer(args, done, _lines(done))
    return OK


def _lines(done: Installed) -> list[str]:
    if not done["changes"] and not done["held"]:
        return [f"nothing to change in {done['root']}"]
    if done["dry_run"]:
        return [f"would install into {done['root']}:", *(f"  {text}" for text in done["changes"])]
    engines = ["  engine legacy: every lane, as .fairway/engines.toml says"] if done["held"] else []
    if done["engine"] != "legacy":
        engines = ["  engine fairway: every lane (there are no older scripts here)"]
    commit = f"git -C '{done['root']}' add --all . && git -C '{done['root']}' commit -m 'Install fairway-scripts'"
    changes = [*(f"  {text}" for text in done["changes"]), *engines]
    return [f"installed into {done['root']}:", *changes, f"next: {commit}", *merge_lines(done["root"])]
