"""release-verify."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.queue.opening import open_project
from fairway_scripts.utilities.release_verify import release_verify
from fairway_scripts.utilities.release_verify_text import release_lines
from fairway_scripts.work.utility_call import counted_from, finish

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ReleaseVerify
    from fairway_scripts.utilities.release_shapes import Verification


def run(args: ReleaseVerify) -> int:
    """Print what the release has and what it lacks; the exit code says whether anything is missing."""
    project = open_project(args)
    found = release_verify(project, args, now=counted_from(args.at, args.tool))
    result = "pass" if found["ok"] else "fail"
    title = f"release verification of {found['ref']}"
    return finish(
        args, found, release_lines(found), result=result, title=title, project=project, refusal=_refusal(found)
    )


def _refusal(found: Verification) -> FairwayError | None:
    if found["ok"]:
        return None
    checks = list(dict.fromkeys(gap["check"] for gap in found["gaps"]))
    return FairwayError(
        "release_incomplete",
        f"{found['ref']} has {len(found['gaps'])} gap(s): {', '.join(checks)}",
        found["gaps"][0]["fix"],
        findings=found["gaps"],
    )
