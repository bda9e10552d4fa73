"""Which values of the config file are refused, alone and together, and on which line."""

from __future__ import annotations

import pytest

from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.settings.config_file import read_config
from tests.documents.config_faults import faults_of

#: section, value written there, part of the message
BAD_VALUES = [
    ("gates.require_blocked_reason", '"yes"', "must be true or false, not the text 'yes'"),
    ("gates.require_blocked_reason", "1", "must be true or false, not the number 1"),
    ("gates.preflight_before_claim", '"always"', "'always' is none of enforce, warn, off"),
    ("gates.stale_evidence", "true", "must be text in quotes, not true"),
    ("fairway.project_name", '" "', "must not be empty"),
    ("fairway.project_name", '"a\\u0007b"', "control characters"),
    ("fairway.db_path", '""', "must not be empty"),
    ("fairway.queue_source", '"yaml:"', "names no file"),
    ("fairway.main_branch", '"a b"', "no branch name"),
    ("fairway.main_branch", '"a..b"', "no branch name"),
    ("fairway.main_branch", '"-x"', "no branch name"),
    ("fairway.main_branch", '"x.lock"', "no branch name"),
    ("fairway.main_branch", '"a//b"', "no branch name"),
    ("fairway.main_branch", "2026-01-01", "not a date or time"),
    ("fairway.task_id_pattern", '"^[A-Z"', "no regular expression"),
    ("fairway.task_id_pattern", '"a{99999999999999999999}"', "no regular expression"),
    ("queue.profile", '"lax"', "minimal, strict"),
    ("queue.archives", '"a/*.yaml"', "must be a list"),
    ("queue.archives", '["a/[b"]', "entry 1: the pattern 'a/[b' has a [ without a ]"),
    ("queue.max_bytes", "0", "not between 1"),
    ("queue.max_bytes", "9223372036854775808", "not between 1"),
    ("queue.max_bytes", "true", "whole number, not true"),
    ("queue.required_fields", '["a", "a"]', "names 'a' twice"),
    ("states.allowed", "[]", "at least one"),
    ("states.allowed", '["todo", ""]', "entry 2: must not be empty"),
    ("states.terminal", "[]", "at least one"),
    ("states.transitions", '[["todo"]]', "entry 1: must be a pair"),
    ("claims.lease", '"12"', "no duration"),
    ("claims.lease", '"soon"', "no duration"),
    ("claims.lease", '"0h"', "between a moment and a century"),
    ("claims.lease", '"99999999d"', "between a moment and a century"),
    ("claims.lease", "12", "must be text in quotes, not the number 12"),
    ("worktrees.naming", '"lane"', "must contain {role}"),
    ("worktrees.naming", '"{role}-{rope}"', "has {rope}"),
    ("worktrees.review_branch_naming", '"review"', "must contain {role}"),
    ("worktrees.review_branch_naming", '"{repo}/{role}"', "has {repo}"),
    ("worktrees.review_branch_naming", '"re view/{role}"', "no branch name"),
    ("coordinator.max_primary_tracks", "-1", "not between 0"),
    ("git_check.idle_days", "1.5", "whole number"),
    ("health.blocked", '"1 day"', "no duration"),
    ("task_kinds.allowed", '["a", 3]', "entry 2: must be text"),
    ("task_priorities.default", '"high"', "whole number"),
    ("doctor.suppress", '"x"', "must be a list"),
]


