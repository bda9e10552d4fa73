"""docs/trust.md: every console block is run, one after the other, and prints what the page says.

`python -m tests.acceptance.test_trust_page` writes what they print into the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

from tests.support.repositories import write_file
from tests.support.shell import BIN, HOME, environment, make_checkout, queue_text, task

PAGE = os.path.join(HOME, "docs", "trust.md")
#: A terminal's sqlite3 may be missing where the tests run: this one runs a statement, as it would.
SQLITE3 = """#!{python}
import sqlite3, sys
with sqlite3.connect(sys.argv[1]) as connection:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(sys.argv[2])
connection.close()
"""
_BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)
_HASH = re.compile(r"\b[0-9a-f]{12,64}\b")


def run_blocks(parent: str, blocks: list[str]) -> list[str]:
    """Run the commands of all blocks in a new project; the blocks as a terminal shows them."""
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2")), lanes=[], config=None)
    write_file(parent, "tools/sqlite3", SQLITE3.format(python=sys.executable))
    os.chmod(os.path.join(parent, "tools", "sqlite3"), 0o755)
    variables = environment(FAIRWAY_NOW="2026-05-04T08:00:00Z", ACTOR="bee")
    variables["PATH"] = os.pathsep.join([os.path.join(parent, "tools"), BIN, variables["PATH"]])
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=variables)
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "fail", env=variables)
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", env=variables)
    review = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--commit", "HEAD", "--actor", "dee")
    made.ok("queue-record-review", "B-1", *review, "--status", "changes_requested", "--note", "x", env=variables)
    made.ok("queue-backup", "--output", os.path.join(parent, "older.db"), env=variables)
    shown = []
    for block in blocks:
        lines = []
        for line in block.splitlines():
            if line.startswith("$ "):
                done = subprocess.run(
                    ["sh", "-c", line[2:]],
                    cwd=made.main,
                    env=variables,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                told = (done.stdout + done.stderr).replace(f"{BIN}/", "").replace(parent, "/home/bee")
                lines += [line, *told.splitlines()]
                if "INSERT" in line or "DELETE" in line:
                    assert done.returncode == 0, done.stdout
        # what a block did to the store is taken back, so that each stands for itself
        if "DELETE" in block:
            made.ok("queue-restore", "--from", os.path.join(parent, "older.db"), "--force", env=variables)
        shown.append("\n".join(lines) + "\n")
    return shown


def page() -> str:
    with open(PAGE, encoding="utf-8") as file:
        return file.read()


def test_every_block_of_the_page_prints_what_the_page_says(tmp_path: object) -> None:
    blocks = _BLOCK.findall(page())
    assert len(blocks) >= 5
    for told, seen in zip(blocks, run_blocks(os.path.realpath(str(tmp_path)), blocks), strict=True):
        assert _HASH.sub("<hash>", seen) == _HASH.sub("<hash>", told)


def main() -> None:
    """Write what the commands print into the page."""
    with tempfile.TemporaryDirectory() as parent:
        seen = iter(run_blocks(os.path.realpath(parent), _BLOCK.findall(page())))
    text = _BLOCK.sub(lambda _match: f"```console\n{next(seen)}```", page())
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)


if __name__ == "__main__":
    main()
