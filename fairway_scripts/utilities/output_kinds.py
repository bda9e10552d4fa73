"""What counts as output besides code, and what of it the evidence of tasks shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.patterns.globs import compile_glob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.base.settings_shape import OutputKind
    from fairway_scripts.store.rows import EvidenceChecksDelivered, EvidenceChecksFinished
    from fairway_scripts.utilities.utility_shapes import Delivered, OutputCount, Undelivered


def _kind(name: str, task_kinds: str, evidence_types: str, match: str = "") -> OutputKind:
    return {
        "name": name,
        "description": "",
        "task_kinds": task_kinds.split(),
        "evidence_types": evidence_types.split(),
        "match": match.split(),
    }


#: What counts where the configuration has no `[[output_kinds]]`.
DEFAULT: list[OutputKind] = [
    _kind(
        "API and event contracts",
        "api-contract event-contract frontend-contract",
        "contract contract-validation",
        "**/openapi*.yaml **/asyncapi*.yaml doc/api/** docs/api/**",
    ),
    _kind(
        "UX and flow coverage", "ux-flow", "uat-matrix flow-coverage screenshot browser_trace", "doc/ux/** docs/ux/**"
    ),
    _kind(
        "architecture packets",
        "architecture-map facade",
        "architecture-packet",
        "doc/architecture/** docs/architecture/**",
    ),
    _kind(
        "runbooks and operational models", "runbook operational-model", "runbook", "doc/runbooks/** docs/runbooks/**"
    ),
    _kind(
        "evidence and readiness models",
        "release-evidence readiness-model",
        "evidence-manifest evidence-verify readiness-report release-verify release-risk",
    ),
    _kind(
        "CI/CD and deploy automation",
        "ci-automation deploy-automation",
        "ci_pipeline ci-packet deploy_validation deploy-packet",
        ".github/workflows/** .gitlab-ci.yml scripts/ci/**",
    ),
    _kind(
        "review and governance rules",
        "guard governance-rule",
        "guard-report gate-select review-report",
        "doc/governance/** docs/governance/**",
    ),
    _kind("reproducible utilities", "utility", "utility", "scripts/ops/** tools/**"),
]


def delivered(evidence: Iterable[EvidenceChecksDelivered], table: Iterable[OutputKind]) -> list[Delivered]:
    """What each record of evidence shows: a row for every kind of output that it counts for, in the table's order.

    `evidence` rows hold id, task_id, lane, task_kind, artifact_type, artifact_path, ... A record counts by the type
    of its artifact, else by its path, else by the kind of its task; `by` says which.
    """
    patterns = {kind["name"]: [compile_glob(pattern) for pattern in kind["match"]] for kind in table}
    rows = list(evidence)
    found: list[Delivered] = []
    for kind in table:
        for row in rows:
            by = ""
            if row["artifact_type"] and row["artifact_type"] in kind["evidence_types"]:
                by = "evidence type"
            elif row["artifact_path"] and any(one.match(row["artifact_path"]) for one in patterns[kind["name"]]):
                by = "artifact path"
            elif row["task_kind"] and row["task_kind"] in kind["task_kinds"]:
                by = "task kind"
            if by:
                found.append({"output": kind["name"], "by": by, **row})
    return found


def undelivered(
    finished: Iterable[EvidenceChecksFinished], shown: Iterable[Delivered], table: Iterable[OutputKind]
) -> list[Undelivered]:
    """Finished tasks whose evidence shows none of what they were for.

    A row for each kind of output that names the task's kind and has no record of the task; a task that no kind names
    has one row, with `output` "", when no record of it counts for any kind. `shown` holds task_id and output of
    every record that counts, of whatever time.
    """
    has = {(row["task_id"], row["output"]) for row in shown}
    any_output = {task_id for task_id, _output in has}
    rows: list[Undelivered] = []
    kinds = list(table)
    for task in finished:
        expected = [kind["name"] for kind in kinds if task["task_kind"] in kind["task_kinds"]]
        rows += [{**task, "output": name} for name in expected if (task["task_id"], name) not in has]
        if not expected and task["task_id"] not in any_output:
            rows.append({**task, "output": ""})
    return rows


def counts(lanes: Iterable[str], shown: Iterable[Delivered], table: Iterable[OutputKind]) -> list[OutputCount]:
    """For each lane and kind of output `{lane, output, records, tasks, artifacts}`, zeros included."""
    rows = list(shown)
    found: list[OutputCount] = []
    for lane in lanes:
        for kind in table:
            own = [row for row in rows if row["lane"] == lane and row["output"] == kind["name"]]
            artifacts = {row["artifact_path"] for row in own if row["artifact_path"]}
            tasks = {row["task_id"] for row in own}
            found.append(
                {
                    "lane": lane,
                    "output": kind["name"],
                    "records": len(own),
                    "tasks": len(tasks),
                    "artifacts": len(artifacts),
                }
            )
    return found