class TestValues:
    @pytest.mark.parametrize(("key", "written", "words"), BAD_VALUES)
    def test_a_value_that_is_wrong_by_itself_is_one_fault_and_falls_back_to_the_default(
        self, config, key, written, words
    ):
        section, name = key.split(".")
        path = config(f"[{section}]\n{name} = {written}\n")
        settings, faults = read_config(path)
        assert [(fault.line, fault.field, fault.code) for fault in faults] == [(2, key, "bad_value")]
        assert words in faults[0].message
        assert settings[section][name] == (
            DEFAULTS[section][name] or ("shop" if name == "project_name" else settings[section][name])
        )

    @pytest.mark.parametrize(
        ("key", "written"),
        [
            ("claims.lease", '"1h30m"'),
            ("claims.lease", '"1.5d"'),
            ("fairway.queue_source", '"inline"'),
            ("fairway.queue_source", '"json:q.json"'),
            ("fairway.task_id_pattern", '"[[a]"'),
            ("fairway.main_branch", '"release/platform-control"'),
            ("queue.archives", '["doc/{a,b}/**/*.yaml"]'),
            ("worktrees.root", '"/lanes"'),
            ("coordinator.max_side" + "car_tracks", "0"),
            ("states.transitions", '[["*", "blocked"], ["todo", "in_progress"]]'),
        ],
    )
    def test_good_values_pass(self, config, key, written):
        section, name = key.split(".")
        assert read_config(config(f"[{section}]\n{name} = {written}\n"))[1] == []

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("gates = 3\n", (1, "gates", "wrong_type")),
            ("[[gates]]\n", (1, "gates", "wrong_type")),
            ("[roles]\n", (1, "roles", "wrong_type")),
            ("roles = [3]\n", (1, "roles.1", "wrong_type")),
            ("[[roles]]\n", (1, "roles.1.name", "missing_key")),
            ('[[roles]]\nname = "a b"\n', (2, "roles.1.name", "bad_value")),
            ('[[roles]]\nname = "a/b"\n', (2, "roles.1.name", "bad_value")),
            ('[[roles]]\nname = "-a"\n', (2, "roles.1.name", "bad_value")),
            ('[[roles]]\nname = "a"\nlease = "x"\n', (3, "roles.a.lease", "bad_value")),
            ('[[review_routes]]\nmatch = "/a"\nreviewer = "a"\n', (2, "review_routes.1.match", "bad_value")),
            ('[[review_routes]]\nmatch = "a"\n', (1, "review_routes.1.reviewer", "missing_key")),
            ('[[sensitive_paths]]\nmatch = []\nreviewers = ["a"]\n', (2, "sensitive_paths.1.match", "bad_value")),
            ('[[sensitive_paths]]\nmatch = "a"\nreviewers = []\n', (3, "sensitive_paths.1.reviewers", "bad_value")),
            ('[[task_priorities.levels]]\nlabel = "x"\n', (1, "task_priorities.levels.1.rank", "missing_key")),
        ],
    )
    def test_tables_of_the_wrong_shape(self, config, text, fault):
        assert faults_of(config(text)) == [fault]


ROLES = '[[roles]]\nname = "a"\n[[roles]]\nname = "b"\n'
PROFILE = '[[workstream_profiles]]\nname = "p"\n'
GATE = '[[workstream_profiles.gates]]\nname = "g"\nmode = "advisory"\nevidence_type = "t"\n'

#: text, the one fault expected
TOGETHER = [
    ('[states]\nterminal = [\n  "done",\n  "shipped",\n]\n', (4, "states.terminal.2", "unknown_state")),
    ('[states]\nallowed = ["todo", "done"]\n', (2, "states.allowed", "unknown_state")),
    ('[states]\nterminal = ["todo"]\n', (2, "states.terminal.1", "terminal_start")),
    ('[states]\nterminal = ["done", "in_progress"]\n', (2, "states.terminal", "terminal_claim")),
    (
        '[states]\ntransitions = [\n  ["*", "in_progress"],\n  ["gone", "done"],\n]\n',
        (4, "states.transitions.2.1", "unknown_state"),
    ),
    (
        '[states]\ntransitions = [["*", "in_progress"], ["todo", "*"]]\n',
        (2, "states.transitions.2.2", "unknown_state"),
    ),
    (ROLES + '[[roles]]\nname = "a"\n', (6, "roles.a.name", "named_twice")),
    (ROLES + 'branch = "agent/a"\n', (5, "roles.b.branch", "branch_collision")),
    (ROLES + 'branch = "agent/a/sub"\n', (5, "roles.b.branch", "branch_collision")),
    (ROLES + 'branch = "main"\n', (5, "roles.b.branch", "branch_collision")),
    (ROLES + 'branch = "main/b"\n', (5, "roles.b.branch", "branch_collision")),
    (ROLES + 'branch = "review/a"\n[worktrees]\n', (6, "worktrees.review_branch_naming", "branch_collision")),
    (ROLES + 'worktree = "../worktrees/checkout-a"\n', (5, "roles.b.worktree", "worktree_collision")),
    (ROLES + 'worktree = "."\n', (5, "roles.b.worktree", "worktree_collision")),
    (ROLES + '[[review_routes]]\nmatch = "x"\nreviewer = "c"\n', (7, "review_routes.1.reviewer", "unknown_lane")),
    (
        ROLES + '[[sensitive_paths]]\nmatch = "x"\nreviewers = ["a", "c"]\n',
        (7, "sensitive_paths.1.reviewers.2", "unknown_lane"),
    ),
    ('[task_kinds]\nallowed = ["bug"]\n', (1, "task_kinds.default", "unknown_kind")),
    (
        '[[task_priorities.levels]]\nrank = 1\nlabel = "x"\n[[task_priorities.levels]]\nrank = 1\nlabel = "y"\n',
        (5, "task_priorities.levels.2.rank", "named_twice"),
    ),
    (
        '[task_priorities]\ndefault = 9\n[[task_priorities.levels]]\nrank = 1\nlabel = "x"\n',
        (2, "task_priorities.default", "unknown_rank"),
    ),
    (PROFILE + PROFILE, (4, "workstream_profiles.p.name", "named_twice")),
    (
        '[task_kinds]\nallowed = ["task"]\n' + PROFILE + 'task_kinds = ["task", "bug"]\n',
        (5, "workstream_profiles.p.task_kinds.2", "unknown_kind"),
    ),
    (PROFILE + GATE + GATE, (8, "workstream_profiles.p.gates.g.name", "named_twice")),
    (
        PROFILE + GATE + 'accepted_results = ["pass", "green"]\n',
        (7, "workstream_profiles.p.gates.g.accepted_results", "bad_value"),
    ),
    (PROFILE + GATE + 'expires_after = "a month"\n', (7, "workstream_profiles.p.gates.g.expires_after", "bad_value")),
    (PROFILE + GATE.replace("advisory", "loud"), (5, "workstream_profiles.p.gates.g.mode", "bad_value")),
    (
        PROFILE + '[[packet_templates]]\nname = "t"\nprofiles = ["q"]\n',
        (5, "packet_templates.t.profiles.1", "unknown_profile"),
    ),
    (
        '[[packet_templates]]\nname = "t"\nrequired_fields = ["x"]\noptional_fields = ["y", "x"]\n',
        (4, "packet_templates.t.optional_fields.2", "field_twice"),
    ),
]


