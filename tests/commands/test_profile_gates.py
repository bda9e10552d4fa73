"""Profile gates end to end: recording, signing off, guards that graduate, and what readiness and merges say."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.given_last import given_last
from tests.support.plain_ids import plain_ids
from tests.support.ready_made import ready_made
from tests.support.repositories import write_file
from tests.support.shell import GPUAAS_CONFIG, HOME, Answer, Checkout, make_checkout, queue_text, task

GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "readiness-report")
SAMPLES = os.path.join(HOME, "tests", "samples", "record-guard-report")
NAMED = ("--profile", "platform-foundation", "--gate", "boundary-guard-report")
RISK = ("--command-text", "read it", "--result", "pass", "--artifact-type", "release-risk")
AT = {"FAIRWAY_NOW": "2026-11-10T12:00:00Z", "ACTOR": "bea"}
CRITERIA = 'graduation = { clean_runs = 2, within = "24h" }\n'


@pytest.fixture
def project() -> Checkout:
    """One task that a profile has by its kind, one that names it, one without a profile; a guard with criteria."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    return checkout(parent, lanes=[])


@pytest.fixture(scope="module")
def refusing(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The same with B-1 claimed, for calls that are refused and leave everything as it is."""
    made = checkout(tmp_path_factory.mktemp("refusing"), lanes=["B-ui"])
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=AT)
    return made


def checkout(tmp_path: str | Path, lanes: list[str]) -> Checkout:
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read().replace('name = "boundary-guard-report"\n', f'name = "boundary-guard-report"\n{CRITERIA}', 1)
    write_file(str(tmp_path), "config.toml", text)
    tasks = [task("A-GUARD-1", "A-backend", kind="guard"), task("B-1", profile="platform-foundation"), task("B-2")]
    made = make_checkout(tmp_path, queue_text(*tasks), lanes=lanes, config=os.path.join(tmp_path, "config.toml"))
    made.ok("queue-ready", env=AT)
    return made


def guard(
    project: Checkout, findings: str, *words: str, task_id: str = "A-GUARD-1", env: dict[str, str] = AT
) -> Answer:
    call = [task_id, *NAMED, "--guard-mode", "report_only", "--findings", findings, "--command-text", "make guard"]
    artifact = [] if "--artifact" in words or not findings.isdigit() else ["--artifact", "Makefile"]
    return project.run("record-guard-report", *given_last([*call, *artifact], words), env=env)


def graduate(project: Checkout, mode: str, *words: str) -> Answer:
    return project.run("guard-graduate", *NAMED, "--mode", mode, "--reason", "agreed", *words, env=AT)


# --- which record satisfies which gate ------------------------------------------------------------------------


def test_task_detail_shows_which_record_satisfies_which_gate(project: Checkout) -> None:
    assert guard(project, "0").code == 0
    gates = project.detail("A-GUARD-1", AT)["gate_evaluations"]
    assert [(row["gate"], row["status"], row["satisfied_by"]) for row in gates] == [
        ("boundary-guard-report", "satisfied", [1]),
        ("release-risk", "missing", []),
    ]
    page = project.ok("queue-task-detail", "A-GUARD-1", env=AT).out
    assert "platform-foundation/boundary-guard-report  advisory  satisfied  evidence #1" in page
    assert "no evidence of type release-risk" in page


def test_the_profile_field_of_a_task_counts_and_a_task_without_one_has_no_gates(refusing: Checkout) -> None:
    assert len(refusing.detail("B-1", AT)["gate_evaluations"]) == 2
    assert refusing.detail("B-2", AT)["gate_evaluations"] == []


def test_a_sign_off_is_a_field_and_not_a_word_in_notes(project: Checkout) -> None:
    project.ok("queue-record-evidence", "B-1", *RISK, "--notes", "sign-off by Lead", env=AT)
    missing = project.detail("B-1", AT)["gate_evaluations"][1]
    assert missing["rejected"] == [{"evidence_id": 1, "why": "nobody has signed it off (SIGNED_OFF_BY)"}]
    recorded = project.ok("queue-record-evidence", "B-1", *RISK, "--signed-off-by", "Lead", "--json", env=AT).json
    assert recorded["signed_off_by"] == "Lead"
    detail = project.detail("B-1", AT)
    assert detail["gate_evaluations"][1]["satisfied_by"] == [2]
    assert detail["evidence"][1]["signed_off_by"] == "Lead"


@pytest.mark.parametrize("signer", ["bea", "BEA ", "B", "B-ui"])
def test_nobody_signs_off_work_of_their_own(refusing: Checkout, signer: str) -> None:
    answer = refusing.run("queue-record-evidence", "B-1", *RISK, "--signed-off-by", signer, env=AT)
    assert (answer.code, answer.word) == (4, "self_review")
    assert refusing.detail("B-1", AT)["evidence"] == []


def test_withdrawn_evidence_satisfies_nothing(project: Checkout) -> None:
    guard(project, "0")
    project.ok("queue-undo", "A-GUARD-1", env=AT)
    assert project.detail("A-GUARD-1", AT)["gate_evaluations"][0]["status"] == "missing"


@pytest.mark.parametrize(
    ("mode", "level"), [("advisory", "warning"), ("report_only", "warning"), ("blocking", "error")]
)
def test_merge_ready_fails_only_for_a_missing_blocking_gate(tmp_path: Path, mode: str, level: str) -> None:
    project = checkout(tmp_path, lanes=["B-ui"])
    if mode != "advisory":
        assert graduate(project, mode, "--force").code == 0
    project.commit("B-ui", "app/x.ts", message="B-1: x")
    found = project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--json", env=AT).json
    checks = {row["message"].split()[1]: row["level"] for row in found["findings"] if row["word"] == "gate"}
    assert checks["platform-foundation/boundary-guard-report"] == level
    assert checks["platform-foundation/release-risk"] == "warning"
    assert [row["mode"] for row in found["gate_evaluations"]] == [mode, "advisory"]


def test_merge_ready_names_the_record_that_satisfies_a_gate(tmp_path: Path) -> None:
    project = checkout(tmp_path, lanes=["B-ui"])
    commit = project.commit("B-ui", "app/x.ts", message="B-1: x")
    guard(project, "0", "--commit", commit, task_id="B-1")
    found = project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--json", env=AT).json
    gate = next(row for row in found["passed"] if "boundary-guard-report" in row["message"])
    assert gate["message"].endswith("evidence 1")


# --- guards -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "count"), [("findings.txt", 3), ("findings.json", 2)])
def test_findings_are_counted_from_the_file_that_the_guard_wrote(project: Checkout, name: str, count: int) -> None:
    shutil.copy(os.path.join(SAMPLES, name), project.main)
    recorded = guard(project, name, "--false-positives", "1", "--json").json
    assert (recorded["findings_count"], recorded["false_positives"], recorded["result"]) == (count, 1, "partial")
    assert (recorded["artifact_path"], recorded["artifact_type"]) == (name, "guard-report")
    assert (recorded["gate"], recorded["guard_mode"]) == ("platform-foundation/boundary-guard-report", "report_only")


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("x.json", b'{"findings": []}', "invalid_document"),
        ("x.json", b"[1, 2", "invalid_document"),
        ("x.JSON", b"[1, 2", "invalid_document"),
        ("x.json", b"", "invalid_document"),
        ("x.json", b"[" * 100 + b"]" * 100, "invalid_document"),
        ("x.txt", b"a\n\xff\n", "invalid_document"),
        ("x.txt", b"a\0b\n", "invalid_document"),
        ("none.txt", None, "not_found"),
    ],
)
def test_a_list_of_findings_that_cannot_be_read_is_refused(
    refusing: Checkout, name: str, content: bytes | None, word: str
) -> None:
    if content is not None:
        with open(os.path.join(refusing.main, name), "wb") as file:
            file.write(content)
    answer = guard(refusing, name)
    assert answer.word == word
    assert refusing.detail("A-GUARD-1", AT)["evidence"] == []


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--gate", "nothing"], "not_found"),
        (["--profile", "nothing"], "not_found"),
        (["--gate", "release-risk"], "usage"),
        (["--guard-mode", "advisory"], "usage"),
        (["--false-positives", "9"], "usage"),
        (["--findings", ""], "usage"),
        (["--findings", "-1"], "not_found"),
    ],
)
def test_a_report_that_means_nothing_is_refused(refusing: Checkout, words: list[str], word: str) -> None:
    assert guard(refusing, "1", *words).word == word


def test_a_report_for_a_task_that_the_gate_is_not_for_says_so(project: Checkout) -> None:
    answer = guard(project, "0", task_id="B-2")
    assert answer.code == 0
    assert "is no gate of B-2" in answer.err


def test_a_guard_graduates_once_its_criteria_hold(project: Checkout) -> None:
    guard(project, "0")
    early = graduate(project, "blocking")
    assert (early.code, early.word, "1 of 2 clean runs" in early.err) == (1, "graduation_refused", True)
    guard(project, "0")
    done = graduate(project, "blocking", "--json").json
    assert (done["mode_before"], done["mode"], done["forced"], done["runs"]) == ("advisory", "blocking", False, [2, 1])
    assert project.detail("B-1", AT)["gate_evaluations"][0]["mode"] == "blocking"
    events = project.ok("queue-activity", "--json").json["events"]
    assert [event["kind"] for event in events if event["kind"] == "guard_graduated"] == ["guard_graduated"]
    assert project.ok("queue-verify").code == 0


def test_runs_that_are_too_old_do_not_count(project: Checkout) -> None:
    old = {**AT, "FAIRWAY_NOW": "2026-11-09T11:59:00Z"}
    guard(project, "0", env=old)
    guard(project, "0", env=old)
    assert graduate(project, "blocking").word == "graduation_refused"


def test_a_guard_may_be_forced_and_always_go_back(project: Checkout) -> None:
    forced = graduate(project, "blocking", "--force", "--json").json
    assert (forced["forced"], forced["criteria_hold"]) == (True, False)
    assert graduate(project, "blocking", "--force").word == "graduation_refused"
    assert graduate(project, "report_only").code == 0
    assert project.detail("B-1", AT)["gate_evaluations"][0]["mode"] == "report_only"


def test_a_change_of_mode_needs_a_reason_and_a_mode_that_exists(refusing: Checkout) -> None:
    assert refusing.run("guard-graduate", *NAMED, "--mode", "blocking").word == "reason_required"
    assert graduate(refusing, "warning").word == "usage"


def test_a_watcher_may_not_graduate_a_guard(refusing: Checkout) -> None:
    env = {**AT, "FAIRWAY_WATCH_ID": "W-1"}
    words = (*NAMED, "--mode", "report_only", "--reason", "x")
    assert refusing.run("guard-graduate", *words, env=env).word == "watcher_refused"


def test_repeating_a_request_changes_nothing(project: Checkout) -> None:
    first = graduate(project, "blocking", "--force", "--request-id", "r-1", "--json")
    again = graduate(project, "blocking", "--force", "--request-id", "r-1", "--json")
    assert first.json == again.json


# --- readiness --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_report_is_the_same_to_the_byte(project: Checkout, form: str, request: pytest.FixtureRequest) -> None:
    guard(project, "0")
    guard(project, "0")
    guard(project, "3", task_id="B-1")
    graduate(project, "blocking", "--force")
    project.ok("queue-record-evidence", "B-1", *RISK, "--signed-off-by", "Lead", env=AT)
    words = ["--at", "2026-11-11", *(["--pretty"] if form == "json" else [])]
    here = project.run("readiness-report", *words)
    env = {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "5", "FAIRWAY_NOW": "2027-01-01"}
    there = project.run("readiness-report", *words, env=env, cwd=os.path.join(project.main, "doc"))
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, f"report.{form}", plain_ids(here.out))
    with open(os.path.join(GOLDENS, f"report.{form}"), encoding="utf-8") as file:
        assert plain_ids(here.out) == file.read()
    assert there.out == here.out


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_missing_blocking_gate_is_exit_1_in_every_form(project: Checkout, form: list[str]) -> None:
    assert project.run("readiness-report", *form).code == 0
    graduate(project, "blocking", "--force")
    answer = project.run("readiness-report", *form)
    assert (answer.code, answer.word) == (1, "gates_missing")
    assert "boundary-guard-report" in answer.out


def test_numbers_and_gaps_of_a_gate(project: Checkout) -> None:
    guard(project, "0")
    found = project.ok("readiness-report", "--json", "--profile", "platform-foundation", env=AT).json
    assert (found["ok"], found["task_count"], found["blocking_missing"], found["advisory_missing"]) == (True, 2, 0, 3)
    one, other = found["gate_evaluations"]
    assert (one["satisfied_count"], one["missing_count"], one["status"]) == (1, 1, "missing")
    assert one["satisfied"] == [{"task_id": "A-GUARD-1", "evidence": [1], "against": None}]
    gap = other["missing"][0]
    assert (gap["task_id"], gap["kind"], gap["status"]) == ("A-GUARD-1", "guard", "todo")


def test_gap_limit_shortens_the_list_and_not_the_count(project: Checkout) -> None:
    found = project.ok("readiness-report", "--json", "--gap-limit", "1").json["gate_evaluations"][1]
    assert (found["missing_count"], len(found["missing"])) == (2, 1)
    assert "2 more are not shown" in project.ok("readiness-report", "--gap-limit", "1").out


def test_evidence_expires_at_the_time_that_the_report_names(project: Checkout) -> None:
    project.ok("queue-record-evidence", "B-1", *RISK, "--signed-off-by", "Lead", env=AT)
    for day, count in (("2026-12-10T11:59:59Z", 1), ("2026-12-10T12:00:00Z", 0)):
        found = project.ok("readiness-report", "--json", "--at", day).json["gate_evaluations"][1]
        assert found["satisfied_count"] == count


def test_a_report_is_attached_as_evidence_of_what_was_observed(project: Checkout) -> None:
    graduate(project, "blocking", "--force")
    assert project.run("readiness-report", "--attach", "B-2").code == 1
    row = project.detail("B-2", AT)["evidence"][0]
    assert (row["artifact_type"], row["result"], row["gate"]) == ("readiness-report", "fail", None)


@pytest.mark.parametrize(
    ("words", "word"),
    [(["--profile", "nobody"], "not_found"), (["--gap-limit", "x"], "usage"), (["--at", "often"], "usage")],
)
def test_a_report_of_nothing_is_refused(refusing: Checkout, words: list[str], word: str) -> None:
    assert refusing.run("readiness-report", *words).word == word


@pytest.mark.parametrize("at", ["often", "2d", "0001-01-01T00:00:00+14:00"])
@pytest.mark.parametrize("tool", ["readiness-report", "release-verify", "output-report"])
def test_a_time_of_an_artifact_that_is_none_is_named(refusing: Checkout, tool: str, at: str) -> None:
    answer = refusing.run(tool, "--at", at)
    assert answer.word == "usage"
    assert f"AT '{at}' is no time such as" in answer.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("graduation = 5\n", "must be a table such as"),
        ("graduation = { within = '1h' }\n", "needs clean_runs"),
        ("graduation = { clean_runs = 0 }\n", "clean_runs"),
        ("graduation = { clean_runs = 1, within = 'soon' }\n", "within"),
        ("graduation = { clean_runs = 1, max = 1 }\n", "has max; known are"),
    ],
)
def test_graduation_criteria_that_mean_nothing_are_a_fault(tmp_path: Path, text: str, told: str) -> None:
    gate = '[[workstream_profiles]]\nname = "P"\n[[workstream_profiles.gates]]\nname = "g"\nmode = "advisory"\n'
    write_file(str(tmp_path), "config.toml", f"{gate}evidence_type = 'x'\n{text}")
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=os.path.join(tmp_path, "config.toml"))
    answer = made.run("fairway-config", "validate")
    assert (answer.code, told in answer.out + answer.err) == (1, True)


def test_a_gate_that_asks_for_nothing_is_a_warning(tmp_path: Path) -> None:
    gate = '[[workstream_profiles]]\nname = "P"\n[[workstream_profiles.gates]]\nname = "g"\nmode = "blocking"\n'
    write_file(str(tmp_path), "config.toml", gate)
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=os.path.join(tmp_path, "config.toml"))
    answer = made.run("fairway-config", "validate")
    assert (answer.code, "asks for no evidence" in answer.out + answer.err) == (0, True)
    assert made.ok("readiness-report", "--json").json["gate_evaluations"][0]["status"] == "satisfied"
