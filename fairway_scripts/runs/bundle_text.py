"""A bundle of evidence as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.calls.artifact import code_block, markdown_table

if TYPE_CHECKING:
    from fairway_scripts.runs.run_shapes import ShownBundle

_COMMANDS = (
    ("result", "result"),
    ("command", "command"),
    ("duration_seconds", "seconds"),
    ("artifact", "artifact"),
    ("result_from", "result from"),
)
_ARTIFACTS = (("path", "artifact"), ("type", "type"), ("size", "bytes"), ("sha256", "sha256"))


def bundle_lines(data: ShownBundle) -> list[str]:
    """The lines of a bundle."""
    manifest, recorded = data["manifest"], data["recorded"]
    lines = [f"# Evidence of {manifest['task_id']}", "", f"manifest sha256: {data['manifest_sha256']}  "]
    lines.append(f"paths begin at: {'the top of the work tree' if manifest['root'] == 'worktree' else 'the manifest'}")
    if manifest["commit"]:
        lines[-1] += "  "
        lines.append(f"commit: {manifest['commit']}")
    lines += ["", "## Commands", ""]
    lines += markdown_table(manifest["commands"], _COMMANDS) if manifest["commands"] else ["none"]
    lines += ["", "## Artifacts", ""]
    lines += markdown_table(manifest["artifacts"], _ARTIFACTS) if manifest["artifacts"] else ["none"]
    if data["silent"]:
        lines += ["", f"Without a result, so in the manifest only: {', '.join(data['silent'])}"]
    if recorded is None:
        return [*lines, "", "## To record it", "", *code_block(data["script"], "sh")]
    lines += ["", "## Recorded", ""]
    if recorded["already"] is not None:
        return [*lines, f"nothing: this manifest is evidence {recorded['already']} already"]
    return [*lines, f"evidence {', '.join(map(str, recorded['evidence']))}, the last one the manifest"]
