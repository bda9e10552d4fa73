"""Cutting over from the scripts that were there before: learning, installing, engines, shadow, parity."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool

#: What `parity-report` does besides reporting.
_OF_THE_REPORT = (
    Tool(
        "parity-report run",
        "cutover.commands.parity_run",
        "Compare both sides on a copy of the repository: ready work, checks, claims, gates, routes, packets, packs.",
        "LEGACY_DB",
        example="parity-report run --repo ../gpuaas-copy --legacy-cmd scripts/ops/agent_queue.sh --out ../parity",
        target=False,
    ),
    Tool(
        "parity-report keep",
        "cutover.commands.parity_keep",
        "Run an older command for its caller, and keep all that it came to as a case file.",
        "LEGACY_DB",
        example="parity-report keep --out ready.toml -- scripts/ops/agent_queue.sh ready --role B-ui",
        target=False,
    ),
    Tool(
        "parity-report explain",
        "cutover.commands.parity_explain",
        "Draft an entry of compat/differences.toml for each open difference, to be read and completed.",
        "ROLE SINCE REASON OWNER",
        example="parity-report explain B-ui --owner D-arch --reason 'equal priorities come in the order of the file'",
        target=False,
        first="ROLE",
    ),
    Tool(
        "parity-report status",
        "cutover.commands.parity_status",
        "List every older script's name with what stands there now and where its original is.",
        example="parity-report status --into ../gpuaas",
        target=False,
    ),
)
TOOLS: tuple[Tool, ...] = (
    Tool(
        "compat-scan",
        "cutover.commands.compat_scan",
        "Read a repository's Makefile without running it, and say how the suite answers each queue target.",
        example="compat-scan ../gpuaas --write",
        target=False,
    ),
    Tool(
        "compat-install",
        "cutover.commands.compat_install",
        "Put the suite's stand-ins under the older scripts' names, and the originals into a folder of their own.",
        "DRY_RUN",
        example="compat-install --into ../gpuaas --dry-run",
        target=False,
    ),
    Tool(
        "compat-uninstall",
        "cutover.commands.compat_uninstall",
        "Give a repository back what compat-install found in it.",
        "DRY_RUN FORCE REASON",
        example="compat-uninstall --into ../gpuaas",
        target=False,
    ),
    Tool(
        "lane-engine",
        "cutover.commands.lane_engine",
        "Show which side answers each lane during a cut-over, move a lane over, or take it back.",
        "ROLE ENGINE REASON FORCE DELIVER",
        example="lane-engine B-ui shadow 'first try'",
        mutates=True,
    ),
    Tool(
        "parity-report",
        "cutover.commands.parity_report",
        "Count by lane and operation where both sides agreed in shadow, and show what nobody has explained.",
        "ROLE SINCE REPLAY",
        example="parity-report B-ui",
        first="ROLE",
        words=_OF_THE_REPORT,
    ),
)
