"""The store keeps a copy of the settings: used while nothing changed, made anew when other defaults filled it."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from tests.support.shell import Checkout, make_checkout, queue_text, task


def cached(project: Checkout, change: Any = None) -> dict[str, Any]:
    """The copy in the store; `change` alters it in place first."""
    with sqlite3.connect(project.store) as connection:
        [[text]] = connection.execute("SELECT value FROM meta WHERE key = 'settings'")
        copy: dict[str, Any] = json.loads(text)
        if change is not None:
            change(copy)
            connection.execute("UPDATE meta SET value = ? WHERE key = 'settings'", [json.dumps(copy)])
    connection.close()
    return copy


def test_the_copy_is_used_while_the_configuration_file_is_the_same(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")))
    project.ok("queue-ready")

    cached(project, lambda copy: copy["settings"]["git_check"].update(idle_days=99))
    project.ok("queue-ready")

    assert cached(project)["settings"]["git_check"]["idle_days"] == 99


def test_a_copy_filled_with_other_defaults_is_made_anew(tmp_path: Path) -> None:
    """A later checkout of the same version may know a section that the copy lacks."""
    project = make_checkout(tmp_path, queue_text(task("B-1")))
    project.ok("queue-ready")

    def older(copy: dict[str, Any]) -> None:
        del copy["settings"]["git_check"]
        copy["mark"][-1] = copy["mark"][-1].split()[0]

    cached(project, older)

    assert project.ok("queue-ready", "--format", "ids").out == "B-1\n"
    assert cached(project)["settings"]["git_check"]
