"""The sections of the config file about reviews: who reviews which paths, in which shape. Data only."""

from __future__ import annotations

from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.settings.config_key import REQUIRED, Key, Section, repeated
from fairway_scripts.settings.review_needs import SHAPES

REVIEW_SECTIONS = (
    repeated(
        "sensitive_paths",
        "Paths whose changes need the approval of every lane named.",
        Key("match", "globs_or_glob", "One pattern or a list of patterns.", REQUIRED),
        Key("reviewers", "some_texts", "The lanes that must all approve.", REQUIRED),
    ),
    repeated(
        "review_routes",
        "Who reviews a path: the first match from the top decides.",
        Key("match", "glob", "A pattern over the path; ** spans folders, * does not.", REQUIRED),
        Key("reviewer", "text", "The lane that reviews.", REQUIRED),
    ),
    Section(
        "review",
        "Who reviews in which shape.",
        (
            Key(
                "paired",
                "texts",
                "The lanes of a paired review that the table asks for; unset, all that [[sensitive_paths]] names.",
                DEFAULTS["review"]["paired"],
            ),
            Key(
                "full_matrix",
                "texts",
                "The lanes of a full-matrix review; unset, all that the sensitive paths and routes name.",
                DEFAULTS["review"]["full_matrix"],
            ),
            Key(
                "waiver_lasts",
                "duration",
                "How long a waiver counts when it names no end.",
                DEFAULTS["review"]["waiver_lasts"],
            ),
        ),
    ),
    Section(
        "reviews",
        "Who may review.",
        (
            Key(
                "distinct_actor",
                "flag",
                "A verdict has to come from an actor or login other than those that claimed or proved the work.",
                DEFAULTS["reviews"]["distinct_actor"],
            ),
        ),
    ),
    repeated(
        "review_shapes",
        "A reason for a heavier review, recognised by any of its lists; the heaviest shape that is recognised holds.",
        Key("name", "text", "The reason, such as break-glass.", REQUIRED),
        Key("shape", "choice", "How heavy the review is then: light, paired or full-matrix.", REQUIRED, SHAPES),
        Key("task_kinds", "texts", "Kinds of task that are recognised.", ()),
        Key("risk_levels", "texts", "Values of a task's risk_level.", ()),
        Key("tags", "texts", "Tags of a task.", ()),
        Key("gates", "texts", "Gates of a task: those of its profile, and those that its own field gates names.", ()),
        Key("match", "globs_or_glob", "Patterns over the changed paths.", ()),
        Key("risk_level", "text", "The risk level to which this raises a task, such as critical.", ""),
    ),
    repeated(
        "review_domains",
        "What a reviewer answers for; once there is one, the six usual ones are gone.",
        Key("name", "text", "The domain, as review_domains of a task names it.", REQUIRED),
        Key("lanes", "texts", "The lanes whose approval counts for it; unset, the lane of that name.", ()),
        Key("aliases", "texts", "Other words for it.", ()),
        Key("neighbours", "texts", "The domains next to it; none listed, all others.", ()),
        Key("cross_cutting", "flag", "Whether it cuts across the others.", default=False),
        Key("match", "globs_or_glob", "The paths that belong to it.", ()),
    ),
    repeated(
        "risk_levels",
        "What a task's risk_level asks for, the lightest first; once there is one, the four usual ones are gone.",
        Key("name", "text", "The level, as risk_level of a task names it.", REQUIRED),
        Key("evidence", "flag", "Whether evidence that passed is needed.", default=True),
        Key("independent", "count", "Approvals of a domain that is not the owner's.", 0),
        Key("neighbouring", "count", "Approvals of a domain next to the owner's.", 0),
        Key("cross_cutting", "count", "Approvals of a cross-cutting domain.", 0),
        Key("domains", "texts", "Domains that each have to approve.", ()),
        Key("touched", "texts", "Domains that have to approve when their paths change.", ()),
        Key("real_exit", "flag", "Whether a waiver needs the approval of another lane.", default=False),
    ),
)
