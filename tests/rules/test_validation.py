"""Validating a queue: every fault in one run, at its line, in words that say what to mend."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.faults import Fault
from fairway_scripts.queue.command_words import looks_like_command
from fairway_scripts.queue.dependencies import find_cycles
from fairway_scripts.queue.files.notes_sections import missing_sections
from fairway_scripts.queue.files.queue_file import read_queue_text
from fairway_scripts.queue.validation_rules import validate

NOTES = "Context: x\nPre-read (required): x\nInvariants (must not break): x\nScope: x\nDeliverables: x\nEvidence: x\n"


def check(text: str, **expected: Any) -> list[Fault]:
    queue = read_queue_text(text.encode(), "q.yaml")
    assert queue.faults == []
    return validate(queue.tasks, path="q.yaml", header=queue.header, **expected)


def found(faults: list[Fault]) -> list[tuple[str, str, str, int]]:
    return [(fault.code, fault.task_id, fault.field, fault.line) for fault in faults]


def one(body: str = "", **expected: Any) -> list[tuple[str, str, int]]:
    faults = check(f"- id: X\n  title: t\n  role: A-backend\n{body}", **expected)
    return [(fault.code, fault.field, fault.line) for fault in faults]


def queue_of(dependencies: dict[str, list[str]], field: str = "depends_on") -> str:
    return "".join(
        f"- id: {name}\n  title: t\n  role: A\n  {field}: {others[0] if field == 'parent_id' else others}\n"
        for name, others in dependencies.items()
    ).replace("'", "")


class TestRequiredFields:
    def test_a_task_with_id_title_and_role_is_enough(self) -> None:
        assert one() == []

    def test_the_minimal_profile_names_what_is_missing_or_blank(self) -> None:
        assert found(check("- id: X\n  title: ' '\n- title: t\n  role: A\n", lanes=["A"])) == [
            ("missing_field", "X", "role", 1),
            ("blank_field", "X", "title", 2),
            ("missing_field", "", "id", 3),
        ]

    def test_a_role_may_be_left_out_while_no_lanes_are_known(self) -> None:
        assert check("- id: X\n  title: t\n") == []
        assert [fault.field for fault in check("roles: [A]\ntasks:\n- id: X\n  title: t\n")] == ["role"]

    def test_the_strict_profile_asks_for_the_authoring_standard(self) -> None:
        missing = [field for code, field, _ in one(profile="strict") if code == "missing_field"]
        assert missing == ["priority", "status", "acceptance_checks", "notes", "owner", "branch", "depends_on"]

    def test_the_strict_profile_takes_a_free_task_with_blank_owner_and_no_dependencies(self) -> None:
        body = "  priority: 0\n  status: todo\n  owner: ''\n  branch: ''\n  depends_on: []\n"
        body += "  acceptance_checks: [make x]\n"
        notes = "".join(f"    {line}\n" for line in NOTES.splitlines())
        assert one(f"{body}  notes: |\n{notes}", profile="strict") == []

    def test_further_fields_may_be_required(self) -> None:
        assert one(required=["kind", "team"]) == [("missing_field", "kind", 1), ("missing_field", "team", 1)]
        assert one("  kind: bug\n  team: x\n", required=["kind", "team"]) == [("unknown_field", "team", 5)]

    def test_a_field_whose_value_was_refused_is_not_called_missing_too(self) -> None:
        queue = read_queue_text(b"- id: X\n  title: [t]\n  role: A\n", "q.yaml")
        assert validate(queue.tasks, path="q.yaml") == []

    def test_an_unknown_profile_is_refused(self) -> None:
        with pytest.raises(ValueError, match="lenient"):
            one(profile="lenient")


class TestIds:
    @pytest.mark.parametrize(
        "task_id", ["A-PROV-SCHED-001", "A-PROV-REMOVE-SSH", "B-V3-ACK-SUPPRESS-CONTROL-001", "A-P7-1"]
    )
    def test_real_ids_match_the_confirmed_pattern(self, task_id: str) -> None:
        assert check(f"- id: {task_id}\n  title: t\n", id_pattern="^[A-Z][A-Z0-9-]*$") == []

    @pytest.mark.parametrize(
        "task_id", ["a-1", "A_1", "A 1", "1A", "A-1 ", " A-1", "A-1\\n", "\\0A", "A\\u200b", "A\\x9b", "A\\u202e"]
    )
    @pytest.mark.parametrize("pattern", ["^[A-Z][A-Z0-9-]*$"])
    def test_other_ids_are_faults(self, task_id: str, pattern: str) -> None:
        assert found(check(f'- id: "{task_id}"\n  title: t\n', id_pattern=pattern))[0][0] == "id_pattern"

    @pytest.mark.parametrize("task_id", ["A-1\\n", "A\\0", "A\\u200b", " A", "A\\ud7ff\\e"])
    def test_characters_that_do_not_print_are_refused_without_any_pattern(self, task_id: str) -> None:
        assert found(check(f'- id: "{task_id}"\n  title: t\n'))[0][0] == "id_pattern"

    def test_a_pattern_is_searched_so_anchors_matter(self) -> None:
        assert check("- id: xA-1x\n  title: t\n", id_pattern="A-[0-9]") == []

    def test_a_second_task_of_one_id_names_the_first_line(self) -> None:
        (fault,) = check("- id: X\n  title: t\n- title: u\n  id: X\n")
        assert (fault.code, fault.line) == ("duplicate_id", 4)
        assert "line 1" in fault.message


class TestWords:
    @pytest.mark.parametrize(
        ("body", "expected", "fault"),
        [
            ("", {"lanes": ["B-ui"]}, ("unknown_lane", "role", 3)),
            ("  status: doing\n", {"statuses": ["todo", "done"]}, ("unknown_status", "status", 4)),
            ("  priority: 9\n", {"priorities": [0, 1]}, ("unknown_priority", "priority", 4)),
            ("  priority: 0\n", {"priorities": [1]}, ("unknown_priority", "priority", 4)),
        ],
    )
    def test_values_outside_the_configured_ones_are_faults(
        self, body: str, expected: dict[str, Any], fault: tuple[str, str, int]
    ) -> None:
        assert one(body, **expected) == [fault]

    def test_a_kind_of_its_own_is_one_warning_that_names_the_known_ones(self) -> None:
        kinds = ["chore", "bug", "chore", "spike", "chore"]
        text = "".join(f"- id: X-{at}\n  title: t\n  kind: {kind}\n" for at, kind in enumerate(kinds))
        faults = check(text, kinds=["bug", "task"])
        assert [(fault.code, fault.task_id, fault.line, fault.severity) for fault in faults] == [
            ("unknown_kind", "X-0", 3, "warning"),
            ("unknown_kind", "X-3", 12, "warning"),
        ]
        assert faults[0].message == "unknown kind chore in 3 tasks; known: bug, task"

    @pytest.mark.parametrize("body", ["  status: any\n", "  kind: any\n", "  priority: 77\n"])
    def test_anything_goes_where_nothing_is_configured(self, body: str) -> None:
        assert one(body) == []

    def test_review_lanes_may_own_tasks_when_they_are_configured(self) -> None:
        text = "roles: [A-backend]\ntasks:\n- id: X\n  title: t\n  role: D-arch\n"
        assert check(text, lanes=["A-backend", "D-arch", "E-governance"]) == []

    def test_without_configuration_a_role_outside_the_file_is_only_a_warning(self) -> None:
        (fault,) = check("roles: [A-backend]\ntasks:\n- id: X\n  title: t\n  role: D-arch\n")
        assert (fault.code, fault.severity) == ("unknown_lane", "warning")

    def test_without_configuration_the_states_of_the_file_count(self) -> None:
        (fault,) = check("states: [todo]\ntasks:\n- id: X\n  title: t\n  status: odd\n")
        assert (fault.code, fault.severity) == ("unknown_status", "error")


class TestDependencies:
    def test_known_ids_may_lie_outside_the_file(self) -> None:
        assert one("  depends_on: [OLD]\n  parent_id: P\n", known_ids=["OLD", "P"]) == []

    def test_an_id_known_nowhere_is_a_fault_with_the_nearest_one(self) -> None:
        (fault,) = check(queue_of({"A-PROV-001": [], "B": ["A-PROV-01"]}))
        assert (fault.code, fault.task_id, fault.line, fault.field) == ("unknown_dependency", "B", 8, "depends_on")
        assert "did you mean A-PROV-001?" in fault.message

    def test_a_task_cannot_depend_on_itself(self) -> None:
        assert found(check(queue_of({"A": ["A"]}))) == [("self_dependency", "A", "depends_on", 4)]

    def test_a_dependency_listed_twice_is_a_warning(self) -> None:
        (fault,) = check(queue_of({"A": [], "B": ["A", "A"]}))
        assert (fault.code, fault.severity) == ("repeated_dependency", "warning")

    def test_each_cycle_is_printed_once_at_its_first_task(self) -> None:
        faults = check(queue_of({"C": ["A"], "A": ["B"], "B": ["C"], "D": ["E", "C"], "E": ["D"]}))
        assert [(fault.line, fault.message) for fault in faults] == [
            (4, "dependency cycle: C -> A -> B -> C"),
            (16, "dependency cycle: D -> E -> D"),
        ]

    def test_a_long_cycle_is_shortened(self) -> None:
        ring = {f"T{at}": [f"T{(at + 1) % 5000}"] for at in range(5000)}
        (fault,) = check(queue_of(ring))
        assert fault.message.startswith("dependency cycle: T0 -> T1 -> ")
        assert fault.message.endswith("... (4989 more) -> T0")

    @pytest.mark.parametrize(
        ("parents", "codes"),
        [
            ({"A": ["A"]}, ["self_parent"]),
            ({"A": ["Z"]}, ["unknown_parent"]),
            ({"A": ["B"], "B": ["A"]}, ["parent_cycle"]),
        ],
    )
    def test_parents_are_checked_like_dependencies(self, parents: dict[str, list[str]], codes: list[str]) -> None:
        assert [fault.code for fault in check(queue_of(parents, "parent_id"))] == codes

    def test_a_parent_may_come_after_its_child(self) -> None:
        assert check("- id: A\n  title: t\n  parent_id: B\n- id: B\n  title: t\n") == []


class TestCycleFinding:
    @given(st.dictionaries(st.sampled_from("ABCDEFG"), st.lists(st.sampled_from("ABCDEFG"), max_size=4)))
    def test_cycles_are_real_distinct_and_complete(self, graph: dict[str, list[str]]) -> None:
        cycles = find_cycles(graph)
        for cycle in cycles:
            assert len(set(cycle)) == len(cycle) > 1
            assert all(after in graph[before] for before, after in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        assert len({frozenset(zip(cycle, [*cycle[1:], cycle[0]], strict=True)) for cycle in cycles}) == len(cycles)
        assert bool(cycles) == self.has_cycle(graph)

    @staticmethod
    def has_cycle(graph: dict[str, list[str]]) -> bool:
        left = {node: {other for other in others if other in graph and other != node} for node, others in graph.items()}
        while free := [node for node, others in left.items() if not others]:
            for node in free:
                del left[node]
            for others in left.values():
                others.difference_update(free)
        return bool(left)

    def test_a_chain_of_any_length_is_walked(self) -> None:
        assert find_cycles({str(at): [str(at + 1)] for at in range(50_000)}) == []

    def test_a_knot_does_not_give_endless_cycles(self) -> None:
        names = [str(at) for at in range(60)]
        assert len(find_cycles(dict.fromkeys(names, names), limit=10)) == 10


class TestFinishedWork:
    def test_done_needs_commit_and_date_under_the_strict_profile(self) -> None:
        faults = check("- id: X\n  title: t\n  status: done\n  commit: ''\n", profile="strict")
        mine = [(fault.code, fault.line, fault.severity) for fault in faults if fault.code.startswith("finished")]
        assert mine == [
            ("finished_without_completed_at", 1, "error"),
            ("finished_without_commit", 4, "error"),
        ]

    def test_the_date_is_a_warning_under_the_minimal_profile(self) -> None:
        (fault,) = check("- id: X\n  title: t\n  status: done\n  commit: abc123\n")
        assert (fault.code, fault.severity) == ("finished_without_completed_at", "warning")

    def test_terminal_is_what_the_configuration_says(self) -> None:
        assert [code for code, _, _ in one("  status: dropped\n", terminal=["dropped"])] == [
            "finished_without_commit",
            "finished_without_completed_at",
        ]
        assert one("  status: done\n", terminal=["dropped"]) == []


class TestAcceptanceChecks:
    @pytest.mark.parametrize(
        "command",
        [
            "make queue-git-check",
            "make test-all",
            "make",
            "pnpm --dir packages/web typecheck",
            "bash scripts/ops/x.sh",
            "ruby scripts/ops/agent_queue_store.rb --queue-file doc/q.yaml validate",
            "FOO=1 go test ./...",
            "CGO_ENABLED=0 GOFLAGS='-mod=mod' go vet ./...",
            "cd x && y",
            'rg -n "foo" doc',
            "scripts/ci/contracts_validate.sh",
            "./run --all",
            "/usr/bin/env true",
            "$HOME/bin/check",
            '! grep -r "TODO" src',
            "[ -f doc/x.md ]",
            "[[ -d doc ]]",
            "(cd web && npm test)",
            "test -f doc/x.md",
            "go test ./...",
            "mytool --check",
            "git diff --exit-code",
            "# comment first\nmake test\n",
        ],
    )
    def test_commands_are_commands(self, command: str) -> None:
        assert looks_like_command(command)

    @pytest.mark.parametrize(
        "prose",
        [
            "all tests pass",
            "All tests pass",
            "the UI renders without errors",
            "make sure the tests pass",
            "test that the page loads",
            "go through the checklist",
            "set up staging",
            "verify manually",
            "Make the page load",
            "docs updated",
            "no regressions in CI",
            "Reviewed by D-arch and E-governance",
        ],
    )
    def test_prose_is_prose(self, prose: str) -> None:
        assert not looks_like_command(prose)

    def test_prose_is_a_warning_at_the_line_of_the_item(self) -> None:
        faults = check("- id: X\n  title: t\n  acceptance_checks:\n  - make test\n  - all tests pass\n")
        assert found(faults) == [("prose_acceptance_check", "X", "acceptance_checks", 5)]
        assert faults[0].severity == "warning"

    def test_a_file_of_prose_is_one_warning(self) -> None:
        checks = "  acceptance_checks:\n  - it is fast\n  - make test\n  - it is documented\n"
        faults = check("".join(f"- id: X-{at}\n  title: t\n{checks}" for at in range(3)))
        assert found(faults) == [("prose_acceptance_check", "X-0", "acceptance_checks", 4)]
        assert faults[0].message.startswith("'it is fast' reads as prose; ")
        assert faults[0].message.endswith(" (6 checks do, in 3 tasks)")


class TestNotes:
    @pytest.mark.parametrize(
        "notes",
        [
            NOTES,
            NOTES.replace("Evidence", "Acceptance evidence"),
            NOTES.upper(),
            NOTES.replace(": x", "\n  x"),
            "## Context\n## Pre-read\n## Invariants\n## Scope (in/out)\n## Deliverables\n## Evidence required",
            "1. **Context**\n2. Preread\n- invariant: x\n* In scope: y\n> Deliverable\nacceptance  Evidence",
        ],
    )
    def test_headings_are_matched_loosely(self, notes: str) -> None:
        assert missing_sections(notes) == []

    def test_what_is_missing_comes_in_the_order_of_the_standard(self) -> None:
        assert missing_sections("Scope: x\nContext: y") == ["Pre-read", "Invariants", "Deliverables", "Evidence"]

    def test_a_word_inside_a_sentence_is_no_heading(self) -> None:
        assert "Scope" in missing_sections("Context: the scope of this\nis the contextual evidence")

    def test_missing_sections_are_one_warning_for_the_task(self) -> None:
        faults = check("- id: X\n  title: t\n  notes: |\n    Context: x\n")
        assert found(faults) == [("missing_notes_section", "X", "notes", 3)]
        assert "Pre-read, Invariants, Scope, Deliverables, Evidence" in faults[0].message

    def test_notes_that_lack_the_same_are_one_warning_for_the_file(self) -> None:
        notes = ("Context: x", "Scope: x", "Context: y")
        rows = [f"- id: X-{place}\n  title: t\n  notes: '{text}'\n" for place, text in enumerate(notes)]
        faults = check("".join(rows))
        assert found(faults) == [
            ("missing_notes_section", "X-0", "notes", 3),
            ("missing_notes_section", "X-1", "notes", 6),
        ]
        assert faults[0].message.endswith("Evidence in 2 tasks")

    def test_a_task_without_notes_has_none_missing(self) -> None:
        assert one("  notes: ''\n") == []


class TestTheRun:
    def test_unknown_fields_are_one_note_for_each_name(self) -> None:
        faults = check("- id: X\n  title: t\n  team: a\n- id: Y\n  title: t\n  team: b\n  cost: 1\n")
        assert [(fault.field, fault.line, fault.severity) for fault in faults] == [
            ("team", 3, "note"),
            ("cost", 7, "note"),
        ]
        assert "2 tasks" in faults[0].message

    def test_everything_is_reported_at_once_by_line(self) -> None:
        faults = check(
            "- id: X\n  title: ''\n  role: Z\n  depends_on: [Q, X]\n- id: X\n  title: t\n  role: A\n  status: odd\n",
            lanes=["A"],
            statuses=["todo"],
        )
        assert [(fault.line, fault.code) for fault in faults] == [
            (2, "blank_field"),
            (3, "unknown_lane"),
            (4, "unknown_dependency"),
            (4, "self_dependency"),
            (5, "duplicate_id"),
            (8, "unknown_status"),
        ]
        assert faults[1].text() == "q.yaml:3: X: role: unknown lane Z; known: A"

    def test_no_tasks_no_faults(self) -> None:
        assert check("tasks: []\n", lanes=["A"], profile="strict") == []
