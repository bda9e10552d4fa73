-- schema 16, steps e07d9c97e1293f6a;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
) STRICT;
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE TABLE "task_definitions" (
   "id" TEXT PRIMARY KEY,
   "source" TEXT NOT NULL,
   "position" INTEGER,
   "parent_id" TEXT,
   "kind" TEXT,
   "title" TEXT NOT NULL,
   "role" TEXT NOT NULL,
   "notes" TEXT,
   "acceptance_checks" TEXT,
   "priority" INTEGER,
   "sequence" INTEGER,
   "profile" TEXT,
   "owning_domain" TEXT,
   "owning_layer" TEXT,
   "source_paths" TEXT,
   "target_paths" TEXT,
   "review_domains" TEXT,
   "risk_level" TEXT,
   "migration_type" TEXT,
   "tags" TEXT,
   "extra" TEXT,
   "content_hash" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "created_by" TEXT,
   "updated_at" TEXT NOT NULL,
   "left_file_at" TEXT,
   "archived_at" TEXT
) STRICT;
CREATE INDEX "idx_task_definitions_parent_id"
    ON "task_definitions" ("parent_id");
CREATE TABLE "task_dependencies" (
   "task_id" TEXT REFERENCES "task_definitions"("id"),
   "depends_on" TEXT,
   "position" INTEGER,
   PRIMARY KEY ("task_id", "depends_on")
) STRICT;
CREATE INDEX "idx_task_dependencies_depends_on"
    ON "task_dependencies" ("depends_on");
CREATE TABLE "archived_tasks" (
   "task_id" TEXT PRIMARY KEY,
   "title" TEXT,
   "role" TEXT,
   "status" TEXT NOT NULL,
   "terminal" INTEGER NOT NULL,
   "commit_sha" TEXT,
   "completed_at" TEXT,
   "source" TEXT NOT NULL
) STRICT;
CREATE TABLE "task_state" (
   "task_id" TEXT PRIMARY KEY REFERENCES "task_definitions"("id"),
   "status" TEXT NOT NULL,
   "terminal" INTEGER NOT NULL,
   "ready" INTEGER NOT NULL,
   "open_blockers" INTEGER NOT NULL,
   "role" TEXT NOT NULL,
   "sort_priority" INTEGER,
   "sort_sequence" INTEGER,
   "owner" TEXT,
   "claimant" TEXT,
   "branch" TEXT,
   "claimed_at" TEXT,
   "lease_expires_at" TEXT,
   "completed_at" TEXT,
   "commit_sha" TEXT,
   "review_required" INTEGER,
   "review_status" TEXT,
   "reviewer" TEXT,
   "reviewed_at" TEXT,
   "review_note" TEXT,
   "version" INTEGER NOT NULL,
   "fence" INTEGER NOT NULL,
   "status_since" TEXT NOT NULL,
   "updated_at" TEXT NOT NULL
) STRICT;
CREATE INDEX idx_task_state_ready ON task_state (role, sort_priority, sort_sequence, task_id) WHERE ready = 1;
CREATE INDEX "idx_task_state_status_role"
    ON "task_state" ("status", "role");
CREATE TABLE "task_state_history" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "from_status" TEXT,
   "to_status" TEXT NOT NULL,
   "from_owner" TEXT,
   "to_owner" TEXT,
   "from_branch" TEXT,
   "to_branch" TEXT,
   "from_commit_sha" TEXT,
   "to_commit_sha" TEXT,
   "claimant" TEXT,
   "command_source" TEXT,
   "actor" TEXT NOT NULL,
   "reason" TEXT,
   "at" TEXT NOT NULL
) STRICT;
CREATE INDEX "idx_task_state_history_task_id_id"
    ON "task_state_history" ("task_id", "id");
CREATE TABLE "task_evidence" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "handoff_id" INTEGER,
   "pack_id" TEXT,
   "environment" TEXT,
   "command_text" TEXT NOT NULL,
   "result" TEXT NOT NULL,
   "artifact_path" TEXT,
   "artifact_type" TEXT,
   "artifact_sha256" TEXT,
   "artifact_size" INTEGER,
   "duration_seconds" INTEGER,
   "notes" TEXT,
   "branch" TEXT,
   "commit_sha" TEXT,
   "tree_dirty" INTEGER,
   "producer" TEXT NOT NULL,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