class TestValuesTogether:
    @pytest.mark.parametrize(("text", "fault"), TOGETHER)
    def test_values_that_contradict_each_other(self, config, text, fault):
        assert faults_of(config(text)) == [fault]

    def test_transitions_that_no_claim_could_follow_are_a_warning(self, config):
        [fault] = read_config(config('[states]\ntransitions = [["todo", "done"]]\n'))[1]
        assert (fault.severity, fault.code) == ("warning", "no_claim")

    def test_without_lanes_any_reviewer_is_accepted(self, config):
        assert faults_of(config('[[review_routes]]\nmatch = "x"\nreviewer = "anyone"\n')) == []

    def test_one_mistake_is_reported_once(self, config):
        path = config(ROLES.replace('"b"', '"b b"') + '[[review_routes]]\nmatch = "x"\nreviewer = "b b"\n')
        assert faults_of(path) == [(4, "roles.2.name", "bad_value")]

    def test_all_faults_come_at_once_sorted_by_line(self, config):
        path = config(
            '[[review_routes]]\nmatch = "a["\nreviewer = "nobody"\n'
            '[gates]\nrequire_blocked_reson = true\n[claims]\nlease = "x"\n[[roles]]\nname = "a"\n'
        )
        assert faults_of(path) == [
            (2, "review_routes.1.match", "bad_value"),
            (3, "review_routes.1.reviewer", "unknown_lane"),
            (5, "gates.require_blocked_reson", "unknown_key"),
            (7, "claims.lease", "bad_value"),
        ]


RETIRED_LINES = """\
[dashboard]
listen = "127.0.0.1:7878"
auto_open = true

[[workstream_profiles]]
name = "a"
route_samples = ["x"]

[[workstream_profiles]]
name = "b"
route_samples = ["y"]
dashboard_groups = ["g"]
"""


def test_what_nothing_reads_any_more_still_loads_with_one_warning_each(config):
    settings, faults = read_config(config(RETIRED_LINES))
    assert settings["dashboard"] == DEFAULTS["dashboard"]
    assert [(fault.line, fault.severity, fault.code, fault.message.split()[0]) for fault in faults] == [
        (2, "warning", "retired", "dashboard.listen"),
        (3, "warning", "retired", "dashboard.auto_open"),
        (7, "warning", "retired", "workstream_profiles.route_samples"),
        (12, "warning", "retired", "workstream_profiles.dashboard_groups"),
    ]


def test_a_pattern_that_other_tools_read_otherwise_is_a_warning(config):
    path = config(
        "[[roles]]\nname = 'a'\n[[review_routes]]\nreviewer = 'a'\nmatch = 'web/**'\n"
        "[[sensitive_paths]]\nreviewers = ['a']\nmatch = '!docs/**'\n"
    )
    _settings, faults = read_config(path)
    assert [(fault.line, fault.severity, fault.code) for fault in faults] == [(8, "warning", "read_otherwise")]


def test_two_stars_inside_a_name_are_a_warning_wherever_patterns_are_taken(config):
    path = config(
        "[queue]\narchives = ['old/**.yaml']\n[[roles]]\nname = 'a'\n"
        "[[review_routes]]\nreviewer = 'a'\nmatch = 'web/**.ts'\n"
        "[[sensitive_paths]]\nreviewers = ['a']\nmatch = 'x**'\n"
        "[[checks]]\nname = 'c'\nmatch = ['ok/**', 'b**/c']\ncommand = 'true'\n"
    )
    settings, faults = read_config(path)
    assert [(fault.line, fault.severity, fault.code) for fault in faults] == [
        (line, "warning", "double_star_in_word") for line in (2, 7, 10, 13)
    ]
    assert "'web/**.ts'" in faults[1].message
    assert settings["review_routes"][0]["match"] == "web/**.ts"
