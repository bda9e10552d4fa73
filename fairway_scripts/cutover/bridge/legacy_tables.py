"""What an old queue database may hold: its kinds of table, and the names its columns go by. Data only.

The names follow the make variables of the old scripts in lower case (`COMMAND_TEXT` -> `command_text`), with the
synonyms that hand-written stores use. Names are compared without case and punctuation.
"""

from __future__ import annotations

from typing import NamedTuple


class Column(NamedTuple):
    """One column that we keep. `kind`: text, lines (a JSON list becomes one line an item), whole, time.

    `tiers`: names by preference; one tier's names are equals.
    """

    name: str
    kind: str
    tiers: tuple[tuple[str, ...], ...]


class Kind(NamedTuple):
    """One kind of table. `names`: what it is called, the first best; `required` columns have to be found.

    Without a known name a table needs `shape` columns in all, `telling` ones among them.
    """

    name: str
    own_table: str
    names: tuple[str, ...]
    required: tuple[str, ...]
    telling: tuple[str, ...]
    shape: int
    columns: tuple[Column, ...]


def _columns(**spellings: str) -> tuple[Column, ...]:
    """`name="kind: synonym synonym | weaker weaker"`; the column's own name is the strongest tier."""
    found = []
    for name, spelling in spellings.items():
        kind, _, rest = spelling.partition(":")
        tiers = [tuple(part.split()) for part in rest.split("|") if part.split()]
        found.append(Column(name, kind, ((name,), *tiers)))
    return tuple(found)


_TASK = "text: task | work_item item_id ticket ticket_id queue_id queue_item_id"
_COMMIT = "text: commit sha | commit_id git_sha git_commit commit_hash revision head_sha"
_AT = "time: at recorded_at | timestamp ts time inserted_at logged_at occurred_at | updated_at"
_WHO = "text: actor | recorded_by created_by author by user | who person | by_whom agent"

