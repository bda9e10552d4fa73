"""`fairway batch`: JSON lines of calls in, JSON lines of answers out, each call one transaction."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.served.calls import tool_of
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, task


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(*(task(f"B-{number}") for number in range(1, 41))), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


def start(project: Checkout, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, os.path.join(BIN, "fairway-batch"), *words],
        cwd=project.main,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def batch(project: Checkout, *calls: Any, words: tuple[str, ...] = ()) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the answers to calls; a call that is text is a line as it is."""
    lines = [call if isinstance(call, str) else json.dumps(call) for call in calls]
    out, err = start(project, *words).communicate("".join(f"{line}\n" for line in lines), timeout=120), ""
    answers = [json.loads(line) for line in out[0].splitlines()]
    assert err == ""
    code = 0 if all(answer["exit_code"] == 0 for answer in answers) else 1
    return code, answers


def raw(project: Checkout, lines: bytes) -> tuple[bytes, bytes]:
    """What a batch says on both streams to bytes as they are."""
    done = subprocess.run(
        [sys.executable, os.path.join(BIN, "fairway-batch")],
        cwd=project.main,
        env=environment(),
        input=lines,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return done.stdout, done.stderr


def claim(number: int, **more: Any) -> dict[str, Any]:
    return {"tool": "claim", "arguments": {"task_id": f"B-{number}", "role": "B-ui", "owner": "B"}, **more}


class TestCalls:
    def test_each_line_is_answered_by_one_with_its_number_and_id(self, project: Checkout) -> None:
        _code, answers = batch(
            project, claim(1, id="first"), "", {"tool": "queue-ready", "arguments": {"LIMIT": 2}, "id": 7}
        )
        assert [(answer["line"], answer["id"], answer["tool"]) for answer in answers] == [
            (1, "first", "queue-claim"),
            (3, 7, "queue-ready"),
        ]
        assert answers[0]["answer"]["task_id"] == "B-1"
        assert answers[0]["answer"]["schema"] == "queue-claim/1"
        assert len(answers[1]["answer"]["tasks"]) == 2
        assert project.detail("B-1")["owner"] == "B"

    def test_an_answer_comes_before_the_next_call_is_there(self, project: Checkout) -> None:
        process = start(project)
        assert process.stdin
        assert process.stdout
        for number in (1, 2):
            process.stdin.write(json.dumps(claim(number)) + "\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["answer"]["task_id"] == f"B-{number}"
        process.stdin.close()
        process.stdout.read()
        assert process.wait(timeout=60) == 0

    def test_names_verbs_words_and_kinds_of_values(self, project: Checkout) -> None:
        _code, answers = batch(
            project,
            {"tool": "record evidence", "words": ["B-1"], "arguments": {"command-text": "t", "RESULT": "pass"}},
            {"tool": "add", "arguments": {"title": "T", "role": "B-ui", "acceptance": ["a", "b"], "priority": 3}},
            {"tool": "list", "arguments": {"all": True, "mine": False, "limit": None}},
        )
        assert [answer["exit_code"] for answer in answers] == [0, 0, 0]
        assert answers[1]["answer"]["acceptance_checks"] == ["a", "b"]

    @pytest.mark.parametrize(
        ("verb", "tool"),
        [
            ("tracker list", "fairway-tracker"),
            ("config validate", "fairway-config"),
            ("projects list", "fairway-projects"),
            ("regression list", "regression-packs"),
        ],
    )
    def test_a_verb_of_several_words_is_what_it_is_behind_fairway(
        self, project: Checkout, verb: str, tool: str
    ) -> None:
        _code, answers = batch(project, {"tool": verb})
        assert answers[0]["tool"] == tool
        assert answers[0].get("error", {"word": ""})["word"] != "usage"

    def test_hints_are_spelled_as_the_batch_was_called(self, project: Checkout) -> None:
        """Where `fairway` alone is linked into a folder of PATH, the name of a tool leads nowhere."""
        done = subprocess.run(
            [sys.executable, os.path.join(BIN, "fairway"), "batch"],
            cwd=project.main,
            env=environment(PATH=f"{BIN}:{os.environ['PATH']}"),
            input=json.dumps(claim(99)),
            capture_output=True,
            text=True,
            check=False,
        )
        assert json.loads(done.stdout)["error"]["hint"] == "fairway list"

    def test_what_the_batch_was_called_with_goes_to_every_call(self, project: Checkout) -> None:
        _code, answers = batch(
            project, claim(1), claim(2, arguments={**claim(2)["arguments"], "actor": "own"}), words=("--actor", "bot")
        )
        assert [answer["answer"]["claimant"] for answer in answers] == ["bot", "own"]

    def test_a_call_is_one_transaction_and_a_refusal_is_only_its_own(self, project: Checkout) -> None:
        code, answers = batch(project, claim(1), claim(1, arguments={**claim(1)["arguments"], "actor": "x"}), claim(2))
        assert code == 1
        assert [answer["exit_code"] for answer in answers] == [0, 4, 0]
        assert answers[1]["error"]["word"] == "already_claimed"
        assert answers[1]["error"]["schema"] == "error/1"

    def test_batches_beside_each_other_never_give_a_task_twice(self, project: Checkout) -> None:
        calls = "".join(
            json.dumps({"tool": "claim", "arguments": {"role": "B-ui", "owner": "B", "request_id": f"{{}}-{n}"}}) + "\n"
            for n in range(10)
        )
        processes = [start(project, "--actor", f"bot-{number}") for number in range(4)]
        outs = []
        for number, process in enumerate(processes):
            assert process.stdin
            process.stdin.write(calls.replace("{}", f"r{number}"))
            process.stdin.close()
            process.stdin = None
        outs = [process.communicate(timeout=120)[0] for process in processes]
        taken = [json.loads(line)["answer"]["task_id"] for out in outs for line in out.splitlines()]
        assert sorted(taken) == sorted({f"B-{number}" for number in range(1, 41)})

    def test_the_exit_code_says_whether_all_went_well(self, project: Checkout) -> None:
        for calls, code in ((json.dumps(claim(1)), 0), ("nonsense", 1), ("", 0)):
            process = start(project)
            process.communicate(calls, timeout=120)
            assert process.returncode == code


class TestBadLines:
    @pytest.mark.parametrize(
        ("line", "word"),
        [
            ("{", "usage"),
            ("[]", "usage"),
            ('"claim"', "usage"),
            ("{}", "usage"),
            ('{"tool": 3}', "usage"),
            ('{"tool": "claim", "args": {}}', "usage"),
            ('{"tool": "claim", "arguments": []}', "usage"),
            ('{"tool": "claim", "words": "B-1"}', "usage"),
            ('{"tool": "claim", "arguments": {"task_id": {"a": 1}}}', "usage"),
            ('{"tool": "claim", "arguments": {"no such thing": "x"}}', "usage"),
            ('{"tool": "claim", "arguments": {"ROEL": "x"}}', "usage"),
            ('{"tool": "frobnicate"}', "not_found"),
            ('{"tool": "batch"}', "usage"),
            ('{"tool": "claim", "arguments": {"owner": "<owner>", "role": "B-ui"}}', "usage"),
            ('{"tool": "claim", "arguments": {"owner": "\\ud800", "role": "B-ui"}}', "usage"),
        ],
    )
    def test_a_line_that_is_no_call_is_refused_and_the_next_is_answered(
        self, project: Checkout, line: str, word: str
    ) -> None:
        _code, answers = batch(project, line, claim(1))
        assert answers[0]["error"]["word"] == word
        assert answers[0]["exit_code"] in (2, 3)
        assert answers[1]["exit_code"] == 0

    @pytest.mark.parametrize(
        ("line", "why"),
        [
            (b'{"tool": "claim", "id": NaN}', "is no JSON"),
            (b'{"tool": "claim", "arguments": {"limit": -Infinity}}', "is no JSON"),
            (b'{"tool": "claim", "id": "\xff"}', "is not UTF-8"),
            (b'{"tool": "claim", "id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
            (b"[" * 100_000, "nested too deeply"),
            (b'{"tool": " "}', "there is no tool"),
            (b'{"tool": "ready --role B-ui"}', "there is no tool"),
            (b'{"tool": "claim", "id": "' + b"x" * (16 << 20) + b'"}', "is longer than"),
        ],
        ids=["nan", "infinity", "bytes", "deep", "deep-and-open", "blank", "flags", "long"],
    )
    def test_a_line_that_could_not_even_be_read_concerns_itself_alone(
        self, project: Checkout, line: bytes, why: str
    ) -> None:
        """Whatever stands in a line, the lines after it are answered."""
        out, err = raw(project, line + b"\n" + json.dumps(claim(1)).encode() + b"\n")
        answers = [json.loads(answer) for answer in out.splitlines()]
        assert why in answers[0]["error"]["message"], err
        assert [answer["line"] for answer in answers] == [1, 2]
        assert answers[1]["answer"]["task_id"] == "B-1"

    def test_the_end_of_a_line_that_is_too_long_is_no_call_of_its_own(self, project: Checkout) -> None:
        begun = b'{"tool": "ready", "id": "'
        line = begun + b"x" * ((16 << 20) + 1 - len(begun)) + json.dumps(claim(1)).encode()
        out, _err = raw(project, line + b"\n" + json.dumps(claim(2)).encode())
        first, second = (json.loads(answer) for answer in out.splitlines())
        assert (first["line"], first["error"]["word"]) == (1, "usage")
        assert (second["line"], second["answer"]["task_id"]) == (2, "B-2")
        assert project.detail("B-1")["status"] == "todo"

    def test_an_id_that_no_text_can_hold_comes_back_as_it_was_written(self, project: Checkout) -> None:
        _code, answers = batch(project, '{"tool": "ready", "id": "\\ud800"}', claim(1))
        assert answers[0]["id"] == "\ud800"
        assert answers[1]["exit_code"] == 0

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
    def test_an_answer_that_cannot_be_written_ends_the_batch_and_says_what_was_done(self, project: Checkout) -> None:
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                [sys.executable, os.path.join(BIN, "fairway-batch")],
                cwd=project.main,
                env=environment(),
                input="".join(json.dumps(claim(number)) + "\n" for number in (1, 2)),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 2
        assert done.stderr.splitlines() == [
            "error: file_unavailable: the answer to line 1 cannot be written: No space left on device",
            "hint: that call was made: it ended with 0; no line after it was read",
        ]
        assert [project.detail(f"B-{number}")["status"] for number in (1, 2)] == ["in_progress", "todo"]

    def test_a_call_cannot_read_the_calls_nor_write_between_the_answers(self, project: Checkout) -> None:
        _code, answers = batch(
            project,
            {"tool": "watcher run", "words": ["--task-id", "B-1", "--", "sh", "-c", "cat; echo loud; exit 0"]},
            claim(1),
        )
        assert [answer["exit_code"] for answer in answers] == [0, 0]

    def test_while_a_repository_cuts_over_calls_are_made_one_by_one(self, project: Checkout) -> None:
        folder = os.path.join(project.main, ".git", "fairway")
        with open(os.path.join(folder, "front-door.json"), "w", encoding="utf-8") as file:
            json.dump({"engines": {"B-ui": "legacy"}}, file)
        _code, answers = batch(project, claim(1))
        assert (answers[0]["exit_code"], answers[0]["error"]["word"]) == (2, "usage")
        assert "cuts over" in answers[0]["error"]["message"]

    def test_that_nothing_cuts_over_is_seen_of_one_repository_alone(
        self, project: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A server of many projects is told which one with each call."""
        other = make_checkout(str(tmp_path / "other"), queue_text(task("B-1")), lanes=["B-ui"])
        other.ok("queue-ready")
        with open(os.path.join(other.main, ".git/fairway/front-door.json"), "w", encoding="utf-8") as file:
            json.dump({"engines": {"B-ui": "legacy"}}, file)
        monkeypatch.chdir(project.main)
        assert tool_of("queue-ready") == "queue-ready"
        monkeypatch.chdir(other.main)
        with pytest.raises(FairwayError, match="cuts over"):
            tool_of("queue-ready")
