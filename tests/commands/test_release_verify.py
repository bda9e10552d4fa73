"""release-verify: what was merged since the last tag, and what is missing of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.plain_ids import plain_ids
from tests.support.repositories import commit_file, count_git_calls, git, git_calls, head, write_file
from tests.support.shell import GPUAAS_CONFIG, HOME, Checkout, make_checkout, queue_text, run_tool, task

GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "release-verify")
AT = {"FAIRWAY_NOW": "2026-11-10T12:00:00Z", "ACTOR": "bea"}
RELEASE = """
[release]
artifacts = ["dist/*.whl", "dist/*.tar.gz"]

[[release.version_files]]
path = "pyproject.toml"
pattern = '^version = "(.+)"'

[[release.version_files]]
path = "packages/web/package.json"
pattern = '"version": "(.+)"'
"""
CONTRACT = "doc/api/{}.yaml"


def told(found: Any, level: str) -> list[Any]:
    """What a verification found, of one level."""
    return [row for row in found["findings"] if row["level"] == level]


class Release:
    """A project with a tag, and the steps that lead to the next one."""

    def __init__(self, folder: Path, extra: str = "", tasks: list[dict[str, Any]] | None = None) -> None:
        with open(GPUAAS_CONFIG, encoding="utf-8") as file:
            text = file.read()
        write_file(str(folder), "config.toml", f"{text}\n{RELEASE}{extra}")
        rows = tasks or [task(f"B-{number}") for number in range(1, 6)]
        self.project: Checkout = make_checkout(folder, queue_text(*rows), lanes=[], config=str(folder / "config.toml"))
        self.main = self.project.main
        self.version("1.2.0", "1.2.0")
        write_file(self.main, ".gitignore", "dist/\n")
        for name in ("x-1.2.0-py3-none-any.whl", "x-1.2.0.tar.gz"):
            write_file(self.main, f"dist/{name}", f"content of {name}\n")
        self.commit_all("begin")
        git(self.main, "tag", "v1.1.0")

    def version(self, one: str, other: str) -> None:
        write_file(self.main, "pyproject.toml", f'[project]\nname = "x"\nversion = "{one}"\n')
        write_file(self.main, "packages/web/package.json", f'{{\n  "version": "{other}"\n}}\n')

    def commit_all(self, message: str) -> None:
        git(self.main, "add", "--all")
        git(self.main, "commit", "--quiet", "-m", message)

    def tool(self, name: str, *words: str) -> None:
        self.project.ok(name, *words, env=AT)

    def work(self, task_id: str) -> str:
        """A commit of a task on a contract; its id."""
        return commit_file(self.main, CONTRACT.format(task_id), f"{task_id}\n", f"{task_id}: contract")

    def evidence(self, task_id: str, commit: str) -> None:
        self.tool("queue-record-evidence", task_id, "--command-text", "t", "--result", "pass", "--commit", commit)

    def route(self, task_id: str, commit: str) -> None:
        self.tool("queue-route-review", task_id, "--ref", commit, "--base", f"{commit}~1")

    def approve(self, task_id: str, commit: str, status: str = "approved", lane: str = "D-arch") -> None:
        words = ("--reviewer-role", lane, "--reviewer", "D", "--status", status, "--commit", commit)
        self.tool("queue-record-review", task_id, *words, "--base", f"{commit}~1", "--actor", "eve")

    def finish(self, task_id: str, commit: str = "") -> None:
        self.tool("queue-claim", task_id, "--role", "B-ui", "--owner", "B", "--force", "--reason", "trial")
        words = ["--commit", commit] if commit else []
        self.tool("queue-set-status", task_id, "--status", "done", "--force", "--reason", "trial", *words)

    def complete(self, task_id: str) -> str:
        """A task with everything that a release asks for; its commit."""
        commit = self.work(task_id)
        self.evidence(task_id, commit)
        self.route(task_id, commit)
        self.approve(task_id, commit)
        self.finish(task_id, commit)
        return commit

    def verify(self, *words: str) -> Any:
        answer = self.project.run("release-verify", "--json", *words, env=AT)
        assert answer.code in (0, 1), answer
        assert (answer.code, answer.word) == ((0, "") if answer.json["ok"] else (1, "release_incomplete"))
        return answer.json

    def gaps(self, *words: str) -> list[tuple[str, str]]:
        return [(row["word"], row["subject"]) for row in told(self.verify(*words), "error")]


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return Release(tmp_path)


@pytest.fixture(scope="module")
def wanting(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release with one complete task and something of everything missing."""
    made = Release(tmp_path_factory.mktemp("wanting"))
    made.complete("B-1")
    made.finish("B-2", made.work("B-2"))
    made.work("B-3")
    commit_file(made.main, "README.md", "x\n", "tidy up")
    made.tool("queue-set-status", "B-5", "--status", "blocked", "--reason", "no keys for the registry")
    made.version("1.2.0", "1.1.9")
    os.remove(os.path.join(made.main, "dist", "x-1.2.0.tar.gz"))
    made.commit_all("1.2.0")
    return made


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_verification_is_the_same_to_the_byte(wanting: Release, form: str, request: pytest.FixtureRequest) -> None:
    words = ["--pretty"] if form == "json" else []
    here = wanting.project.run("release-verify", *words)
    env = {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "5", "FAIRWAY_NOW": "2027-01-01"}
    there = wanting.project.run("release-verify", *words, env=env, cwd=os.path.join(wanting.main, "doc"))
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, f"verification.{form}", plain_ids(here.out))
    with open(os.path.join(GOLDENS, f"verification.{form}"), encoding="utf-8") as file:
        assert plain_ids(here.out) == file.read()
    assert there.out == here.out


