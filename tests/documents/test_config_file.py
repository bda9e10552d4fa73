"""The config file: what is read from it, and what a new one holds."""

from __future__ import annotations

import json

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.settings.config_file import read_config, write_value
from fairway_scripts.settings.config_keys import get_value
from fairway_scripts.settings.config_text import config_text
from tests.documents.config_faults import faults_of


class TestReading:
    def test_an_empty_file_gives_the_defaults_and_the_folder_as_project_name(self, config):
        settings, faults = read_config(config(""))
        assert faults == []
        assert settings == {**DEFAULTS, "fairway": {**DEFAULTS["fairway"], "project_name": "shop"}}

    def test_a_file_outside_a_fairway_folder_names_the_project_after_its_own_folder(self, tmp_path):
        path = tmp_path / "config.toml"
        path.write_text("")
        assert read_config(str(path))[0]["fairway"]["project_name"] == tmp_path.name

    def test_values_lie_over_the_defaults(self, config):
        settings, faults = read_config(
            config('[gates]\nrequire_review_before_done = true\n[fairway]\ndb_path = "x.db"\n')
        )
        assert faults == []
        assert settings["gates"] == {**DEFAULTS["gates"], "require_review_before_done": True}
        assert settings["fairway"]["db_path"] == "x.db"

    def test_every_key_of_a_lane_is_filled(self, config):
        settings, _faults = read_config(config('[[roles]]\nname = "ui"\nprovider = "claude"\n'))
        assert settings["roles"] == [{"name": "ui", "branch": "", "provider": "claude", "lease": "", "worktree": ""}]

    def test_two_readings_share_nothing(self, config):
        path = config('[[workstream_profiles]]\nname = "p"\n[[workstream_profiles]]\nname = "q"\n')
        first, _faults = read_config(path)
        first["workstream_profiles"][0]["task_kinds"].append("bug")
        first["states"]["allowed"].append("parked")
        second, _faults = read_config(path)
        assert second["workstream_profiles"][0]["task_kinds"] == second["workstream_profiles"][1]["task_kinds"] == []
        assert second["states"] == DEFAULTS["states"]

    @pytest.mark.parametrize("written", ['"doc/**"', '["doc/**"]'])
    def test_a_sensitive_match_is_one_pattern_or_a_list_and_reads_as_a_list(self, config, written):
        path = config(f'[[sensitive_paths]]\nmatch = {written}\nreviewers = ["a"]\n')
        assert read_config(path)[0]["sensitive_paths"] == [{"match": ["doc/**"], "reviewers": ["a"]}]

    def test_settings_are_plain_json_even_when_values_were_wrong(self, config):
        settings, faults = read_config(config("[fairway]\nmain_branch = 2026-01-01\n[queue]\nmax_bytes = 1.5\n"))
        assert len(faults) == 2
        assert json.loads(json.dumps(settings)) == settings

    def test_a_missing_file_is_unavailable_and_says_how_to_make_one(self, tmp_path):
        with pytest.raises(FairwayError) as refused:
            read_config(str(tmp_path / "none.toml"))
        assert (refused.value.word, refused.value.hint) == ("file_unavailable", "fairway-init")


class TestSyntax:
    @pytest.mark.parametrize(
        ("content", "line"),
        [
            (b"[gates]\nrequire_blocked_reason = yes\n", 2),
            (b"\n\n[gates\n", 3),
            (b"[a]\n[a]\n", 2),
            (b'[fairway]\nproject_name = "x\n', 2),
            (b"[queue]\narchives = [", 2),
            (b"a = 1\nb = '\xff'\n", 2),
            (b"\xef\xbb\xbf[gates]\n", 1),
            (b"x = " + b"9" * 5000 + b"\n", 0),
            (b"x = " + b"[" * 100_000, 0),
        ],
    )
    def test_text_that_is_no_toml_is_one_fault_at_its_line(self, tmp_path, content, line):
        path = tmp_path / "config.toml"
        path.write_bytes(content)
        assert faults_of(str(path)) == [(line, "", "syntax")]


PROFILE_GATE = '[[workstream_profiles]]\nname="p"\n[[workstream_profiles.gates]]\nname="g"\nmode="advisory"\n'


class TestUnknownKeys:
    def test_an_unknown_key_is_an_error_with_its_line_and_the_nearest_match(self, config):
        path = config("# top\n[gates]\n\nrequire_evidence_before_dne = true\n")
        [fault] = read_config(path)[1]
        assert fault.text() == (
            f"{path}:4: gates.require_evidence_before_dne: unknown key; did you mean require_evidence_before_done?"
        )

    @pytest.mark.parametrize(
        ("text", "line", "field", "words"),
        [
            ("[gate]\n", 1, "gate", "did you mean gates?"),
            ("typo = 1\n", 1, "typo", "known here: fairway"),
            ('[[roles]]\nname = "ui"\nleese = "2h"\n', 3, "roles.ui.leese", "did you mean lease?"),
            ('[[review_routes]]\nmatch = "a"\nreviewer = "b"\nx = 1\n', 4, "review_routes.1.x", "known here: match"),
            (
                PROFILE_GATE + 'modes=1\nevidence_type="t"\n',
                6,
                "workstream_profiles.p.gates.g.modes",
                "did you mean mode?",
            ),
            ("gates.require_blocked_raeson = true\n", 1, "gates.require_blocked_raeson", "require_blocked_reason?"),
            ('[fairway]\n"main branch" = "x"\n', 2, 'fairway."main branch"', "did you mean main_branch?"),
        ],
    )
    def test_unknown_names_at_every_level(self, config, text, line, field, words):
        path = config(text)
        [fault] = read_config(path)[1]
        assert (fault.line, fault.field, fault.severity) == (line, field, "error")
        assert words in fault.message


