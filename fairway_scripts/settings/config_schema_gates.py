"""The sections of the config file about profile gates, the checks of changed paths, and releases. Data only."""

from __future__ import annotations

from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.settings.config_key import REQUIRED, Key, Section, repeated

#: The results that evidence can have.
RESULTS = ("pass", "fail", "partial", "skipped", "blocked")

PROFILE_GATES = repeated(
    "workstream_profiles.gates",
    "Evidence that the profile asks for.",
    Key("name", "text", "The gate's name.", REQUIRED),
    Key("mode", "choice", "What a missing record does.", REQUIRED, ("advisory", "blocking", "report_only")),
    Key("evidence_type", "text", "The type of evidence that counts; unset, any.", ""),
    Key("required_evidence_count", "count", "How many records are needed.", 0),
    Key("accepted_results", "results", "The results that count; none listed, any.", (), RESULTS),
    Key("artifact_required", "flag", "Each record needs an artifact.", default=False),
    Key("owner_signoff_required", "flag", "Each record needs SIGNED_OFF_BY.", default=False),
    Key("expires_after", "duration", "Older records no longer count; unset, they never expire.", ""),
    Key("description", "text", "What the gate is for.", ""),
    Key("group", "text", "The heading under which reports show it.", ""),
    Key("task_kinds", "texts", "The kinds it applies to; none listed, all of the profile.", ()),
    Key(
        "graduation",
        "graduation",
        "When the guard may become blocking: { clean_runs = 5, within = '168h', max_false_positives = 0 }.",
    ),
)

GATE_SECTIONS = (
    repeated(
        "checks",
        "A command that has to be run when certain paths change, such as the check of a contract.",
        Key("name", "text", "The check's name.", REQUIRED),
        Key("match", "globs_or_glob", "One pattern or a list of patterns.", REQUIRED),
        Key("command", "text", "The command to run.", REQUIRED),
        Key("description", "text", "What it checks.", ""),
    ),
    Section(
        "release",
        "What release-verify looks at.",
        (
            Key("artifacts", "globs", "Files that a release consists of.", DEFAULTS["release"]["artifacts"]),
            Key(
                "open_blockers",
                "choice",
                "Which blocked tasks are gaps: all, or those related to what the release has.",
                DEFAULTS["release"]["open_blockers"],
                ("all", "related"),
            ),
            Key("version_files", "tables", "See [[release.version_files]].", DEFAULTS["release"]["version_files"]),
        ),
    ),
    repeated(
        "release.version_files",
        "A file that names the version; all of them must name the same one.",
        Key("path", "text", "The file, from the top of the repository.", REQUIRED),
        Key("pattern", "regex", "A pattern over its lines with one group, the version.", REQUIRED),
    ),
)