def test_every_gap_is_listed_at_once(wanting: Release) -> None:
    assert wanting.gaps() == [
        ("evidence", "B-2"),
        ("review", "B-2"),
        ("unfinished", "B-3"),
        ("blocker", "B-5"),
        ("artifact", "dist/*.tar.gz"),
        ("version", "1.2.0, 1.1.9"),
    ]


def test_the_line_for_missing_evidence_runs_the_acceptance_check_of_the_task(tmp_path: Path) -> None:
    release = Release(tmp_path, tasks=[task("B-1", acceptance_checks=["test -f doc/api/B-1.yaml"])])
    release.finish("B-1", release.work("B-1"))
    gap = told(release.verify(), "error")[0]
    assert (gap["word"], "COMMAND='test -f doc/api/B-1.yaml'" in gap["fix"]) == ("evidence", True), gap


def test_commits_of_no_task_are_listed_and_are_no_gap(wanting: Release) -> None:
    found = wanting.verify()
    assert [row["subject"] for row in found["commits_without_task"]] == ["1.2.0", "tidy up"]


def test_a_complete_release_has_no_gap(release: Release) -> None:
    commit = release.complete("B-1")
    found = release.verify()
    assert (found["ok"], told(found, "error"), found["version"]) == (True, [], "1.2.0")
    assert [(row["task_id"], row["commit_sha"], row["ok"]) for row in found["tasks"]] == [("B-1", commit, True)]
    assert found["tasks"][0]["evidence"]["fresh"] is True
    files = [file["path"] for entry in found["artifacts"] for file in entry["files"]]
    assert files == ["dist/x-1.2.0-py3-none-any.whl", "dist/x-1.2.0.tar.gz"]
    assert all(len(file["sha256"]) == 64 for entry in found["artifacts"] for file in entry["files"])


def test_the_release_begins_after_the_last_tag_and_a_tag_on_ref_is_not_it(release: Release) -> None:
    release.complete("B-1")
    git(release.main, "tag", "v1.2.0")
    git(release.main, "tag", "--annotate", "--message", "x", "v1.2.0-final")
    found = release.verify("--ref", "v1.2.0")
    assert (found["since_tag"], [row["task_id"] for row in found["tasks"]]) == ("v1.1.0", ["B-1"])
    release.complete("B-2")
    later = release.verify()
    assert later["since_tag"] in ("v1.2.0", "v1.2.0-final")
    assert [row["task_id"] for row in later["tasks"]] == ["B-2"]
    whole = release.verify("--since-tag", "v1.1.0")
    assert [row["task_id"] for row in whole["tasks"]] == ["B-1", "B-2"]


def test_without_any_tag_the_whole_history_is_the_release(release: Release) -> None:
    git(release.main, "tag", "--delete", "v1.1.0")
    found = release.verify()
    assert (found["since_tag"], found["since_sha"], found["ok"]) == ("", "", True)
    assert found["commits"] == int(git(release.main, "rev-list", "--count", "HEAD"))


