"""Made-up queues: the described shape, valid under the strictest profile, the same for the same seed, any size."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway_scripts.queue.files.queue_file import QueueFile, read_queue_text
from fairway_scripts.queue.generation import LANES, generate_queue
from fairway_scripts.queue.validation_rules import validate
from tests.support.rings import length

ID_PATTERN = "^[A-Z][A-Z0-9-]*$"


def read(text: str) -> QueueFile:
    return read_queue_text(text.encode(), "q.yaml")


def faults_of(text: str) -> list[str]:
    queue = read(text)
    found = validate(
        queue.tasks,
        path="q.yaml",
        header=queue.header,
        lanes=queue.header["roles"],
        statuses=queue.header["states"],
        id_pattern=ID_PATTERN,
        profile="strict",
    )
    return [fault.text() for fault in queue.faults + found]


def ready_per_lane(queue: QueueFile) -> Counter[str]:
    done = {task.fields["id"] for task in queue.tasks if task.fields["status"] == "done"}
    return Counter(
        task.fields["role"]
        for task in queue.tasks
        if task.fields["status"] == "todo" and set(task.fields["dependencies"]) <= done
    )


def test_the_default_has_the_described_proportions() -> None:
    text = generate_queue()
    tasks = read(text).tasks
    assert Counter(task.fields["status"] for task in tasks) == {"done": 279, "todo": 123, "blocked": 4}
    assert Counter(task.fields["role"] for task in tasks) == {"A-backend": 233, "B-ui": 123, "C-ops": 50}
    assert 15_500 <= text.count("\n") <= 16_800


def test_the_header_is_the_confirmed_one() -> None:
    assert read(generate_queue(3)).header == {
        "version": 1,
        "updated_at": "2026-05-04",
        "states": ["todo", "in_progress", "blocked", "done"],
        "roles": ["A-backend", "B-ui", "C-ops"],
    }


def test_fields_stand_in_the_confirmed_order() -> None:
    order = [
        "id",
        "title",
        "role",
        "status",
        "priority",
        "owner",
        "branch",
        "completed_at",
        "commit",
        "depends_on",
        "acceptance_checks",
        "notes",
    ]
    for task in read(generate_queue(30)).tasks:
        by_line = sorted((line, name) for name, line in task.lines.items() if name in order)
        assert [name for _, name in by_line] == order


@pytest.mark.parametrize("seed", range(5))
def test_the_default_is_valid_without_a_single_finding(seed: int) -> None:
    assert faults_of(generate_queue(seed=seed)) == []


@settings(max_examples=length(8, 25))
@given(st.integers(0, 300), st.integers(0, 10**6), st.integers(0, 60), st.none() | st.floats(0, 1))
def test_any_size_and_mix_is_valid(tasks: int, seed: int, lines: int, done_share: float | None) -> None:
    text = generate_queue(tasks, seed, lines_per_task=lines, done_share=done_share)
    assert faults_of(text) == []
    assert len(read(text).tasks) == tasks


def test_equal_seeds_give_equal_text_and_others_do_not() -> None:
    assert generate_queue(50, 7) == generate_queue(50, 7)
    assert generate_queue(50, 7) != generate_queue(50, 8)


def test_every_lane_has_ready_work_and_some_todo_tasks_wait() -> None:
    queue = read(generate_queue())
    ready = ready_per_lane(queue)
    assert min(ready[lane] for lane in LANES) >= 5
    assert sum(ready.values()) < 123


@pytest.mark.parametrize("seed", range(5))
def test_every_lane_has_ready_work_even_when_nothing_is_done(seed: int) -> None:
    ready = ready_per_lane(read(generate_queue(90, seed, done_share=0)))
    assert min(ready[lane] for lane in LANES) >= 5


def test_dependencies_cross_lanes() -> None:
    queue = read(generate_queue())
    lane_of = {task.fields["id"]: task.fields["role"] for task in queue.tasks}
    crossing = [
        task for task in queue.tasks if any(lane_of[one] != task.fields["role"] for one in task.fields["dependencies"])
    ]
    assert len(crossing) > 50


def test_done_tasks_depend_on_done_tasks_only() -> None:
    queue = read(generate_queue())
    status_of = {task.fields["id"]: task.fields["status"] for task in queue.tasks}
    for task in queue.tasks:
        if task.fields["status"] == "done":
            assert {status_of[one] for one in task.fields["dependencies"]} <= {"done"}


def test_given_commits_are_used_in_turn_by_done_tasks() -> None:
    queue = read(generate_queue(20, commits=["0b101010", "12345678", "abcdef01"]))
    used = [task.fields["commit_sha"] for task in queue.tasks if task.fields["status"] == "done"]
    assert used[:4] == ["0b101010", "12345678", "abcdef01", "0b101010"]
    assert queue.faults == []


def test_other_statuses_and_lanes_can_be_asked_for() -> None:
    queue = read(generate_queue(8, statuses={"todo": 1, "in_progress": 3}, lanes={"D-arch": 1, "A-backend": 1}))
    assert Counter(task.fields["status"] for task in queue.tasks) == {"todo": 2, "in_progress": 6}
    assert Counter(task.fields["role"] for task in queue.tasks) == {"D-arch": 4, "A-backend": 4}
    assert {task.fields["branch"] for task in queue.tasks if task.fields["status"] == "in_progress"} <= {
        "agent/D-arch",
        "agent/A-backend",
    }


def test_ids_are_unique_in_a_large_queue() -> None:
    queue = read(generate_queue(20_000, lines_per_task=0))
    assert len({task.fields["id"] for task in queue.tasks}) == 20_000


def test_lines_per_task_sets_the_length() -> None:
    short, long = generate_queue(200, lines_per_task=22), generate_queue(200, lines_per_task=80)
    assert short.count("\n") / 200 < 26
    assert 76 < long.count("\n") / 200 < 84


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"tasks": -1}, "-1"),
        ({"statuses": {"ready": 1}}, "ready"),
        ({"statuses": {"todo": 0}}, "weights"),
        ({"statuses": {"todo": -1, "done": 2}}, "weights"),
        ({"done_share": 1.5}, "1.5"),
    ],
)
def test_impossible_wishes_are_refused(arguments: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        generate_queue(**arguments)  # type: ignore[arg-type]
