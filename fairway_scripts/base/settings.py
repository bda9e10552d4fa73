"""What a project decided: the default of every setting, and the questions that tools ask of them.

Settings are one plain nested dict in the shape of `.fairway/config.toml` (sections, keys, arrays of tables),
so that they can be cached as JSON. `config_file.read_config` makes them from a file and
`default_settings` where there is none; both fill every key, so that a reader never has to guess a default.
"""

from __future__ import annotations

import os

from fairway_scripts.base import clock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.base.settings_shape import ReviewDomain, RiskLevel, Role, Settings

#: Where the configuration lies below the main checkout.
CONFIG_PATH = ".fairway/config.toml"
#: The makefile beside it that finds the make targets; a repository commits both.
LOADER_PATH = ".fairway/fairway.mk"

#: An id of letters, digits and dashes that starts with a capital (`WORK-7`, `B-V3-ACK-001`, `A-PROV-REMOVE-SSH`).
TASK_ID_PATTERN = "^[A-Z][A-Z0-9-]*$"

#: The state that a claim puts a task into, whatever else a project allows.
CLAIMED_STATUS = "in_progress"


def _domain(name: str, *neighbours: str, aliases: tuple[str, ...] = (), cross_cutting: bool = False) -> ReviewDomain:
    return {
        "name": name,
        "lanes": [],
        "aliases": list(aliases),
        "neighbours": list(neighbours),
        "cross_cutting": cross_cutting,
        "match": [],
    }


def _risk(
    name: str,
    *domains: str,
    touched: tuple[str, ...] = (),
    real_exit: bool = False,
    independent: int = 0,
    neighbouring: int = 0,
    cross_cutting: int = 0,
) -> RiskLevel:
    return {
        "name": name,
        "evidence": True,
        "independent": independent,
        "neighbouring": neighbouring,
        "cross_cutting": cross_cutting,
        "domains": list(domains),
        "touched": list(touched),
        "real_exit": real_exit,
    }


#: The review domains of a project that lists none: names that queue files use, each answered by the lane of that name.
_REVIEW_DOMAINS = [
    _domain("architecture", "backend", "frontend", "ops", "governance", aliases=("arch",), cross_cutting=True),
    _domain("security", "governance", "ops", "architecture", cross_cutting=True),
    _domain("ops", "backend", "architecture", "security", aliases=("operations",), cross_cutting=True),
    _domain("governance", "architecture", "security", "ops", cross_cutting=True),
    _domain("backend", "architecture", "frontend", "ops"),
    _domain("frontend", "backend", "architecture", aliases=("ui", "ux")),
]
#: The risk levels of a project that lists none, the lightest first (GPUaaS review model).
_RISK_LEVELS = [
    _risk("low"),
    _risk("medium", independent=1),
    _risk("high", neighbouring=1, cross_cutting=1),
    _risk("critical", "architecture", "security", "ops", touched=("backend", "frontend"), real_exit=True),
]

#: Every section with its defaults. An empty text means "not set": `project_name` is then the folder's name,
#: `db_path` the shared git directory's store.
DEFAULTS: Settings = {
    "fairway": {
        "project_name": "",
        "db_path": "",
        "queue_source": "yaml:doc/governance/Agent_Work_Queue.yaml",
        "main_branch": "main",
        "task_id_pattern": TASK_ID_PATTERN,
    },
    "queue": {
        "profile": "minimal",
        "archives": ["doc/governance/archive/*.yaml"],
        "max_bytes": 64 * 1024 * 1024,
        "required_fields": [],
    },
    "states": {"allowed": ["todo", "in_progress", "blocked", "done"], "terminal": ["done"], "transitions": []},
    "claims": {"lease": "12h"},
    "configuration": {"accepted": []},
    "gates": {
        "require_evidence_before_done": False,
        "require_review_before_done": False,
        "require_handoff_before_merge_ready": False,
        "require_blocked_reason": True,
        "allow_force_without_reason": False,
        "preflight_before_claim": "warn",
        "stale_evidence": "warn",
        "require_regression_packs": "off",
    },
    "roles": [],
    "review_routes": [],
    "review": {"paired": [], "full_matrix": [], "waiver_lasts": "14d"},
    "reviews": {"distinct_actor": False},
    "review_shapes": [],
    "review_domains": _REVIEW_DOMAINS,
    "risk_levels": _RISK_LEVELS,
    "sensitive_paths": [],
    "worktrees": {
        "root": "../worktrees",
        "naming": "{repo}-{role}",
        "review_branch_naming": "review/{role}",
    },
    "evidence": {"local_artifact_paths": []},
    "sessions": {"default_backend": "shell", "stale_after": "12h", "name_prefix": "fairway"},
    "providers": [],
    "coordinator": {
        "max_primary_tracks": 1,
        "max_sidecar_tracks": 1,
        "max_review_tracks": 1,
        "checkpoint_stale_after": "24h",
    },
    "store": {"engine": "sqlite", "service": "", "schema": "fairway"},
    "ledger": {"signing_key": "", "allowed_signers": "", "anchor_stale_after": "7d"},
    "watchers": {"timeout": "30m", "stale_after": "2h", "end_grace": "5s"},
    "regression_packs": {"catalog": "doc/governance/Workflow_Regression_Packs.yaml", "paths": []},
    "ci": {"context_lines": 3, "most_lines": 60, "checkout_roots": [], "failure_rules": []},
    "git_check": {"idle_days": 3},
    "health": {"stale_in_progress": "2h", "blocked": "24h", "handoff": "1h", "review": "24h"},
    "doctor": {"suppress": []},
    "dashboard": {"host": "127.0.0.1", "port": 7878, "projects": [], "read_only": False, "open": False},
    "task_kinds": {"allowed": [], "default": "task"},
    "task_priorities": {"default": None, "levels": []},
    "workstream_profiles": [],
    "packet_templates": [],
    "checks": [],
    "release": {"artifacts": [], "open_blockers": "all", "version_files": []},
    "trusted_commands": [],
    "secrets": {"allow": []},
    "output_kinds": [],
    "trackers": [],
    "bridge": {"write_back": "command", "legacy_db": ".git/agent_queue/agent_queue.db"},
}