@pytest.mark.parametrize("how", ["rebase", "squash", "merge"])
def test_an_approval_of_the_same_patch_counts(release: Release, how: str) -> None:
    git(release.main, "switch", "--quiet", "--create", "agent/B-ui")
    one = release.work("B-1")
    two = commit_file(release.main, CONTRACT.format("more"), "y\n", "B-1: more")
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", two)
    release.tool("queue-route-review", "B-1", "--ref", two, "--base", f"{one}~1")
    release.tool("queue-record-review", "B-1", *words, "--base", f"{one}~1", "--actor", "eve")
    git(release.main, "switch", "--quiet", "master")
    commit_file(release.main, "other.txt", "z\n", "something else")
    if how == "rebase":
        git(release.main, "cherry-pick", one, two)
    elif how == "squash":
        git(release.main, "merge", "--quiet", "--squash", "agent/B-ui")
        git(release.main, "commit", "--quiet", "-m", "B-1: all of it")
    else:
        git(release.main, "merge", "--quiet", "--no-ff", "-m", "Merge agent/B-ui", "agent/B-ui")
    merged = head(release.main)
    release.evidence("B-1", merged)
    release.finish("B-1", merged)
    review = release.verify()["tasks"][0]["reviews"][0]
    assert (review["ok"], review["message"].endswith("the same change as REF")) == (True, True)


def test_an_approval_of_another_change_does_not_count(release: Release) -> None:
    commit = release.complete("B-1")
    git(release.main, "reset", "--quiet", "--hard", f"{commit}~1")
    other = commit_file(release.main, CONTRACT.format("B-1"), "changed since\n", "B-1: contract")
    release.tool("queue-set-status", "B-1", "--status", "in_progress", "--reopen", "--reason", "again")
    release.evidence("B-1", other)
    release.tool("queue-set-status", "B-1", "--status", "done", "--commit", other, "--force", "--reason", "trial")
    assert release.gaps() == [("review", "B-1")]


def test_an_objection_is_a_gap(release: Release) -> None:
    commit = release.complete("B-1")
    release.approve("B-1", commit, status="changes_requested", lane="E-governance")
    assert release.gaps() == [("review", "B-1")]


def test_reviews_that_nobody_asked_for_are_worked_out_from_what_the_task_changed(release: Release) -> None:
    commit = release.work("B-1")
    release.evidence("B-1", commit)
    release.finish("B-1", commit)
    review = release.verify()["tasks"][0]["reviews"][0]
    assert (review["lane"], review["ok"], review["paths"]) == ("D-arch", False, ["doc/api/B-1.yaml"])


def test_evidence_of_another_commit_follows_the_policy_of_stale_evidence(tmp_path: Path) -> None:
    for policy, gaps, warnings in (("warn", 0, 1), ("refuse", 1, 0)):
        folder = tmp_path / policy
        folder.mkdir()
        made = Release(folder)
        config = os.path.join(made.main, ".fairway", "config.toml")
        with open(config, encoding="utf-8") as file:
            text = file.read().replace("[gates]\n", f'[gates]\nstale_evidence = "{policy}"\n')
        with open(config, "w", encoding="utf-8") as file:
            file.write(text)
        made.evidence("B-1", "v1.1.0")
        commit = commit_file(made.main, "lib/x.py", "x\n", "B-1: x")
        made.finish("B-1", commit)
        found = made.verify()
        assert (len(told(found, "error")), len(told(found, "warning"))) == (gaps, warnings)


def test_a_missing_blocking_gate_is_a_gap_and_an_advisory_one_a_warning(tmp_path: Path) -> None:
    release = Release(tmp_path, tasks=[task("B-1", kind="facade")])
    release.complete("B-1")
    assert [row["word"] for row in told(release.verify(), "warning")] == ["gate", "gate"]
    words = ("--profile", "platform-foundation", "--gate", "release-risk", "--mode", "blocking", "--reason", "x")
    release.tool("guard-graduate", *words, "--force")
    assert release.gaps() == [("gate", "B-1")]


def test_evidence_of_a_gate_expires_at_the_time_that_the_call_names(tmp_path: Path) -> None:
    release = Release(tmp_path, tasks=[task("B-1", kind="facade")])
    commit = release.complete("B-1")
    words = ("--command-text", "t", "--result", "pass", "--artifact-type", "release-risk", "--signed-off-by", "Lead")
    release.tool("queue-record-evidence", "B-1", *words, "--commit", commit, "--actor", "lea")
    for day, count in (("2026-12-10T11:59:59Z", 1), ("2026-12-10T12:00:00Z", 2)):
        assert len(told(release.verify("--at", day), "warning")) == count