, "signed_off_by" TEXT, "gate" TEXT, "guard_mode" TEXT, "findings_count" INTEGER, "false_positives" INTEGER, "run_by" TEXT) STRICT;
CREATE INDEX "idx_task_evidence_task_id_id"
    ON "task_evidence" ("task_id", "id");
CREATE TABLE "task_handoffs" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "from_role" TEXT,
   "to_role" TEXT,
   "owner" TEXT,
   "branch" TEXT,
   "commit_sha" TEXT,
   "commands" TEXT,
   "results" TEXT,
   "changed_files" TEXT,
   "risks" TEXT,
   "blockers" TEXT,
   "next_step" TEXT,
   "payload" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "acknowledged_at" TEXT,
   "acknowledged_by" TEXT,
   "acknowledged_note" TEXT,
   "withdrawn_at" TEXT
) STRICT;
CREATE INDEX "idx_task_handoffs_task_id_id"
    ON "task_handoffs" ("task_id", "id");
CREATE TABLE "task_reviews" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "reviewer_role" TEXT NOT NULL,
   "reviewer" TEXT NOT NULL,
   "verdict" TEXT NOT NULL,
   "reviewed_commit_sha" TEXT,
   "base_commit_sha" TEXT,
   "route_reason" TEXT,
   "notes" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
, "findings_count" INTEGER, "duration_seconds" INTEGER, "review_domain" TEXT, "waiver_id" INTEGER) STRICT;
CREATE INDEX "idx_task_reviews_task_id_id"
    ON "task_reviews" ("task_id", "id");
CREATE TABLE "review_requests" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "role" TEXT NOT NULL,
   "layer" TEXT,
   "rules" TEXT NOT NULL,
   "paths" TEXT,
   "commit_sha" TEXT,
   "base_commit_sha" TEXT,
   "answered_by" INTEGER,
   "requested_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "superseded_at" TEXT,
   "withdrawn_at" TEXT
, "shape" TEXT, "review_domain" TEXT) STRICT;
CREATE INDEX "idx_review_requests_task_id_id"
    ON "review_requests" ("task_id", "id");
CREATE TABLE "events" (
   "id" INTEGER PRIMARY KEY,
   "at" TEXT NOT NULL,
   "actor" TEXT NOT NULL,
   "session_id" TEXT,
   "tool" TEXT NOT NULL,
   "task_id" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "payload" TEXT NOT NULL,
   "request_id" TEXT,
   "reverts" INTEGER,
   "previous_hash" TEXT NOT NULL,
   "hash" TEXT NOT NULL
, "row_images" TEXT, "store_hash" TEXT) STRICT;
CREATE INDEX "idx_events_task_id_id"
    ON "events" ("task_id", "id");
CREATE INDEX "idx_events_actor_id"
    ON "events" ("actor", "id");
