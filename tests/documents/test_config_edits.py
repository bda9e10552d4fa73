"""Changing one setting in the file with everything else kept."""

from __future__ import annotations

import os
import stat
import threading

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.formats import file_replacement
from fairway_scripts.settings import config_file
from fairway_scripts.settings.config_file import read_config, write_value
from fairway_scripts.settings.config_keys import get_value
from fairway_scripts.settings.config_tables import add_tables
from tests.documents.config_faults import faults_of

LAYOUT = """\
# A file with a layout   of its own.

[fairway]   # the project
  project_name   =   "shop"    # keep me
main_branch = 'main'

[gates]
require_blocked_reason=true # no blank


[states]
allowed = [
  "todo",
  "in_progress",
  "blocked",
  "done",
] # four

[[roles]]
name = "a" # first

# about b
[[roles]]
name = "b"
lease = "1h"

[claims]
lease = "12h"
# the end"""


def changed_lines(before, after):
    """The lines that are only in `before` and those only in `after`, as two lists, by position from both ends."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


class TestWriting:
    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize(
        ("edit", "gone", "come"),
        [
            (
                ("fairway.project_name", "my shop"),
                '  project_name   =   "shop"    # keep me',
                '  project_name   =   "my shop"    # keep me',
            ),
            (("fairway.main_branch", "master"), "main_branch = 'main'", 'main_branch = "master"'),
            (
                ("gates.require_blocked_reason", "false"),
                "require_blocked_reason=true # no blank",
                "require_blocked_reason=false # no blank",
            ),
            (("gates.stale_evidence", "refuse"), "", 'stale_evidence = "refuse"'),
            (("roles.b.lease", "2h"), 'lease = "1h"', 'lease = "2h"'),
            (("roles.a.provider", "codex"), "", 'provider = "codex"'),
            (("claims.lease", "1h30m"), 'lease = "12h"', 'lease = "1h30m"'),
        ],
    )
    def test_only_the_edited_line_changes(self, config, newline, edit, gone, come):
        key, value = edit
        path = config(LAYOUT, newline)
        before = read_bytes(path).decode()
        write_value(path, key, value)
        old, new = changed_lines(before, read_bytes(path).decode())
        assert (old, new) == ([gone + newline] if gone else [], [come + newline])
        assert str(get_value(read_config(path)[0], key)).lower() == value

    def test_a_list_over_several_lines_stays_one(self, config):
        path = config(LAYOUT)
        write_value(path, "states.allowed", "todo, in_progress, done")
        text = read_bytes(path).decode()
        assert read_config(path)[0]["states"]["allowed"] == ["todo", "in_progress", "done"]
        assert '    "in_progress",\n' in text
        assert "] # four\n" in text

    def test_a_section_that_is_missing_is_added(self, config):
        path = config(LAYOUT + "\n")
        write_value(path, "queue.profile", "strict")
        text = read_bytes(path).decode()
        assert text.startswith(LAYOUT)
        assert text.endswith('\n[queue]\nprofile = "strict"\n')

    @pytest.mark.parametrize(
        ("key", "text", "value"),
        [
            ("fairway.project_name", 'say "x" \\ # é = [1]', 'say "x" \\ # é = [1]'),
            ("fairway.project_name", "true", "true"),
            ("fairway.task_id_pattern", r"^\d+\.[a-z]$", r"^\d+\.[a-z]$"),
            ("queue.max_bytes", "1_000", 1000),
            ("task_priorities.default", "-5", -5),
            ("gates.allow_force_without_reason", "true", True),
            ("doctor.suppress", "", []),
            ("doctor.suppress", "a, b", ["a", "b"]),
            ("doctor.suppress", '["a, b"]', ["a, b"]),
            ("queue.archives", "old/{a,b}/*.yaml, x.yaml", ["old/{a,b}/*.yaml", "x.yaml"]),
            ("states.transitions", '[["*", "in_progress"]]', [["*", "in_progress"]]),
        ],
    )
    def test_values_are_typed_as_people_say_them(self, config, key, text, value):
        path = config("")
        write_value(path, key, text)
        assert get_value(read_config(path)[0], key) == value

    @pytest.mark.parametrize(
        ("key", "text", "word", "words"),
        [
            ("gates.require_blocked_raeson", "true", "not_found", "did you mean require_blocked_reason?"),
            ("gates", "true", "usage", "not one value"),
            ("roles.a", "x", "usage", "not one value"),
            ("roles.c.lease", "2h", "not_found", "known in roles: a, b"),
            ("gates.require_blocked_reason", "maybe", "usage", "true or false"),
            ("gates.require_blocked_reason", "true\nx = 1", "usage", "true or false"),
            ("gates.require_blocked_reason", '"true"', "invalid_config", "must be true or false"),
            ("queue.max_bytes", "many", "usage", "a whole number"),
            ("queue.max_bytes", "0", "invalid_config", "not between"),
            ("claims.lease", "soon", "invalid_config", "no duration"),
            ("roles.a.branch", "agent/b", "invalid_config", "already the branch of lane a"),
            ("states.allowed", "todo,done", "invalid_config", "in_progress"),
            ("doctor.suppress", "[1", "usage", "a list"),
            ("fairway.project_name", "a\nb", "invalid_config", "control characters"),
            ("fairway.project_name", "a\udcffb", "usage", "not UTF-8"),
            ("x y", "1", "usage", "not a dotted key"),
        ],
    )
    def test_what_would_not_be_valid_is_refused_and_nothing_is_written(self, config, key, text, word, words):
        path = config(LAYOUT)
        before = read_bytes(path)
        with pytest.raises(FairwayError) as refused:
            write_value(path, key, text)
        assert refused.value.word == word
        assert words in refused.value.message
        assert read_bytes(path) == before
        assert os.listdir(os.path.dirname(path)) == ["config.toml"]

    @pytest.mark.parametrize(
        ("text", "key", "value", "words"),
        [
            # a comment inside the list that is replaced
            ('[doctor]\nsuppress = [\n  "a", # why\n]\n', "doctor.suppress", "b", "comments inside"),
            ("fairway = 3\n", "fairway.main_branch", "x", "no table"),
        ],
    )
    def test_an_edit_that_would_disturb_the_file_is_refused(self, config, text, key, value, words):
        path = config(text)
        with pytest.raises(FairwayError) as refused:
            write_value(path, key, value)
        assert refused.value.word == "invalid_config"
        assert key in refused.value.message
        assert words in refused.value.message
        assert read_bytes(path).decode() == text

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize(
        ("key", "value", "gone", "come"),
        [
            ("claims.lease", "2h", "lease = '1h'  # why", 'lease = "2h"  # why'),
            ("roles.a.provider", "codex", "", '  provider = "codex"'),
            ("roles.b.branch", "x/b", "branch = 'b'", 'branch = "x/b"'),
            ("roles.b.lease", "3h", "", 'lease = "3h"'),
            ("states.terminal", "done, dropped", "  'done',", None),
            ("gates.stale_evidence", "refuse", "", '[gates]\nstale_evidence = "refuse"'),
            ("review_routes.2.reviewer", "b", "reviewer = 'a'  # last", 'reviewer = "b"  # last'),
        ],
    )
    def test_tables_of_one_list_that_stand_apart_stay_where_they_are(self, config, key, value, gone, come, newline):
        text = (
            "[[roles]]\n  name = 'a' # first\n\n[[review_routes]]\nmatch = 'a'\nreviewer = 'a'\n"
            "[claims]\nlease = '1h'  # why\n"
            "[states]\nallowed = ['todo', 'in_progress', 'done', 'dropped']\nterminal = [\n  'done',\n]\n"
            "[[roles]]\nname = 'b'\nbranch = 'b'\n# the end of b\n\n"
            "[[review_routes]]\nmatch = 'b'\nreviewer = 'a'  # last"
        )
        path = config(text, newline)
        before = read_bytes(path).decode()
        write_value(path, key, value)
        old, new = changed_lines(before, read_bytes(path).decode())
        kept = "".join(old).replace("\r\n", "\n").strip("\n")
        written = "".join(new).replace("\r\n", "\n")
        assert kept in (gone, "reviewer = 'a'  # last")
        assert come is None or come in written
        assert (newline == "\r\n") is ("\r\n" in read_bytes(path).decode())
        assert str(get_value(read_config(path)[0], key)) == (value if come else "['done', 'dropped']")

    def test_an_edit_after_which_another_key_reads_differently_is_refused_naming_that_key(self, config, monkeypatch):
        path = config(LAYOUT)
        right = tomlkit.dumps
        monkeypatch.setattr(
            tomlkit, "dumps", lambda document: right(document).replace("main_branch", "task_id_pattern")
        )
        monkeypatch.setattr(config_file, "toml_with_value", lambda *_: None)
        with pytest.raises(FairwayError, match=r"claims\.lease cannot be set .* fairway\.main_branch would change too"):
            write_value(path, "claims.lease", "2h")
        assert read_bytes(path).decode() == LAYOUT

    def test_a_table_added_under_a_dotted_key_would_swallow_later_keys_and_is_refused(self):
        text = "a.b = 1\nz = 2\n"
        intended = {"a": {"b": 1, "new": {"x": 1}}, "z": 2}
        with pytest.raises(FairwayError, match=r"a\.new cannot be set .*: (a\.new\.)?z would change too"):
            config_file._edited(text, ("a", "new"), {"x": 1}, "a.new", intended)

    def test_a_file_with_other_faults_can_be_mended_one_key_at_a_time(self, config):
        path = config('[claims]\nlease = "x"\n[health]\nblocked = "y"\n')
        write_value(path, "claims.lease", "2h")
        assert faults_of(path) == [(4, "health.blocked", "bad_value")]
        write_value(path, "health.blocked", "1d")
        assert faults_of(path) == []

    def test_a_bad_value_is_refused_even_when_it_is_there_already(self, config):
        with pytest.raises(FairwayError, match="no duration"):
            write_value(config('[claims]\nlease = "x"\n'), "claims.lease", "x")

    def test_a_second_writer_waits_and_loses_nothing(self, config, monkeypatch):
        path = config(LAYOUT)
        second = threading.Thread(target=write_value, args=(path, "health.blocked", "7h"))
        replace = file_replacement.replace_file

        def replace_after_the_second_had_its_chance(*args):
            monkeypatch.setattr(file_replacement, "replace_file", replace)
            second.start()
            second.join(0.5)  # long enough to write, if nothing held it off
            replace(*args)

        monkeypatch.setattr(file_replacement, "replace_file", replace_after_the_second_had_its_chance)
        write_value(path, "claims.lease", "7h")
        second.join()
        settings, _faults = read_config(path)
        assert [get_value(settings, key) for key in ("claims.lease", "health.blocked")] == ["7h", "7h"]

    def test_a_file_that_is_no_toml_is_not_edited(self, config):
        path = config("[claims\n")
        with pytest.raises(FairwayError, match=r"config\.toml:1: is no TOML"):
            write_value(path, "claims.lease", "2h")

    def test_a_missing_file_is_not_made(self, tmp_path):
        with pytest.raises(FairwayError) as refused:
            write_value(str(tmp_path / "none" / "config.toml"), "claims.lease", "2h")
        assert (refused.value.word, refused.value.hint) == ("file_unavailable", "fairway-init")

    def test_mode_and_symbolic_link_are_kept(self, config, tmp_path):
        path = config(LAYOUT)
        os.chmod(path, 0o640)
        link = tmp_path / "link.toml"
        link.symlink_to(path)
        write_value(str(link), "claims.lease", "2h")
        assert link.is_symlink()
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o640
        assert read_config(path)[0]["claims"]["lease"] == "2h"

    def test_when_the_replacement_fails_the_old_file_stays_and_nothing_is_left_beside_it(self, config, monkeypatch):
        path = config(LAYOUT)

        def fail(*_names, **_folders):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "replace", fail)
        with pytest.raises(FairwayError, match="No space left on device"):
            write_value(path, "claims.lease", "2h")
        assert read_bytes(path).decode() == LAYOUT
        assert os.listdir(os.path.dirname(path)) == ["config.toml"]

    @given(
        st.sampled_from(["claims.lease", "roles.b.lease", "health.blocked", "sessions.stale_after", "roles.a.lease"]),
        st.sampled_from(["1h", "2d", "45m"]),
    )
    def test_setting_a_value_twice_changes_nothing_the_second_time(self, tmp_path_factory, key, value):
        path = tmp_path_factory.mktemp("twice") / "config.toml"
        path.write_text(LAYOUT)
        write_value(str(path), key, value)
        once = path.read_bytes()
        write_value(str(path), key, value)
        assert path.read_bytes() == once


class TestWords:
    """`fairway-config add-profile` and `add-domain`: a table for each name, and nothing else."""

    @pytest.mark.parametrize("newline", ["\n", "\r\n"])
    @pytest.mark.parametrize("text", [LAYOUT, LAYOUT + "\n[[workstream_profiles]]\nname = 'old'  # here\n\n\n", ""])
    def test_a_profile_is_a_table_at_the_end(self, config, text, newline):
        path = config(text, newline)
        before = read_bytes(path).decode()
        assert add_tables(path, "workstream_profiles", ["new one", "old", "new one"]) in (
            ["new one"],
            ["new one", "old"],
        )
        after = read_bytes(path).decode()
        assert after.startswith(before.rstrip("\r\n"))
        names = [profile["name"] for profile in read_config(path)[0]["workstream_profiles"]]
        assert sorted(names) == ["new one", "old"]
        assert faults_of(path) == []
        assert add_tables(path, "workstream_profiles", ["old"]) == []
        assert read_bytes(path).decode() == after

    def test_the_usual_domains_stay_when_the_first_one_is_added(self, config):
        path = config(LAYOUT)
        usual = [entry["name"] for entry in DEFAULTS["review_domains"]]
        assert add_tables(path, "review_domains", ["perf", usual[0]]) == ["perf"]
        found = read_config(path)[0]["review_domains"]
        assert [entry["name"] for entry in found] == [*usual, "perf"]
        assert found[: len(usual)] == DEFAULTS["review_domains"]

    @pytest.mark.parametrize("name", ["", " a", "a\nb", "a\x00", "arch"])
    def test_a_name_that_cannot_be_is_refused_and_nothing_is_written(self, config, name):
        path = config(LAYOUT)
        with pytest.raises(FairwayError):
            add_tables(path, "review_domains", ["fine", name])
        assert read_bytes(path).decode() == LAYOUT

    def test_a_file_with_faults_is_left_alone(self, config):
        path = config(LAYOUT + "\n[nonsense]\n")
        with pytest.raises(FairwayError) as refused:
            add_tables(path, "review_domains", ["perf"])
        assert refused.value.word == "invalid_config"