def default_settings(lanes: list[str], *, naming: str = "{repo}-{role}", main_branch: str = "main") -> Settings:
    """Settings for a repository without a config file: the GPUaaS conventions, for the lanes that can be seen.

    `lanes` come from the queue file's `roles`; `naming` is the folder name of a lane's worktree beside the main
    checkout (`gpuas-{role}` where such siblings exist); `main_branch` the integration branch that was seen.
    """
    import copy  # only where there is no config file: most commands read settings that are already made

    settings = copy.deepcopy(DEFAULTS)
    settings["fairway"]["main_branch"] = main_branch
    settings["worktrees"] |= {"root": "..", "naming": naming}
    settings["roles"] = [
        {"name": name, "branch": f"agent/{name}", "provider": "", "lease": "", "worktree": ""} for name in lanes
    ]
    return settings


def lanes(settings: Settings) -> list[str]:
    """The names of the configured lanes, in the order of the file."""
    return [entry["name"] for entry in settings["roles"]]


def lane(settings: Settings, name: str) -> Role | None:
    """One lane's table (name, branch, provider, lease, worktree), or None when no lane has that name."""
    return next((entry for entry in settings["roles"] if entry["name"] == name), None)


def lane_branch(settings: Settings, name: str) -> str:
    """The long-lived branch of a lane: the configured one, else `agent/<name>`."""
    return _lane_text(settings, name, "branch") or f"agent/{name}"


def lane_provider(settings: Settings, name: str) -> str:
    """The provider label of a lane (`codex`, `claude` ...), empty when none is configured. It is never enforced."""
    return _lane_text(settings, name, "provider")


def provider_command(settings: Settings, provider: str) -> str:
    """The template of the command that starts a provider; without one, the provider's name is the program."""
    own = next((entry["command"] for entry in settings["providers"] if entry["name"] == provider), "")
    return own or provider


def lane_lease(settings: Settings, name: str) -> str:
    """How long a claim of this lane lasts without a sign of life: the lane's lease, else `claims.lease`."""
    return _lane_text(settings, name, "lease") or settings["claims"]["lease"]


def lease_seconds(settings: Settings, name: str) -> float:
    """`lane_lease` in seconds."""
    return clock.duration(lane_lease(settings, name))


def leases(settings: Settings) -> set[str]:
    """Each lease that some lane has, as it is written."""
    usual = settings["claims"]["lease"]
    return {usual, *(entry.get("lease") or usual for entry in settings["roles"])}


def worktree_path(settings: Settings, name: str, main_worktree: str, worktree_root_override: str = "") -> str:
    """The absolute path at which the worktree of lane `name` belongs; nothing is looked up on disk.

    `main_worktree` is the absolute path of the main checkout: relative paths start there and `{repo}` is its folder
    name. `worktree_root_override` (`WORKTREE_ROOT`) stands in for `worktrees.root`; a lane's own `worktree` names
    one exact place and is not moved by it.
    """
    own = _lane_text(settings, name, "worktree")
    if own:
        return os.path.normpath(os.path.join(main_worktree, own))
    shape = settings["worktrees"]
    root = worktree_root_override or shape["root"]
    repo = os.path.basename(os.path.normpath(main_worktree))
    folder = shape["naming"].replace("{repo}", repo).replace("{role}", name)
    return os.path.normpath(os.path.join(main_worktree, root, folder))


def review_branch(settings: Settings, name: str) -> str:
    """The disposable branch on which the work of lane `name` is reviewed, such as `review/B-ui`."""
    naming: str = settings["worktrees"]["review_branch_naming"]
    return naming.replace("{role}", name)


def is_review_branch(settings: Settings, branch: str | None) -> bool:
    """Whether a branch is the review branch of one of the lanes."""
    return branch in {review_branch(settings, name) for name in lanes(settings)}


def queue_source(settings: Settings) -> tuple[str, str]:
    """The queue file as (`yaml` | `json`, path); the path is as written, relative to the main checkout.

    Without a `yaml:` or `json:` prefix the suffix decides: `.json` is JSON, anything else YAML. A project without a
    queue file (`inline`) gives ("inline", "").
    """
    return source_of(settings["fairway"]["queue_source"])


def source_of(written: str) -> tuple[str, str]:
    """The queue file that `fairway.queue_source` names, see `queue_source`."""
    if written == "inline":
        return "inline", ""
    form, colon, path = written.partition(":")
    if colon and form in ("yaml", "json"):
        return form, path
    return ("json" if written.endswith(".json") else "yaml"), written


def initial_status(settings: Settings) -> str:
    """The state in which a task starts: the first of `states.allowed`."""
    first: str = settings["states"]["allowed"][0]
    return first


def is_terminal(settings: Settings, status: str) -> bool:
    """Whether work in this state is finished: `states.terminal` decides, not the literal `done`."""
    return status in settings["states"]["terminal"]


def _lane_text(settings: Settings, name: str, key: Literal["branch", "provider", "lease", "worktree"]) -> str:
    entry = lane(settings, name)
    return entry.get(key, "") if entry else ""