CREATE INDEX idx_events_reverts ON events (reverts) WHERE reverts IS NOT NULL;
CREATE TABLE "requests" (
   "request_id" TEXT PRIMARY KEY,
   "tool" TEXT NOT NULL,
   "fingerprint" TEXT NOT NULL,
   "response" TEXT NOT NULL,
   "created_at" TEXT NOT NULL
) STRICT;
CREATE TABLE "queue_sources" (
   "path" TEXT PRIMARY KEY,
   "kind" TEXT NOT NULL,
   "mtime_ns" INTEGER NOT NULL,
   "size" INTEGER NOT NULL,
   "sha256" TEXT,
   "valid" INTEGER NOT NULL,
   "faults" TEXT,
   "header" TEXT,
   "task_count" INTEGER NOT NULL,
   "imported_at" TEXT
) STRICT;
CREATE TABLE "meta" (
   "key" TEXT PRIMARY KEY,
   "value" TEXT NOT NULL
) STRICT;
CREATE TABLE "sessions" (
   "id" TEXT PRIMARY KEY,
   "role" TEXT NOT NULL,
   "lane" TEXT,
   "worktree_path" TEXT,
   "branch" TEXT,
   "session_backend" TEXT NOT NULL,
   "provider" TEXT,
   "session_name" TEXT,
   "task_id" TEXT,
   "external_id" TEXT,
   "external_state" TEXT,
   "pid" INTEGER,
   "pid_started_at" TEXT,
   "host" TEXT,
   "terminal" TEXT,
   "tmux_pane" TEXT,
   "transcript_path" TEXT,
   "command" TEXT,
   "status" TEXT NOT NULL,
   "started_at" TEXT NOT NULL,
   "last_heartbeat_at" TEXT,
   "ended_at" TEXT,
   "exit_code" INTEGER,
   "end_reason" TEXT,
   "registered_by" TEXT NOT NULL,
   "updated_at" TEXT NOT NULL
) STRICT;
CREATE INDEX "idx_sessions_role_ended_at"
    ON "sessions" ("role", "ended_at");
CREATE INDEX "idx_sessions_task_id"
    ON "sessions" ("task_id");
CREATE TABLE "checkpoints" (
   "id" INTEGER PRIMARY KEY,
   "subject_kind" TEXT NOT NULL,
   "subject_id" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "owner" TEXT,
   "target_close_by" TEXT,
   "summary" TEXT NOT NULL,
   "artifact_path" TEXT,
   "session_id" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
) STRICT;
CREATE INDEX "idx_checkpoints_subject_kind_subject_id_id"
    ON "checkpoints" ("subject_kind", "subject_id", "id");
CREATE TABLE "watchers" (
   "id" TEXT PRIMARY KEY,
   "task_id" TEXT NOT NULL,
   "role" TEXT,
   "owner" TEXT,
   "process" TEXT,
   "command" TEXT,
   "success_condition" TEXT,
   "failure_condition" TEXT,
   "allowed_fixes" TEXT,
   "must_not_touch" TEXT,
   "escalation_rules" TEXT,
   "expected_duration" TEXT,
   "poll_interval" TEXT,
   "close_condition" TEXT,
   "evidence_required" TEXT,
   "status" TEXT NOT NULL,
   "result" TEXT,
   "failure_class" TEXT,
   "artifact_path" TEXT,
   "artifact_sha256" TEXT,
   "artifact_size" INTEGER,
   "duration_seconds" INTEGER,
   "exit_code" INTEGER,
   "attempts" INTEGER,
   "evidence_id" INTEGER,
   "pid" INTEGER,
   "pid_started_at" TEXT,
   "host" TEXT,
   "notes" TEXT,
   "started_at" TEXT NOT NULL,
   "last_news_at" TEXT,
   "finished_at" TEXT,
   "recorded_by" TEXT NOT NULL
) STRICT;
CREATE INDEX "idx_watchers_status_started_at"
    ON "watchers" ("status", "started_at");
CREATE INDEX "idx_watchers_task_id"
    ON "watchers" ("task_id");
CREATE TABLE "lane_worktrees" (
   "path" TEXT PRIMARY KEY,
   "role" TEXT NOT NULL,
   "branch" TEXT,
   "created_at" TEXT NOT NULL,
   "created_by" TEXT NOT NULL,
   "removed_at" TEXT
) STRICT;
CREATE TABLE "lane_engines" (
   "role" TEXT PRIMARY KEY,
   "engine" TEXT NOT NULL,
   "since" TEXT NOT NULL,
   "set_by" TEXT NOT NULL,
   "reason" TEXT,
   "cut_over_at" TEXT
) STRICT;
CREATE TABLE "legacy_rows" (
   "legacy_table" TEXT,
   "legacy_key" TEXT,
   "task_id" TEXT,
   "own_table" TEXT NOT NULL,
   "own_key" TEXT,
   "direction" TEXT NOT NULL,
   "content_hash" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   PRIMARY KEY ("legacy_table", "legacy_key")
) STRICT;
CREATE INDEX "idx_legacy_rows_own_table_own_key"
    ON "legacy_rows" ("own_table", "own_key");