ROLES = '[[roles]]\nname = "a"\n[[roles]]\nname = "b"\n'


class TestGetting:
    @pytest.fixture
    def settings(self, config):
        text = ROLES + '[[roles]]\nname = "x.y"\n[[review_routes]]\nmatch = "m"\nreviewer = "b"\n'
        return read_config(config(text))[0]

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("gates.require_blocked_reason", True),
            ("roles.b.name", "b"),
            ("roles.2.name", "b"),
            ('roles."x.y".name', "x.y"),
            ("review_routes.1.match", "m"),
            ("claims", {"lease": "12h"}),
        ],
    )
    def test_a_setting_goes_by_its_dotted_name(self, settings, key, value):
        assert get_value(settings, key) == value

    @pytest.mark.parametrize(
        ("key", "words"),
        [
            ("gates.require_blocked_raeson", "did you mean require_blocked_reason?"),
            ("gate.x", "did you mean gates?"),
            ("roles.zz.name", "known in roles: a, b, x.y"),
            ("review_routes.0.match", "known in review_routes: 1"),
            ("review_routes.2.match", "known in review_routes: 1"),
            ("claims.lease.hours", "nothing"),
        ],
    )
    def test_an_unknown_name_is_not_found_and_says_what_is_known(self, settings, key, words):
        with pytest.raises(FairwayError) as refused:
            get_value(settings, key)
        assert refused.value.word == "not_found"
        assert words in refused.value.message


class TestPresets:
    def test_the_default_text_spells_out_the_defaults(self, config):
        settings, faults = read_config(config(config_text()))
        assert faults == []
        assert settings == {**DEFAULTS, "fairway": {**DEFAULTS["fairway"], "project_name": "shop"}}

    def test_the_default_text_has_the_given_name_and_lanes(self, config):
        settings, faults = read_config(config(config_text("default", 'the "shop"', ["a", "b"])))
        assert faults == []
        assert settings["fairway"]["project_name"] == 'the "shop"'
        assert [(lane["name"], lane["branch"]) for lane in settings["roles"]] == [("a", "agent/a"), ("b", "agent/b")]

    def test_an_unknown_preset_is_refused(self):
        with pytest.raises(FairwayError, match="known: default, gpuaas"):
            config_text("gpuas")

    def test_the_gpuaas_preset_has_the_exact_values(self, config):
        settings, faults = read_config(config(config_text("gpuaas")))
        assert faults == []
        assert settings["fairway"] == {
            "project_name": "gpuaas",
            "db_path": "",
            "queue_source": "yaml:doc/governance/Agent_Work_Queue.yaml",
            "main_branch": "master",
            "task_id_pattern": "^[A-Z][A-Z0-9-]*$",
        }
        assert [(lane["name"], lane["branch"], lane["provider"]) for lane in settings["roles"]] == [
            ("A-backend", "agent/A-backend", "codex"),
            ("B-ui", "agent/B-ui", "claude"),
            ("C-ops", "agent/C-ops", "codex"),
            ("D-arch", "agent/D-arch", "gemini"),
            ("E-governance", "agent/E-governance", "gemini"),
        ]
        assert settings["gates"] == {
            "require_evidence_before_done": True,
            "require_review_before_done": False,
            "require_handoff_before_merge_ready": False,
            "require_blocked_reason": True,
            "allow_force_without_reason": False,
            "preflight_before_claim": "enforce",
            "stale_evidence": "warn",
            "require_regression_packs": "off",
        }
        assert settings["worktrees"] == {
            "root": "..",
            "naming": "gpuas-{role}",
            "review_branch_naming": "review/{role}",
        }
        assert len(settings["review_routes"]) == 34
        assert settings["task_priorities"] == {"default": 1000, "levels": []}
        assert [gate["name"] for gate in settings["workstream_profiles"][0]["gates"]] == [
            "boundary-guard-report",
            "release-risk",
        ]

    def test_the_gpuaas_preset_survives_an_edit_with_every_other_line_kept(self, config):
        text = config_text("gpuaas")
        path = config(text)
        write_value(path, "roles.B-ui.lease", "8h")
        write_value(path, "gates.preflight_before_claim", "warn")
        write_value(path, f"review_routes.{text.count('[[review_routes]]')}.reviewer", "A-backend")
        kept = [line for line in open_text(path).splitlines() if line != 'lease = "8h"']
        expected = text.splitlines()
        expected[expected.index('preflight_before_claim = "enforce"')] = 'preflight_before_claim = "warn"'
        last = len(expected) - 1 - expected[::-1].index('reviewer = "B-ui"')
        expected[last] = 'reviewer = "A-backend"'
        assert kept == expected


def open_text(path):
    with open(path, encoding="utf-8") as file:
        return file.read()
