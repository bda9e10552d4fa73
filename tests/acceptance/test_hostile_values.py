"""Whatever a person types through make into the real tools is in the store afterwards, byte for byte, and never runs.

`tests/make/test_hostile_values.py` looks at the way from make to a tool; here the whole way is walked, into the store
and back out of it.
"""

from __future__ import annotations

import itertools
import os
import sqlite3
from typing import Any, NamedTuple

import pytest

from tests.support import payloads
from tests.support.repositories import write_file
from tests.support.rings import some
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, task

PLACES = ("typed", "environment")


class Carrier(NamedTuple):
    """A make target with the variables that are to carry payloads, what else it needs, and where the texts end up.

    `required` variables have to hold something: a payload that arrives empty is not for them.
    """

    target: str
    table: str
    columns: dict[str, str]
    required: tuple[str, ...]
    fixed: dict[str, str]


CARRIERS = {
    "evidence": Carrier(
        "queue-record-evidence",
        "evidence",
        {"COMMAND_TEXT": "command_text", "NOTES": "notes"},
        ("COMMAND_TEXT",),
        {"RESULT": "pass", "COMMAND_TEXT": "true"},
    ),
    "handoff": Carrier(
        "queue-record-handoff",
        "handoffs",
        {
            "COMMANDS": "commands",
            "RESULTS": "results",
            "CHANGED_FILES": "changed_files",
            "RISKS": "risks",
            "BLOCKERS": "blockers",
            "NEXT_STEP": "next_step",
            "NOTES": "payload",
        },
        ("COMMANDS", "RESULTS", "CHANGED_FILES"),
        {"OWNER": "B", "BRANCH": "b", "COMMIT": "HEAD", "COMMANDS": "c", "RESULTS": "r", "CHANGED_FILES": "f"},
    ),
    "review": Carrier(
        "queue-record-review",
        "reviews",
        {"NOTE": "notes"},
        (),
        {"REVIEWER_ROLE": "D-arch", "REVIEWER": "D", "STATUS": "approved", "COMMIT": "HEAD"},
    ),
}
WIDENED = sorted({variable for carrier in CARRIERS.values() for variable in carrier.columns})
#: One call: which variable carries which payload.
Turn = dict[str, str]
TEXTS = [name for name in payloads.PAYLOADS if name not in payloads.NOT_TEXT]


def project_in(parent: str) -> Checkout:
    """A project with one task for each carrier and place; its Makefile lets the carriers count from the environment."""
    tasks = [task(task_of(name, place)) for name in CARRIERS for place in PLACES]
    project = make_checkout(parent, queue_text(*tasks), lanes=[])
    with open(os.path.join(project.main, "Makefile"), encoding="utf-8") as file:
        makefile = file.read()
    write_file(project.main, "Makefile", f"{makefile}FAIRWAY_ENVIRONMENT_VARS += {' '.join(WIDENED)}\n")
    project.ok("queue-ready")
    return project


def task_of(carrier: str, place: str) -> str:
    """The task whose records a carrier fills."""
    return f"B-{carrier}-{place}".upper()


def arrives(name: str, place: str) -> bytes:
    """What is to be in the store of a payload."""
    return payloads.expected_from_command_line(name) if place == "typed" else payloads.raw(name)


def turns(carrier: Carrier, place: str) -> list[Turn]:
    """The calls in which every variable carries every payload once: short ones side by side, long ones alone."""
    rides: dict[str, list[str]] = {}
    alone: list[Turn] = []
    for shift, variable in enumerate(carrier.columns):
        fitting = [name for name in TEXTS if arrives(name, place) or variable not in carrier.required]
        short = [name for name in fitting if len(payloads.raw(name)) <= payloads.LONG]
        rides[variable] = short[shift:] + short[:shift]
        alone += [{variable: name} for name in fitting if name not in short]
    together = [
        {variable: name for variable, name in zip(rides, names, strict=True) if name}
        for names in itertools.zip_longest(*rides.values())
    ]
    return together + alone