CREATE INDEX "idx_legacy_rows_task_id"
    ON "legacy_rows" ("task_id");
CREATE TABLE "write_backs" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL,
   "role" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "payload" TEXT NOT NULL,
   "state" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "last_tried_at" TEXT,
   "last_error" TEXT,
   "done_at" TEXT,
   "next_try_at" TEXT,
   "keys_before" TEXT,
   "attempts" INTEGER NOT NULL,
   "event_id" INTEGER
) STRICT;
CREATE INDEX idx_write_backs_open ON write_backs (id) WHERE state IN ('pending', 'failed');
CREATE TABLE "parity_observations" (
   "id" INTEGER PRIMARY KEY,
   "call_id" TEXT NOT NULL,
   "at" TEXT NOT NULL,
   "role" TEXT NOT NULL,
   "operation" TEXT NOT NULL,
   "task_id" TEXT,
   "verdict" TEXT NOT NULL,
   "note" TEXT,
   "differences" TEXT NOT NULL,
   "legacy_result" TEXT NOT NULL,
   "own_result" TEXT NOT NULL,
   "replay" TEXT,
   "legacy_ms" INTEGER,
   "own_ms" INTEGER
) STRICT;
CREATE UNIQUE INDEX "idx_parity_observations_call_id"
    ON "parity_observations" ("call_id");
CREATE INDEX "idx_parity_observations_role_operation_id"
    ON "parity_observations" ("role", "operation", "id");
CREATE TABLE "waivers" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "subject" TEXT NOT NULL,
   "needed" TEXT NOT NULL,
   "granted" TEXT NOT NULL,
   "rules" TEXT NOT NULL,
   "reason" TEXT NOT NULL,
   "owner" TEXT NOT NULL,
   "commit_sha" TEXT,
   "base_commit_sha" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
, "expires_at" TEXT) STRICT;
CREATE INDEX "idx_waivers_task_id_id"
    ON "waivers" ("task_id", "id");
CREATE TABLE "execution_approvals" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "command_class" TEXT NOT NULL,
   "approved_by" TEXT NOT NULL,
   "reason" TEXT,
   "commit_sha" TEXT,
   "expires_at" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
, "programs" TEXT) STRICT;
CREATE INDEX "idx_execution_approvals_task_id_id"
    ON "execution_approvals" ("task_id", "id");
CREATE TABLE "guard_modes" (
   "id" INTEGER PRIMARY KEY,
   "profile" TEXT NOT NULL,
   "gate" TEXT NOT NULL,
   "mode" TEXT NOT NULL,
   "reason" TEXT NOT NULL,
   "evidence" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL
) STRICT;
CREATE TABLE "ledger_head" (
   "id" INTEGER PRIMARY KEY,
   "event_id" INTEGER NOT NULL,
   "events" INTEGER NOT NULL,
   "hash" TEXT NOT NULL
) STRICT;
CREATE INDEX idx_task_evidence_failed ON task_evidence (created_at, id) WHERE result = 'fail' AND withdrawn_at IS NULL;
CREATE INDEX idx_events_spawned ON events (task_id) WHERE tool = 'queue-spawn';
CREATE VIEW v_tasks AS
SELECT s.task_id, d.title, s.role AS lane, s.status, s.owner, s.claimant, s.branch, s.commit_sha,
  d.kind, d.priority, d.parent_id, s.ready, s.open_blockers, s.review_status, s.status_since, s.completed_at,
  d.left_file_at, d.archived_at
FROM task_state s JOIN task_definitions d ON d.id = s.task_id;
CREATE VIEW v_approvals AS
SELECT v.id AS review_id, v.task_id, d.title, s.role AS lane, v.reviewer_role, v.reviewer,
  v.review_domain, v.reviewed_commit_sha, v.base_commit_sha, v.created_at, v.recorded_by, v.notes, v.waiver_id,
  (SELECT count(*) FROM task_evidence e WHERE e.task_id = v.task_id AND e.commit_sha = v.reviewed_commit_sha
    AND e.result = 'pass' AND e.withdrawn_at IS NULL AND e.created_at <= v.created_at) AS passed_evidence