KINDS: tuple[Kind, ...] = (
    Kind(
        "state",
        "task_state",
        ("task_state", "task_states", "queue_state", "agent_task_state", "agent_queue_state", "tasks", "queue_tasks"),
        ("task_id", "status"),
        ("status", "owner", "branch"),
        4,
        _columns(
            task_id=f"{_TASK} | id key",
            status="text: state task_status",
            owner="text: assignee assigned_to owned_by | who person holder",
            claimant="text: claimed_by claimer",
            branch="text: branch_name git_branch",
            claimed_at="time: claim_time claimed_on started_at",
            lease_expires_at="time: lease_until lease_end lease_expiry claim_expires_at claimed_until | expires_at",
            completed_at="time: done_at finished_at completed_on closed_at",
            commit_sha=_COMMIT,
            review_required="whole: needs_review requires_review",
            review_status="text: review_state",
            reviewer="text: reviewed_by",
            reviewed_at="time: review_at",
            review_note="text: review_notes review_comment",
            review_roles="lines: review_lanes required_reviewers required_lanes reviewer_roles",
            blocked_reason="text: block_reason reason_blocked blocked_because blocker_reason | why hold_reason",
            updated_at="time: modified_at changed_at last_updated",
        ),
    ),
    Kind(
        "history",
        "task_state_history",
        ("task_state_history", "task_history", "state_history", "task_transitions", "transitions", "status_history"),
        ("task_id", "to_status"),
        ("to_status", "from_status"),
        4,
        _columns(
            task_id=_TASK,
            from_status="text: old_status previous_status prev_status status_from from_state old_state",
            to_status="text: new_status next_status status_to to_state new_state | status state",
            from_owner="text: old_owner previous_owner",
            to_owner="text: new_owner | owner",
            from_branch="text: old_branch previous_branch",
            to_branch="text: new_branch | branch",
            from_commit_sha="text: from_commit old_commit previous_commit old_commit_sha",
            to_commit_sha="text: to_commit new_commit new_commit_sha | commit_sha commit sha",
            claimant="text: claimed_by",
            command_source="text: source command operation tool",
            actor="text: changed_by who user person by | recorded_by created_by author | by_whom agent",
            reason="text: note notes comment message",
            at="time: changed_at transitioned_at | created_at | timestamp ts time occurred_at inserted_at",
        ),
    ),
    Kind(
        "evidence",
        "task_evidence",
        ("task_evidence", "evidence", "task_evidences", "evidences", "evidence_log"),
        ("task_id", "command_text", "result"),
        ("command_text", "result"),
        4,
        _columns(
            task_id=_TASK,
            command_text="text: command cmd command_line",
            result="text: outcome | status verdict",
            handoff_id="text: handoff",
            artifact_path="text: artifact artifact_url artifact_file",
            artifact_type="text: artifact_kind",
            duration_seconds="whole: duration elapsed_seconds seconds duration_s",
            notes="text: note comment summary",
            branch="text: branch_name git_branch",
            commit_sha=_COMMIT,
            pack_id="text: workflow_pack pack",
            environment="text: env target_environment",
            recorded_by=f"{_WHO} owner",
            created_at=_AT,
        ),
    ),
    Kind(
        "handoffs",
        "task_handoffs",
        ("task_handoffs", "handoffs", "task_handoff", "handoff", "handoff_log", "handovers", "task_handovers"),
        ("task_id",),
        ("commands", "results", "changed_files", "next_step", "risks"),
        4,
        _columns(
            task_id=_TASK,
            from_role="text: source_role | from_lane role",
            to_role="text: target_role | to_lane",
            owner="text: handed_off_by",
            branch="text: branch_name git_branch",
            commit_sha=_COMMIT,
            commands="lines: commands_run command_list | commands_json | command",
            results="lines: result_summary outcomes outcome | results_json | result",
            changed_files="lines: files files_changed | changed_files_json | file",
            risks="lines: risk hazards hazard",
            blockers="lines: blocker",
            next_step="text: next_steps next_action next",
            payload="text: notes note body | payload_json data",
            recorded_by=_WHO,
            created_at=_AT,
            acknowledged_at="time: acked_at ack_at received_at",
            acknowledged_by="text: acked_by ack_by received_by",
            acknowledged_note="text: ack_note",
        ),
    ),
    Kind(
        "reviews",
        "task_reviews",
        ("task_reviews", "reviews", "task_review", "review_log", "review_records"),
        ("task_id", "verdict"),
        ("verdict", "reviewer", "reviewed_commit_sha", "reviewer_role"),
        4,
        _columns(
            task_id=_TASK,
            reviewer_role="text: review_role reviewer_lane | role lane",
            reviewer="text: reviewed_by | actor author who person by",
            verdict="text: decision outcome | status review_status | state result",
            reviewed_commit_sha="text: reviewed_commit reviewed_sha | commit_sha | commit sha | ref",
            base_commit_sha="text: base_commit base_sha base",
            route_reason="text: route reason",
            notes="text: note comment findings | review_note",
            recorded_by="text: created_by | submitted_by | author",
            created_at="time: reviewed_at decided_at | at recorded_at | timestamp ts time inserted_at | updated_at",
        ),
    ),
    Kind(
        "requests",
        "review_requests",
        ("review_requests", "task_review_requests", "review_routes", "review_request", "requested_reviews"),
        ("task_id", "role"),
        ("role", "answered_by"),
        4,
        _columns(
            task_id=_TASK,
            role="text: reviewer_role review_role lane reviewer_lane | required_role requested_role",
            commit_sha=f"{_COMMIT} | ref reviewed_commit_sha",
            base_commit_sha="text: base_commit base_sha base",
            answered_by="text: review_id answer answer_id answered_review_id | answered",
            rules="text: rule route_reason reason because",
            requested_by=_WHO,
            created_at="time: requested_at routed_at at | timestamp ts time inserted_at",
        ),
    ),
    Kind(
        "sessions",
        "sessions",
        ("agent_sessions", "sessions", "agent_session", "provider_sessions"),
        ("id", "status"),
        ("session_backend", "provider", "worktree_path", "transcript_path", "tmux_pane", "last_heartbeat_at"),
        5,
        _columns(
            id="text: session_id | session_key",
            role="text: agent_role lane_role | lane",
            lane="text: lane_label",
            worktree_path="text: worktree",
            branch="text: branch_name git_branch",
            session_backend="text: backend",
            provider="text: agent agent_provider",
            session_name="text: name",
            task_id=_TASK,
            external_id="text: thread_id external_thread_id run_id",
            pid="whole: process_id",
            host="text: hostname",
            tmux_pane="text: pane pane_id",
            transcript_path="text: transcript",
            status="text: state session_status",
            started_at="time: start_time began began_at begun_at | created_at launched_at",
            last_heartbeat_at="time: heartbeat_at last_seen_at last_heartbeat seen seen_at last_seen heartbeat beat",
            ended_at="time: end_time finished_at",
            exit_code="whole: exit_status",
            end_reason="text: reason",
            registered_by="text: actor created_by recorded_by",
            updated_at="time: modified_at",
        ),
    ),
    Kind(
        "checkpoints",
        "checkpoints",
        ("track_checkpoints", "checkpoints", "task_checkpoints", "track_checkpoint"),
        ("subject_id", "state"),
        ("subject_id", "summary", "target_close_by"),
        4,
        _columns(
            subject_id="text: track_id | track | task_id",
            state="text: status track_state",
            owner="text: assignee owner_lane",
            target_close_by="text: target_date due_by due close_by target",
            summary="text: note notes | message text",
            artifact_path="text: artifact",
            session_id="text: session",
            recorded_by=_WHO,
            created_at="time: at recorded_at checkpoint_at | updated_at | timestamp ts time inserted_at",
        ),
    ),
)
#: Finished tasks that were moved out of the table of states: the same columns under other names of the table.
ARCHIVE = KINDS[0]._replace(
    name="archive",
    names=(
        "task_archive",
        "archived_tasks",
        "task_state_archive",
        "archived_task_state",
        "done_tasks",
        "finished_tasks",
    ),
    required=("task_id",),
    telling=("completed_at", "commit_sha"),
)
KINDS = (KINDS[0], ARCHIVE, *KINDS[1:])
KIND = {kind.name: kind for kind in KINDS}
COLUMNS = {kind.name: {column.name: column for column in kind.columns} for kind in KINDS}