def call(project: Checkout, carrier: Carrier, task_id: str, place: str, texts: dict[str, bytes]) -> Answer:
    """One call of make, with the texts typed or in the environment."""
    fixed = {name: value for name, value in carrier.fixed.items() if name not in texts}
    words = [carrier.target, f"TASK_ID={task_id}", *(f"{name}={value}" for name, value in fixed.items())]
    if place == "environment":
        return project.make(*words, env={name: os.fsdecode(value) for name, value in texts.items()})
    return project.make(*words, *(name.encode() + b"=" + value for name, value in texts.items()))


def stored_bytes(project: Checkout, carrier: Carrier, task_id: str) -> list[dict[str, bytes]]:
    """The carrier's columns as SQLite keeps them, row by row."""
    columns = list(dict.fromkeys(carrier.columns.values()))
    listing = ", ".join(f"CAST({column} AS BLOB)" for column in columns)
    with sqlite3.connect(project.store) as connection:
        found = connection.execute(
            f"SELECT {listing} FROM task_{carrier.table} WHERE task_id = ? ORDER BY id", [task_id]
        )
        rows = [dict(zip(columns, row, strict=True)) for row in found]
    connection.close()
    return rows


class Delivery:
    """What became of every payload that one carrier took from one place."""

    def __init__(self, project: Checkout, name: str, place: str) -> None:
        carrier, task_id = CARRIERS[name], task_of(name, place)
        sent = turns(carrier, place)
        self.answers = [
            call(project, carrier, task_id, place, {variable: payloads.raw(one) for variable, one in turn.items()})
            for turn in sent
        ]
        printed = project.detail(task_id)[carrier.table]
        stored = stored_bytes(project, carrier, task_id)
        self.rows = (len(sent), len(printed), len(stored))
        #: payload -> variable -> what came of it
        self.printed: dict[str, dict[str, bytes]] = {name: {} for name in TEXTS}
        self.stored: dict[str, dict[str, bytes]] = {name: {} for name in TEXTS}
        for turn, shown, kept in zip(sent, printed, stored, strict=False):
            for variable, one in turn.items():
                self.printed[one][variable] = shown[carrier.columns[variable]].encode()
                self.stored[one][variable] = kept[carrier.columns[variable]]
        self.executed = payloads.was_executed(project.main)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    return project_in(str(tmp_path_factory.mktemp("hostile")))


DELIVERIES = [f"{name}, {place}" for name in CARRIERS for place in PLACES]
#: Those of a short run: every place once.
SHORT = [f"{name}, {place}" for name, place in zip(CARRIERS, PLACES, strict=False)]


@pytest.mark.parametrize("delivery", some(DELIVERIES, *SHORT))
def test_every_payload_is_taken_kept_and_given_back_byte_for_byte_and_none_is_executed(
    project: Checkout, delivery: str, subtests: pytest.Subtests
) -> None:
    carrier, place = delivery.split(", ")
    made = Delivery(project, carrier, place)
    assert [answer for answer in made.answers if answer.code] == []
    assert len(set(made.rows)) == 1
    assert not made.executed
    for name in TEXTS:
        with subtests.test(name=name):
            assert made.stored[name]
            assert made.stored[name] == dict.fromkeys(made.stored[name], arrives(name, place))
            assert made.printed[name] == made.stored[name]


@pytest.mark.parametrize("name", CARRIERS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", sorted(payloads.NOT_TEXT))
def test_what_is_no_text_is_refused_and_nothing_is_written(
    project: Checkout, name: str, place: str, payload: str
) -> None:
    before = everything_in(project)
    for variable in CARRIERS[name].columns:
        answer = call(project, CARRIERS[name], task_of(name, place), place, {variable: payloads.raw(payload)})
        assert (answer.code, answer.word) == (2, "usage"), (variable, answer)
        assert "UTF-8" in answer.err
        assert "Error 2" in answer.err  # the exit code of the tool, as make tells it
        assert everything_in(project) == before


def everything_in(project: Checkout) -> list[Any]:
    """Every row of the store, as SQL text."""
    connection = sqlite3.connect(project.store)
    dump = list(connection.iterdump())
    connection.close()
    return dump
