"""evidence-bundle."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.calls.answer import say
from fairway_scripts.calls.artifact import json_text, markdown_text
from fairway_scripts.calls.options import required
from fairway_scripts.project.opening import locate
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.bundle import gather, keep, outputs, record_bundle
from fairway_scripts.runs.bundle_rules import script_lines
from fairway_scripts.runs.bundle_text import bundle_lines
from fairway_scripts.work.evidence import checked_producer

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import EvidenceBundle
    from fairway_scripts.runs.run_shapes import GatheredBundle, ShownBundle


def run(args: EvidenceBundle) -> int:
    """Print a bundle, write its manifest and script with OUTPUT, record it with APPLY."""
    required(args, "TASK_ID")
    manifest_path, script_path = outputs(args.output)
    project = open_project(args) if args.apply else locate(args)
    bundle = gather(project, args, [path for path in (manifest_path, script_path) if path])
    script = "\n".join(_script(args, bundle, os.path.basename(manifest_path))) + "\n"
    data: ShownBundle = {
        "manifest": bundle["manifest"],
        "manifest_sha256": bundle["sha256"],
        "silent": bundle["silent"],
        "script": script,
        "recorded": None,
    }
    if manifest_path:
        keep(args, bundle, manifest_path, script_path, script)
    kept = os.path.abspath(manifest_path) if manifest_path else ""
    if args.apply:
        data["recorded"] = record_bundle(project, args, bundle, kept)
    sys.stdout.write(json_text(args.tool, data, pretty=args.pretty) if args.json else markdown_text(bundle_lines(data)))
    if manifest_path:
        say(f"wrote {manifest_path} and {script_path}")
    return OK


def _script(args: EvidenceBundle, bundle: GatheredBundle, manifest: str) -> list[str]:
    common = f" --producer={checked_producer(args.producer)}"
    if bundle["manifest"]["commit"]:
        common += f" --commit={quoted(bundle['manifest']['commit'])}"
    return script_lines(
        args.task_id,
        bundle["manifest"]["commands"],
        sha256=bundle["sha256"],
        manifest=manifest,
        root=bundle["manifest"]["root"],
        common=common,
    )
