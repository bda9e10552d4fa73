"""compat-uninstall."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.cutover.layout import host_root
from fairway_scripts.cutover.uninstalling import remove_originals, uninstall

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import CompatUninstall
    from fairway_scripts.cutover.cutover_shapes import Uninstalled


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that name the repository, and say whether the originals go."""
    parser.add_argument("--into", default="", metavar="REPO", help="the main checkout; default: here")
    parser.add_argument(
        "--originals", action="store_true", help="remove the originals and keep the suite, once every lane is moved"
    )


def run(args: CompatUninstall) -> int:
    """Give the repository back and print every change; nothing is committed."""
    root = host_root(args)
    os.chdir(root)
    done = remove_originals(args, root) if args.originals else uninstall(args, root)
    answer(args, done, _lines(done))
    return OK


def _lines(done: Uninstalled) -> list[str]:
    if not done["changes"]:
        return [f"nothing to remove in {done['root']}"]
    verb = "would change" if done["dry_run"] else "changed"
    lines = [f"{verb} {done['root']}:", *(f"  {text}" for text in done["changes"])]
    lines += [f"left as it is, changed since: {path}" for path in done["left"]]
    return lines if done["dry_run"] else [*lines, f"next: git -C '{done['root']}' status"]
