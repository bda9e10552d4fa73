"""docs/trust.md: every console block is run, one after the other, and prints what the page says.

`python -m tests.acceptance.test_trust_page` writes what they print into the page.
"""

from __future__ import annotations

import contextlib
import os
import sys

from fairway_scripts.base.part_files import COMPANIONS
from tests.support.console_pages import Console, Page
from tests.support.repositories import write_file
from tests.support.shell import make_checkout, queue_text, task

#: A terminal's sqlite3 may be missing where the tests run: this one runs a statement, as it would.
SQLITE3 = """#!{python}
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(sys.argv[2])
connection.close()
"""


def run_blocks(parent: str, blocks: list[str]) -> list[str]:
    """Run the commands of all blocks in a new project; the blocks as a terminal shows them."""
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2")), lanes=[], config=None)
    write_file(parent, "tools/sqlite3", SQLITE3.format(python=sys.executable))
    os.chmod(os.path.join(parent, "tools", "sqlite3"), 0o755)
    console = Console(parent, made.main, ACTOR="bee")
    variables = console.variables
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=variables)
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "fail", env=variables)
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", env=variables)
    review = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--commit", "HEAD", "--actor", "dee")
    made.ok("queue-record-review", "B-1", *review, "--status", "changes_requested", "--note", "x", env=variables)
    made.ok("queue-backup", "--output", os.path.join(parent, "older.db"), env=variables)
    shown = []
    for block in blocks:
        shown.append(console.show(block))
        # what a block did to the store is taken back, so that each stands for itself
        if "DELETE" in block:
            for ending in ("", *COMPANIONS):
                with contextlib.suppress(FileNotFoundError):
                    os.remove(made.store + ending)
            made.ok("queue-restore", "--from", os.path.join(parent, "older.db"), env=variables)
    return shown


PAGE = Page("trust.md", run_blocks)


def test_every_block_of_the_page_prints_what_the_page_says(tmp_path: object) -> None:
    assert len(PAGE.blocks()) >= 5
    PAGE.check(tmp_path)


if __name__ == "__main__":
    PAGE.write()