@pytest.mark.parametrize(("which", "gaps"), [("all", ["B-4", "B-5"]), ("related", ["B-4"])])
def test_blocked_tasks_are_gaps_all_of_them_or_those_that_the_release_needs(
    tmp_path: Path, which: str, gaps: list[str]
) -> None:
    rows = [task("B-1", depends_on=["B-4"]), task("B-4"), task("B-5")]
    release = Release(tmp_path, tasks=rows)
    config = os.path.join(release.main, ".fairway", "config.toml")
    with open(config, encoding="utf-8") as file:
        text = file.read().replace("[release]\n", f'[release]\nopen_blockers = "{which}"\n')
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    release.complete("B-1")
    for task_id in ("B-4", "B-5"):
        release.tool("queue-set-status", task_id, "--status", "blocked", "--reason", "waiting")
    assert release.gaps() == [("blocker", task_id) for task_id in gaps]
    assert [row["related"] for row in release.verify()["blockers"]] == ["B-1 depends on it", ""]


def test_version_files_are_read_as_the_release_has_them(release: Release) -> None:
    release.version("9.9.9", "9.9.9")
    assert release.verify()["version"] == "1.2.0"


def test_a_version_file_that_the_release_does_not_have_is_a_gap(release: Release) -> None:
    git(release.main, "rm", "--quiet", "pyproject.toml")
    release.commit_all("remove it")
    assert release.gaps() == [("version", "pyproject.toml")]


def test_a_link_is_no_artifact(release: Release) -> None:
    path = os.path.join(release.main, "dist", "x-1.2.0.tar.gz")
    os.remove(path)
    os.symlink("/etc/hostname", path)
    assert release.gaps() == [("artifact", "dist/*.tar.gz")]


def test_a_verification_is_attached_as_what_was_observed_and_closes_nothing(wanting: Release) -> None:
    answer = wanting.project.run("release-verify", "--attach", "B-4", env=AT)
    assert answer.code == 1
    detail = wanting.project.detail("B-4")
    row = detail["evidence"][0]
    assert (row["artifact_type"], row["result"], detail["status"]) == ("release-verify", "fail", "todo")


def test_git_is_asked_a_fixed_number_of_times_however_many_tasks_there_are(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = count_git_calls(monkeypatch, tmp_path)
    counts = []
    for task_id in ("B-1", "B-2", "B-3"):
        release.complete(task_id)
        before = len(git_calls(log))
        release.verify()
        counts.append(len(git_calls(log)) - before)
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 8


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--ref", "nowhere"], 3, "not_found"),
        (["--since-tag", "nowhere"], 3, "not_found"),
        (["--since-tag", "aside"], 1, "git_inconsistent"),
    ],
)
def test_a_span_that_cannot_be_told_is_refused(wanting: Release, words: list[str], code: int, word: str) -> None:
    if "aside" in words:
        tree = git(wanting.main, "commit-tree", "-m", "x", "HEAD^{tree}").strip()
        git(wanting.main, "tag", "aside", tree)
    answer = wanting.project.run("release-verify", *words)
    assert (answer.code, answer.word) == (code, word)


def test_outside_of_git_there_is_no_release(tmp_path: Path) -> None:
    assert run_tool("release-verify", cwd=str(tmp_path)).code in (2, 3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[release]\nartifacts = ["/dist/x"]\n', "starts with a slash"),
        ('[release]\nopen_blockers = "some"\n', "none of"),
        ('[[release.version_files]]\npath = "x"\n', "pattern"),
        ('[[release.version_files]]\npath = "x"\npattern = "version"\n', "needs one group"),
        ('[[release.version_files]]\npath = "x"\npattern = "(a)(b)"\n', "needs one group"),
        ('[[release.version_files]]\npath = "x"\npattern = "(a"\n', "no regular expression"),
        ('[[release.version_files]]\npath = "../x"\npattern = "(a)"\n', "inside the repository"),
    ],
)
def test_a_release_section_that_means_nothing_is_a_fault(tmp_path: Path, text: str, told: str) -> None:
    write_file(str(tmp_path), "config.toml", text)
    answer = run_tool("fairway-config", "validate", "--config", "config.toml", cwd=str(tmp_path))
    assert (answer.code, told in answer.out + answer.err) == (1, True), answer
