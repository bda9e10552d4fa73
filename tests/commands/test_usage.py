"""usage-record and usage-report: what work costs."""

from __future__ import annotations

import pytest

from tests.support.ready_made import ready_made
from tests.support.shell import Checkout, make_checkout, queue_text, task


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2"), task("C-1", role="C-ops")), lanes=[])
    made.ok("queue-ready")
    return made


def spend(project: Checkout, *words: str) -> int:
    event_id: int = project.ok("usage-record", *words, "--json").json["event_id"]
    return event_id


class TestReport:
    def test_sums_by_lane_task_utility_and_model(self, project: Checkout) -> None:
        spend(project, "B-1", "--tokens-in", "1000", "--tokens-out", "50", "--cost", "0.10", "--model", "m1")
        spend(project, "B-1", "--tokens-in", "500", "--cost", "0.20", "--minutes", "1.5", "--model", "m2")
        spend(project, "--role", "C-ops", "--minutes", "30", "--utility", "ci-packet")
        report = project.ok("usage-report", "--json").json
        assert report["total"] == {
            "records": 3, "tokens_in": 1500, "tokens_out": 50, "minutes": "31.5", "cost": {"USD": "0.3"},
        }  # fmt: skip
        assert [(row["lane"], row["tokens_in"]) for row in report["by_lane"]] == [("B-ui", 1500), ("C-ops", None)]
        assert [row["task_id"] for row in report["by_task_id"]] == ["B-1", ""]
        assert [row["model"] for row in report["by_model"]] == ["m1", "m2", ""]
        assert {row["utility"]: row["minutes"] for row in report["by_utility"]} == {"": "1.5", "ci-packet": "30"}
        out = project.ok("usage-report").out
        assert out.startswith("total: records=3  tokens_in=1500  tokens_out=50  minutes=31.5  cost=0.3USD\n")

    @pytest.mark.parametrize("name", ["tokens-in", "tokens-out", "minutes", "cost"])
    def test_what_no_record_measured_is_not_zero(self, project: Checkout, name: str) -> None:
        spend(project, "B-1", f"--{name}", "0")
        unknown: dict[str, object] = {"tokens_in": None, "tokens_out": None, "minutes": "", "cost": {}}
        known = {"tokens_in": 0, "tokens_out": 0, "minutes": "0", "cost": {"USD": "0"}}
        key = name.replace("-", "_")
        report = project.ok("usage-report", "--json").json
        for row in (report["total"], report["by_lane"][0]):
            assert {word: row[word] for word in unknown} == {**unknown, key: known[key]}
        told = dict(cell.split("=") for cell in project.ok("usage-report").out.splitlines()[0].split()[1:])
        assert [word for word, value in told.items() if value == "-"] == [word for word in unknown if word != key]

    def test_a_thousand_dimes_are_a_hundred_dollars(self, project: Checkout) -> None:
        for _ in range(10):
            spend(project, "B-1", "--cost", "0.1")
        assert project.ok("usage-report", "--json").json["total"]["cost"] == {"USD": "1"}

    def test_currencies_are_never_added_up(self, project: Checkout) -> None:
        spend(project, "B-1", "--cost", "1", "--currency", "eur")
        spend(project, "B-1", "--cost", "2")
        assert project.ok("usage-report", "--json").json["total"]["cost"] == {"EUR": "1", "USD": "2"}

    def test_of_one_lane_one_task_and_since(self, project: Checkout) -> None:
        old = {"FAIRWAY_NOW": "2026-01-01T00:00:00Z"}
        project.ok("usage-record", "B-1", "--tokens-in", "1", env=old)
        spend(project, "B-2", "--tokens-in", "10")
        spend(project, "C-1", "--tokens-in", "100")
        for words, tokens in (
            (["--role", "B-ui"], 11),
            (["--task-id", "C-1"], 100),
            (["--since", "2026-06-01"], 110),
            (["--since", "2026-06-01", "--role", "B-ui"], 10),
        ):
            assert project.ok("usage-report", *words, "--json").json["total"]["tokens_in"] == tokens

    def test_what_is_not_known_is_told(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        answer = project.ok("usage-report")
        assert "1 claimed task(s) have no record" in answer.err
        spend(project, "B-1", "--tokens-in", "5")
        assert "no record" not in project.ok("usage-report").err


class TestRecord:
    def test_it_is_an_event_that_the_ledger_holds(self, project: Checkout) -> None:
        number = spend(project, "B-1", "--tokens-in", "7", "--cost", "0.5")
        event = project.ok("queue-activity", "--task-id", "B-1", "--json").json["events"][0]
        assert (event["event_id"], event["kind"], event["payload"]["tokens_in"]) == (number, "usage_recorded", 7)
        assert "7 tokens in, 0.5 USD" in project.ok("queue-activity", "--task-id", "B-1").out
        assert project.ok("queue-verify").code == 0

    def test_a_wrong_one_is_corrected_by_another(self, project: Checkout) -> None:
        wrong = spend(project, "B-1", "--tokens-in", "7000000")
        spend(project, "B-1", "--tokens-in", "7000", "--corrects", str(wrong))
        report = project.ok("usage-report", "--json").json
        assert (report["total"]["tokens_in"], report["corrected"]) == (7000, 1)

    def test_a_named_request_is_recorded_once(self, project: Checkout) -> None:
        first = spend(project, "B-1", "--tokens-in", "7", "--request-id", "r")
        assert spend(project, "B-1", "--tokens-in", "7", "--request-id", "r") == first
        assert project.ok("usage-report", "--json").json["records"] == 1

    @pytest.mark.parametrize(
        ("words", "word"),
        [
            (["B-1"], "usage"),
            (["--tokens-in", "5"], "usage"),
            (["B-1", "--tokens-in", "-5"], "usage"),
            (["B-1", "--tokens-in", "many"], "usage"),
            (["B-1", "--cost", "1e9"], "usage"),
            (["B-1", "--cost", "1,50"], "usage"),
            (["B-1", "--minutes", "0.12345678"], "usage"),
            (["B-1", "--cost", "1", "--currency", "dollars"], "usage"),
            (["B-99", "--tokens-in", "5"], "not_found"),
            (["--role", "X", "--tokens-in", "5"], "not_found"),
            (["B-1", "--tokens-in", "5", "--corrects", "1"], "not_found"),
        ],
    )
    def test_what_is_refused_records_nothing(self, project: Checkout, words: list[str], word: str) -> None:
        answer = project.run("usage-record", *words)
        assert (answer.word, answer.out) == (word, "")
        assert project.ok("usage-report", "--json").json["records"] == 0