FROM task_reviews v JOIN task_state s ON s.task_id = v.task_id JOIN task_definitions d ON d.id = v.task_id
WHERE v.verdict = 'approved' AND v.withdrawn_at IS NULL;
CREATE VIEW v_evidence AS
SELECT e.id AS evidence_id, e.task_id, s.role AS lane, e.command_text, e.result, e.commit_sha,
  e.branch, e.tree_dirty, e.producer, e.run_by, e.signed_off_by, e.artifact_path, e.artifact_sha256, e.pack_id,
  e.environment, e.duration_seconds, e.notes, e.recorded_by, e.created_at
FROM task_evidence e JOIN task_state s ON s.task_id = e.task_id
WHERE e.withdrawn_at IS NULL;
CREATE VIEW v_open_reviews AS
SELECT q.id AS request_id, q.task_id, d.title, s.role AS lane, q.role AS reviewer_role,
  q.review_domain, q.shape, q.layer, q.rules, q.commit_sha, q.requested_by, q.created_at
FROM review_requests q JOIN task_state s ON s.task_id = q.task_id JOIN task_definitions d ON d.id = q.task_id
WHERE q.withdrawn_at IS NULL AND q.superseded_at IS NULL AND q.answered_by IS NULL AND s.terminal = 0
  AND NOT EXISTS (SELECT 1 FROM task_reviews v WHERE v.task_id = q.task_id AND v.reviewer_role = q.role
    AND COALESCE(v.review_domain, '') IN ('', COALESCE(q.review_domain, ''))
    AND v.withdrawn_at IS NULL AND v.created_at >= q.created_at);
CREATE VIEW v_activity AS
SELECT e.id AS event_id, e.at, e.actor, e.session_id, e.tool, e.task_id, e.kind, e.payload,
  e.request_id, e.reverts,
  (SELECT max(r.id) FROM events r WHERE r.task_id = e.task_id AND r.reverts = e.id) AS reverted_by
FROM events e WHERE e.kind NOT IN ('rows_written', 'ledger_baseline');
CREATE TABLE "tracker_links" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "uid" TEXT NOT NULL,
   "tracker" TEXT NOT NULL,
   "kind" TEXT NOT NULL,
   "host" TEXT NOT NULL,
   "issue" TEXT NOT NULL,
   "remote_id" TEXT NOT NULL,
   "url" TEXT NOT NULL,
   "base" TEXT NOT NULL,
   "content_hash" TEXT NOT NULL,
   "etag" TEXT,
   "watermark" TEXT,
   "comment_id" TEXT,
   "comment_hash" TEXT,
   "pending_hash" TEXT,
   "pending_at" TEXT,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
) STRICT;
CREATE INDEX "idx_tracker_links_task_id_id"
    ON "tracker_links" ("task_id", "id");
CREATE TABLE "push_intents" (
   "id" INTEGER PRIMARY KEY,
   "task_id" TEXT NOT NULL REFERENCES "task_state"("task_id"),
   "remote" TEXT NOT NULL,
   "branch" TEXT NOT NULL,
   "reason" TEXT NOT NULL,
   "recorded_by" TEXT NOT NULL,
   "created_at" TEXT NOT NULL,
   "withdrawn_at" TEXT
) STRICT;
CREATE INDEX "idx_push_intents_task_id_id"
    ON "push_intents" ("task_id", "id");
CREATE INDEX idx_task_state_claimant ON task_state (claimant, COALESCE(lease_expires_at, '')) WHERE claimant IS NOT NULL;
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm001_definitions', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm002_state', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm003_records', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm004_ledger', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm005_attachments', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm006_cutover', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm007_review_shapes', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm008_review_bar', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm009_ledger_head', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm010_run_by', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm011_approved_programs', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm012_failures_and_spawns', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm013_views', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm014_tracker_links', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm015_push_intents', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'));
INSERT INTO _sqlite_migrations (migration_set, name, applied_at)
VALUES ('fairway', 'm016_claims_by_lease', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))