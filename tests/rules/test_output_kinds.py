"""What a record of evidence counts for, and what finished tasks leave undelivered."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.patterns.globs import glob_fault
from fairway_scripts.utilities.output_kinds import DEFAULT, counts, delivered, undelivered

TABLE = [
    {"name": "contracts", "task_kinds": ["api-contract"], "evidence_types": ["contract"], "match": ["doc/api/**"]},
    {"name": "runbooks", "task_kinds": ["runbook"], "evidence_types": ["runbook"], "match": []},
]


def row(**changes: Any) -> dict[str, Any]:
    plain = {"id": 1, "task_id": "B-1", "lane": "B-ui", "task_kind": "task", "artifact_type": "", "artifact_path": ""}
    return {**plain, **changes}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"artifact_type": "contract"}, [("contracts", "evidence type")]),
        ({"artifact_type": "Contract"}, []),
        ({"artifact_path": "doc/api/v1/openapi.yaml"}, [("contracts", "artifact path")]),
        ({"artifact_path": "other/doc/api/x.yaml"}, []),
        ({"task_kind": "api-contract"}, [("contracts", "task kind")]),
        ({"task_kind": "api-contract", "artifact_type": "contract"}, [("contracts", "evidence type")]),
        (
            {"task_kind": "runbook", "artifact_path": "doc/api/x"},
            [("contracts", "artifact path"), ("runbooks", "task kind")],
        ),
        ({"artifact_type": None, "artifact_path": None, "task_kind": None}, []),
    ],
)
def test_a_record_counts_once_for_each_kind_that_knows_it(
    changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert [(found["output"], found["by"]) for found in delivered([row(**changes)], TABLE)] == expected


def test_a_finished_task_is_named_for_each_kind_that_it_was_for_and_has_no_record_of() -> None:
    finished = [row(task_kind="api-contract"), row(task_id="B-2", task_kind="runbook"), row(task_id="B-3")]
    shown = [{"task_id": "B-2", "output": "runbooks"}, {"task_id": "B-1", "output": "runbooks"}]
    assert [(found["task_id"], found["output"]) for found in undelivered(finished, shown, TABLE)] == [
        ("B-1", "contracts"),
        ("B-3", ""),
    ]


def test_a_task_of_no_kind_needs_one_record_of_any_output() -> None:
    assert undelivered([row()], [{"task_id": "B-1", "output": "runbooks"}], TABLE) == []


def test_records_tasks_and_artifacts_are_counted_apart_and_zeros_are_shown() -> None:
    shown = [
        {**row(artifact_path="a"), "output": "contracts"},
        {**row(artifact_path="a"), "output": "contracts"},
        {**row(task_id="B-2"), "output": "contracts"},
    ]
    found = counts(["B-ui", "A-backend"], shown, TABLE)
    assert [tuple(entry.values()) for entry in found] == [
        ("B-ui", "contracts", 3, 2, 1),
        ("B-ui", "runbooks", 0, 0, 0),
        ("A-backend", "contracts", 0, 0, 0),
        ("A-backend", "runbooks", 0, 0, 0),
    ]


def test_the_built_in_table_has_every_kind_of_output_and_only_good_patterns() -> None:
    assert len(DEFAULT) == len({kind["name"] for kind in DEFAULT}) == 8
    for kind in DEFAULT:
        assert kind["task_kinds"]
        assert not [pattern for pattern in kind["match"] if glob_fault(pattern)]
