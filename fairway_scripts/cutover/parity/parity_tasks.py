"""Filing the differences that nobody has explained as tasks."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, digest
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.parity.own_side import own_environment
from fairway_scripts.programs.own_tool import tool_argv
from fairway_scripts.programs.taped_call import run_kept
from fairway_scripts.settings.config_file import read_config

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_shapes import FiledTask, RunResult, RunRow

_SECONDS = 60.0
EXISTS = "already_exists"


def file_tasks(result: RunResult, out: str, store: str) -> list[FiledTask]:
    """Add a task for each mismatch to `store` ("" for the copy's own) through queue-add.

    The id comes from that of the row, so that a second run finds the task that is there. Returns each with `done`,
    being `added`, `there already` or the refusal. Raises FairwayError `command_failed` with the refusals.
    """
    config = os.path.join(result["repo"], settings_of.CONFIG_PATH)
    lanes = settings_of.lanes(read_config(config)[0]) if os.path.exists(config) else []
    differing = [row for row in result["rows"] if row["verdict"] == "mismatch"]
    filed = [_file(row, result["repo"], out, store, lanes) for row in differing]
    refused = [entry for entry in filed if entry["done"] not in ("added", "there already")]
    if refused:
        listing = "; ".join(f"{entry['task_id']}: {entry['done']}" for entry in refused)
        raise FairwayError(
            "command_failed", f"{len(refused)} task(s) could not be filed: {listing}", suggest("queue-add", "--help")
        )
    return filed


def task_id_of(row: str) -> str:
    """Return the id of the task of a row: letters, digits and dashes, with a few digits against mix-ups."""
    plain = re.sub(r"[^A-Z0-9]+", "-", row.upper()).strip("-")[:60].rstrip("-")
    return f"PARITY-{plain}-{digest.of_text(row)[:4].upper()}"


def _file(row: RunRow, repo: str, out: str, store: str, lanes: list[str]) -> FiledTask:
    task_id = task_id_of(row["id"])
    differing = ", ".join(entry["field"] for entry in row["differences"])
    role = row["role"] or (lanes[0] if lanes else "A-backend")
    words = [
        task_id,
        f"--title=parity: {row['id']} differs in {differing}",
        f"--role={role}",
        "--kind=bug",
        f"--acceptance={row['repeat']}",
        *([f"--queue-db={store}"] if store else []),
    ]
    environment = own_environment(os.environ, {}, os.environ.get("FAIRWAY_NOW") or clock.now())
    streams = os.path.join(out, "raw", f"task-{task_id}")
    tape = run_kept(tool_argv("queue-add", words), cwd=repo, environment=environment, streams=streams, seconds=_SECONDS)
    errors = tape.stderr.decode(errors="replace")
    done = "added" if tape.exit_code == 0 else "there already" if f"error: {EXISTS}:" in errors else errors.strip()
    return {"task_id": task_id, "row": row["id"], "done": done}
