"""Every key of the config file: its section, kind, default, allowed values and meaning. Data only."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.base.words.sessions import BACKENDS
from fairway_scripts.base.words.watchers import FAILURE_CLASSES
from fairway_scripts.settings.config_key import REQUIRED, Key, Section
from fairway_scripts.settings.config_key import repeated as _repeated
from fairway_scripts.settings.config_schema_gates import GATE_SECTIONS, PROFILE_GATES, RESULTS
from fairway_scripts.settings.config_schema_review import REVIEW_SECTIONS
from fairway_scripts.settings.config_schema_runs import RUN_SECTIONS

__all__ = ["BY_PATH", "REQUIRED", "RESULTS", "RETIRED", "SECTIONS", "Key", "Section", "element_defaults"]


if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLES = cast("Mapping[str, Mapping[str, object]]", DEFAULTS)  # the plain ones alone are asked for


def _plain(path: str, about: str, *keys: Key) -> Section:
    """A section whose defaults are those of `settings.DEFAULTS`."""
    return Section(path, about, tuple(key._replace(default=_TABLES[path][key.name]) for key in keys))


SECTIONS: tuple[Section, ...] = (
    _plain(
        "fairway",
        "The project and where its queue lies.",
        Key("project_name", "text", "The project's name; unset, the name of the folder that holds it."),
        Key("db_path", "text", "The store; unset, fairway/queue.db in the git directory that all worktrees share."),
        Key(
            "queue_source", "queue_source", "The queue file: yaml:<path>, json:<path> or a path; inline, there is none."
        ),
        Key("main_branch", "branch", "The integration branch: reviews and merges are measured against it."),
        Key("task_id_pattern", "regex", "What a task id looks like; a search, so ^ and $ matter."),
    ),
    _plain(
        "queue",
        "How the queue file is read.",
        Key("profile", "choice", "The fields a task must have: minimal, or strict.", choices=("minimal", "strict")),
        Key("archives", "globs", "Files of finished tasks that dependencies may name."),
        Key("max_bytes", "size", "The largest queue file that is read, in bytes."),
        Key("required_fields", "texts", "Fields that a task must have besides those of the profile."),
    ),
    _plain(
        "states",
        "The states of a task. The first of `allowed` is where a task starts.",
        Key("allowed", "some_texts", "Every state; a claim moves a task to in_progress."),
        Key("terminal", "some_texts", "The states in which work is finished."),
        Key("transitions", "pairs", 'Allowed moves as ["from", "to"] pairs, "*" for any; none listed, all moves.'),
    ),
    _plain(
        "store",
        "Where the store is: a file, or a schema of a PostgreSQL server for teams on several machines.",
        Key("engine", "choice", "sqlite (fairway.db_path) or postgres.", choices=("sqlite", "postgres")),
        Key("service", "service", "The server: a service of pg_service.conf, where host and user stand; no address."),
        Key("schema", "schema", "The schema, one for each project."),
    ),
    _plain(
        "ledger",
        "Anchors of the ledger.",
        Key("signing_key", "text", "The SSH key file that signs anchors (queue-anchor), from the main checkout."),
        Key("allowed_signers", "text", "Who may sign an anchor: a file as ssh-keygen takes it (queue-verify ANCHOR=)."),
        Key("anchor_stale_after", "duration", "How old the newest anchor may be before the coordinator is told."),
    ),
    _plain(
        "claims",
        "Claims.",
        Key("lease", "duration", "How long a claim lasts without a sign of life."),
    ),
    _plain(
        "configuration",
        "Which configuration files decide.",
        Key("accepted", "globs", "Other files (FAIRWAY_CONFIG) that may decide about gates, from the main checkout."),
    ),
    _plain(
        "gates",
        "What must be on record before work moves on.",
        Key("require_evidence_before_done", "flag", "A finished task needs evidence that passed."),
        Key("require_review_before_done", "flag", "A finished task needs its reviews approved."),
        Key("require_handoff_before_merge_ready", "flag", "A task is merge-ready only with a handoff."),
        Key("require_blocked_reason", "flag", "Blocking a task needs a reason."),
        Key("allow_force_without_reason", "flag", "FORCE may go without a REASON."),
        Key(
            "preflight_before_claim",
            "choice",
            "A claim checks the lane's worktree: enforce, warn or off.",
            choices=("enforce", "warn", "off"),
        ),
        Key(
            "stale_evidence",
            "choice",
            "Evidence recorded on an older commit: accept, warn (it counts, and that is said) or refuse.",
            choices=("accept", "warn", "refuse"),
        ),
        Key(
            "require_regression_packs",
            "choice",
            "Merge-ready asks for a passing run of the packs that the change touches: enforce, warn or off.",
            choices=("enforce", "warn", "off"),
        ),
    ),
    _repeated(
        "roles",
        "A lane: one owner of work with a branch and a worktree of its own.",
        Key("name", "lane_name", "The lane's name, as in the queue file's role.", REQUIRED),
        Key("branch", "branch", "The lane's branch; unset, agent/<name>.", ""),
        Key("provider", "text", "Who usually works here; a label, never enforced.", ""),
        Key("lease", "duration", "The lease of this lane's claims; unset, claims.lease.", ""),
        Key("worktree", "text", "The lane's worktree; unset, as [worktrees] names it.", ""),
    ),
    *REVIEW_SECTIONS,
    _plain(
        "worktrees",
        "Where lanes work.",
        Key("root", "text", "The folder of the lanes' worktrees, from the main checkout."),
        Key("naming", "naming", "A worktree's folder name, with {role} and perhaps {repo}."),
        Key("review_branch_naming", "branch_naming", "The branch on which a lane's work is reviewed, with {role}."),
    ),
    _plain(
        "evidence",
        "What belongs to the runs of a lane and not to its work.",
        Key("local_artifact_paths", "globs", "Untracked files that make no work tree dirty: logs, reports, caches."),
    ),
    _plain(
        "sessions",
        "Provider sessions.",
        Key(
            "default_backend",
            "choice",
            "How sessions are started: shell, tmux, zellij, manual or codex-api.",
            choices=BACKENDS,
        ),
        Key("stale_after", "duration", "A session without a heartbeat for this long is stale."),
        Key("name_prefix", "text", "Terminal sessions are called <prefix>-<lane>."),
    ),
    _repeated(
        "providers",
        "How a provider is started; one without an entry is started by its name.",
        Key("name", "text", "The provider, as in a lane's provider.", REQUIRED),
        Key(
            "command",
            "command_template",
            "The command, without a shell; {task_id} {role} {session_id} {worktree} {branch} {packet} {prompt} "
            "{transcript} stand for the session's own.",
            REQUIRED,
        ),
    ),
    _plain(
        "coordinator",
        "How much runs at a time (advice, not a lock).",
        Key("max_primary_tracks", "count", "Primary tracks."),
        Key("max_sidecar_tracks", "count", "Side tracks."),
        Key("max_review_tracks", "count", "Review tracks."),
        Key("checkpoint_stale_after", "duration", "A checkpoint older than this is stale."),
    ),
    _plain(
        "watchers",
        "Watchers: something is run or looked at until it is decided.",
        Key("timeout", "duration", "How long watcher-run waits unless the call says otherwise."),
        Key("stale_after", "duration", "A watcher that names no interval is stale after this long without news."),
        Key("end_grace", "duration", "How long a command may clean up after SIGTERM before it is killed."),
    ),
    _plain(
        "regression_packs",
        "The catalogue of regression packs.",
        Key("catalog", "text", "The catalogue's file, from the main checkout."),
        Key("paths", "tables", "See [[regression_packs.paths]]."),
    ),
    _repeated(
        "regression_packs.paths",
        "Paths whose changes call for regression packs, besides those that the catalogue itself names.",
        Key("match", "globs_or_glob", "One pattern or a list of patterns.", REQUIRED),
        Key("packs", "some_texts", "The ids of the packs.", REQUIRED),
    ),
    _plain(
        "ci",
        "What ci-packet shows of a failing build.",
        Key("context_lines", "count", "Lines shown before and after each failing line of a log."),
        Key("most_lines", "size", "Lines of a log that are shown for one job."),
        Key("checkout_roots", "texts", "Folders in which CI checks the project out, besides the usual ones."),
        Key("failure_rules", "tables", "See [[ci.failure_rules]]."),
    ),
    _repeated(
        "ci.failure_rules",
        "What kind of failure it is: the first rule whose patterns all fit. Patterns know no case, no look-around.",
        Key("name", "text", "The rule's name, which the packet shows.", REQUIRED),
        Key("class", "choice", "The failure class.", REQUIRED, tuple(FAILURE_CLASSES)),
        Key("job", "line_pattern", "A pattern over the job's name.", ""),
        Key("step", "line_pattern", "A pattern over the name of the step that failed.", ""),
        Key("line", "line_pattern", "A pattern over the failing lines and what failing tests say.", ""),
    ),
    _plain(
        "git_check",
        "The comparison of queue and git.",
        Key("idle_days", "count", "A claim without a commit for this many days is reported."),
    ),
    _plain(
        "health",
        "From which age the health report counts a record as waiting too long.",
        Key("stale_in_progress", "duration", "Work in progress."),
        Key("blocked", "duration", "Blocked work."),
        Key("handoff", "duration", "A handoff that nobody acknowledged."),
        Key("review", "duration", "A review that nobody gave."),
    ),
    _plain(
        "doctor",
        "The set-up check.",
        Key("suppress", "texts", "Keys of findings that are not to be reported."),
    ),
    _plain(
        "task_kinds",
        "Kinds of task.",
        Key("allowed", "texts", "The kinds a task may have; none listed, any text."),
        Key("default", "text", "The kind of a task that names none."),
    ),
    _plain(
        "task_priorities",
        "Priorities; 1 is the most urgent.",
        Key("default", "number", "The priority of a task that has none; unset, such tasks come last."),
        Key("levels", "tables", "See [[task_priorities.levels]]."),
    ),
    _repeated(
        "task_priorities.levels",
        "A named priority; once there are some, no other rank is allowed.",
        Key("rank", "number", "The number that tasks carry.", REQUIRED),
        Key("label", "text", "Its name.", REQUIRED),
        Key("description", "text", "When to use it.", ""),
    ),
    _repeated(
        "workstream_profiles",
        "A kind of workstream with gates of its own.",
        Key("name", "text", "The profile's name.", REQUIRED),
        Key("task_kinds", "texts", "The kinds of task it covers.", ()),
        Key("review_domains", "texts", "Domains that must approve a task of it that names none itself.", ()),
        Key("gates", "tables", "See [[workstream_profiles.gates]].", ()),
    ),
    PROFILE_GATES,
    _repeated(
        "packet_templates",
        "The fields of a context packet.",
        Key("name", "text", "The template's name.", REQUIRED),
        Key("profiles", "texts", "The workstream profiles that use it.", ()),
        Key("required_fields", "texts", "Fields a packet must fill.", ()),
        Key("optional_fields", "texts", "Fields a packet may fill.", ()),
    ),
    *GATE_SECTIONS,
    *RUN_SECTIONS,
    _plain(
        "dashboard",
        "The pages of fairway-dashboard.",
        Key("host", "text", "Where it listens; beyond this machine it only shows, unless the call says --yes."),
        Key("port", "count", "The port; 0 takes any that is free."),
        Key("projects", "texts", "Further checkouts to show on one page, from the main checkout."),
        Key("read_only", "flag", "Nothing can be changed from the browser."),
        Key("open", "flag", "Open a browser at the start."),
    ),
    _plain(
        "bridge",
        "The cut-over from the scripts that were there before.",
        Key(
            "write_back",
            "choice",
            "How lanes that have not moved hear the status of tasks of those that have: command calls their scripts, "
            "none waits until the lane goes back.",
            choices=("none", "command"),
        ),
        Key("legacy_db", "text", "The database of the old scripts; .git/ means the git directory that is shared."),
    ),
)

#: Sections and keys that earlier versions took and that nothing reads: they are passed over with a warning.
RETIRED = (
    "dashboard.listen",
    "dashboard.auto_open",
    "workstream_profiles.dashboard_groups",
    "workstream_profiles.route_samples",
)

#: Section path -> section.
BY_PATH: dict[str, Section] = {section.path: section for section in SECTIONS}


def element_defaults(section: Section) -> dict[str, object]:
    """A fresh table of one repeated section with every key; a required key is empty text until it is read."""
    filled = {key.name: "" if key.default is REQUIRED else key.default for key in section.keys}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in filled.items()}
