"""docs/tutorial.md: every console block is run, one after the other, and prints what the page says.

`python -m tests.acceptance.test_tutorial_page` writes what they print into the page.
"""

from __future__ import annotations

import os

from tests.support.console_pages import Console, Page
from tests.support.shell import environment, run_tool


def run_blocks(parent: str, blocks: list[str]) -> list[str]:
    """Run the commands of all blocks in an empty folder; the blocks as a terminal shows them."""
    console = Console(parent, parent)
    return [console.show(block) for block in blocks]


PAGE = Page("tutorial.md", run_blocks)


def test_every_block_of_the_page_prints_what_the_page_says(tmp_path: object) -> None:
    PAGE.check(tmp_path)
    told = run_tool("queue-list", "--json", cwd=os.path.join(str(tmp_path), "shop"), env=environment())
    assert [row["status"] for row in told.json["tasks"]] == ["done"]


if __name__ == "__main__":
    PAGE.write()
