"""The sections of the config file about the shape of a review. Data only."""

from __future__ import annotations

from fairway_scripts.rules.config_key import REQUIRED, Key, Section, repeated
from fairway_scripts.rules.review_shape import SHAPES
from fairway_scripts.settings import DEFAULTS

REVIEW_SECTIONS = (
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
    ),
)
