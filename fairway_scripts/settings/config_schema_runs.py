"""The sections of the config file about trusted runs, what counts as output, and trackers. Data only."""

from __future__ import annotations

from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.settings.config_key import REQUIRED, Key, Section, repeated
from fairway_scripts.settings.config_trackers import TRACKER_SECTIONS

RUN_SECTIONS = (
    Section(
        "secrets",
        "What looks like a secret and is none, so that it may stand in records.",
        (
            Key(
                "allow",
                "texts",
                "The text itself, sha256: and its digest (as a refusal names it), or rule: and the name of a rule.",
                DEFAULTS["secrets"]["allow"],
            ),
        ),
    ),
    repeated(
        "trusted_commands",
        "Commands that an approval of their class allows to be run for a task: the first match from the top decides.",
        Key("class", "text", "The class that an approval names, such as ci-watch.", REQUIRED),
        Key(
            "match",
            "command_patterns",
            "The words of the command; * stands for a part of a word, a last ** for any further words.",
            REQUIRED,
        ),
        Key("options", "command_options", "Options and NAME= that the wild places of these patterns take.", ()),
        Key("environment", "command_variables", "Variables of the caller that these commands are given.", ()),
        Key("description", "text", "What the class is for.", ""),
    ),
    repeated(
        "output_kinds",
        "What counts as output; unset, the table that output-report has itself.",
        Key("name", "text", "The kind of output.", REQUIRED),
        Key("task_kinds", "texts", "Kinds of task that deliver it.", ()),
        Key("evidence_types", "texts", "Types of artifact that show it.", ()),
        Key("match", "globs", "Patterns over the path of the artifact.", ()),
        Key("description", "text", "What belongs to it.", ""),
    ),
    *TRACKER_SECTIONS,
)
