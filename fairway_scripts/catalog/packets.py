"""Bounded packets, and regression packs."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool

TOOLS = (
    Tool(
        "context-packet",
        "packets.commands.context_packet",
        "Print the bounded brief of a task: goal, limits, acceptance, and what is recorded.",
        "TASK_ID TRACK_ID OWNER OWNER_LANE HANDOFF_REQUIRED GOAL NON_GOALS CURRENT_STATE "
        "ARCHITECTURE_CONTEXT ENVIRONMENT WORKFLOW_REGRESSION_PACK OWNED MUST_NOT_TOUCH COMMANDS "
        "ACCEPTANCE RISKS STOP_CONDITIONS DEVIATION_RULES HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="context-packet B-V3-ACK-001 --owner B --goal 'Acknowledge alerts' --check 'pnpm test'",
        targets=("agent-context-packet",),
    ),
    Tool(
        "bugfix-packet",
        "packets.commands.bugfix_packet",
        "Print the review packet of a bug fix: root cause, proof, coverage, risk.",
        "TASK_ID BUG_SUMMARY OWNING_LAYER WORKFLOW_PACK ROOT_CAUSE IMPACT PROOF_COMMAND "
        "REGRESSION_COVERAGE SCOPE_DRIFT RESIDUAL_RISK FOLLOW_UP REVIEW_QUESTIONS RUN_PROOF "
        "PROOF_TIMEOUT DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="bugfix-packet B-V3-ACK-001 --root-cause 'the retry lost the token' --owning-layer service "
        "--proof-command 'make test' --regression-coverage 'unit test' --residual-risk none",
        targets=("agent-bugfix-packet",),
    ),
    Tool(
        "watcher-packet",
        "runs.commands.watcher_packet",
        "Print the brief of a watch: what to look at, what counts, what is allowed.",
        "TASK_ID WATCH_ID OWNER_LANE PROCESS COMMAND EXPECTED_DURATION POLL_INTERVAL "
        "SUCCESS_CONDITION FAILURE_CONDITION ALLOWED_FIXES MUST_NOT_TOUCH ESCALATION_RULES "
        "EVIDENCE_REQUIRED CLOSE_CONDITION HANDOFF_FORMAT DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="watcher-packet --watch-id W-1 --owner-lane C-ops/watch --process 'CI of master' --command 'ci "
        "status' --expected-duration 20m --success-condition green --failure-condition red",
        targets=("agent-watch-task",),
    ),
    Tool(
        "architecture-map-packet",
        "packets.commands.architecture_map",
        "Print the packet of an architecture map.",
        "TASK_ID SCOPE CURRENT_OWNER TARGET_OWNER MIGRATION_RISK SOURCE_DOCS ACCEPTANCE DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="architecture-map-packet B-1 --scope billing --current-owner A --target-owner B --migration-risk "
        "low --check 'make test'",
    ),
    Tool(
        "boundary-guard-packet",
        "packets.commands.boundary_guard",
        "Print the packet of a boundary guard.",
        "TASK_ID GUARD_INTENT FINDINGS FALSE_POSITIVES GRADUATION_CRITERIA PROOF_COMMANDS DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="boundary-guard-packet B-1 --guard-intent 'no imports of billing' --graduation-criteria 'a week "
        "without findings'",
    ),
    Tool(
        "vertical-slice-packet",
        "packets.commands.vertical_slice",
        "Print the packet of a vertical slice.",
        "TASK_ID TARGET_SEAM OLD_PATH NEW_PATH ADAPTER PROOF_COMMANDS ROLLBACK_PLAN DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="vertical-slice-packet B-1 --target-seam API --old-path cmd/api --new-path packages/api --proof- "
        "command 'make test' --rollback-plan revert",
    ),
    Tool(
        "packet-template",
        "packets.commands.packet_template",
        "Print the packet of a template of the configuration.",
        "TEMPLATE TASK_ID DRAFT FULL OUTPUT ATTACH",
        mutates=True,
        example="packet-template boundary-guard B-1 --field guard_intent='no imports' --field mode=report",
    ),
    Tool(
        "regression-packs",
        "reviews.commands.regression_packs",
        "List, show, check and choose regression packs, and record a run of one.",
        "PACK_ID CATALOG PATHS REF BASE TASK_ID RESULT ENVIRONMENT COMMAND_TEXT ARTIFACT_PATH ARTIFACT_TYPE "
        "DURATION_SECONDS NOTES COMMIT PRODUCER",
        mutates=True,
        extras="NOTES_FILE",
        first="",
        targets=(
            "workflow-regression-packs",
            "workflow-regression-packs-list list",
            "workflow-regression-packs-show show",
            "workflow-regression-packs-validate validate",
            "workflow-regression-packs-for-paths for-paths",
            "workflow-regression-packs-for-task for-task",
            "workflow-regression-packs-record record",
            "regression-packs-list list",
            "regression-packs-show show",
            "regression-packs-validate validate",
        ),
        example="regression-packs for-paths --ref agent/B-ui",
    ),
)
