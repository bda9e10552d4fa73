"""Engines are in the tree: every checkout, clone and machine is answered as its own tree says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.paths import find_repository
from fairway_scripts.cutover.door.handover import read_engines
from fairway_scripts.cutover.door.lanes import lane_of_task
from tests.compat.older import RECORDER, Called, call, write
from tests.support.older_scripts import force_over
from tests.support.ready_made import ready_made
from tests.support.repositories import git
from tests.support.shell import HOME, Checkout, environment, make_checkout, queue_text, task

SCRIPT = "scripts/ops/agent_queue.sh"
LANES = ("A-backend", "B-ui")


@pytest.fixture
def host() -> Checkout:
    """A committed project in which the suite is installed beside an older script."""
    return ready_made(_host)


def _host(parent: str) -> Checkout:
    project = make_checkout(parent, queue_text(task("B-1"), task("A-1", "A-backend")), lanes=LANES, config=None)
    write(os.path.join(project.main, SCRIPT), RECORDER)
    publish(project)
    project.ok("compat-install")
    publish(project)
    return project


def publish(project: Checkout) -> None:
    git(project.main, "add", "--all")
    git(project.main, "commit", "--quiet", "--allow-empty", "-m", "more")
    for lane in project.lanes.values():
        git(lane, "merge", "--quiet", "--ff-only", "master")


def move(project: Checkout, lane: str, engine: str) -> None:
    if engine == "fairway":
        force_over(project, lane)
    else:
        project.ok("lane-engine", lane, engine, "try")
    publish(project)


def answered(where: str, *words: str, env: dict[str, str] | None = None) -> str:
    """Who answers a call of the older script in a checkout."""
    got: Called = call([os.path.join(where, SCRIPT), *words], where, env=env)
    return "legacy" if got.err.startswith(b"said by ") else f"fairway {got.code}"


def clone(project: Checkout) -> str:
    place = os.path.join(os.path.dirname(project.main), "elsewhere", "deep", "clone")
    git(os.path.dirname(project.main), "clone", "--quiet", project.main, place)
    return place


def test_a_clone_without_a_store_knows_the_lane_of_a_task_from_the_queue_file(host: Checkout) -> None:
    """Otherwise the older scripts would answer for a task that has moved, in silence; so with one defined just now."""
    move(host, "B-ui", "fairway")
    items = '- id: "B-9"  # new\n  depends_on:\n  - A-9\n  role: B-ui\n- role: A-backend\n  id: A-9\n'
    text = f"version: 1\ntasks:\n{items}"
    write(os.path.join(host.main, "doc/governance/Agent_Work_Queue.yaml"), text, 0o644)
    git(host.main, "add", "--all")
    git(host.main, "commit", "-qm", "tasks")
    for place in (clone(host), host.main):
        for task_id, side in (("B-9", "fairway"), ("A-9", "legacy"), ("X-9", "legacy")):
            got = answered(
                place, "set-status", "--task-id", task_id, "--status", "nonsense", env={"FAIRWAY_HOME": HOME}
            )
            assert got.split()[0] == side, (place, task_id)


SPELLED = (
    "- {id: B-9, role: B-ui}\n",
    "-   id: B-9\n    role: B-ui\n",
    '- "id": B-9\n  "role": B-ui\n',
    "-\n  id: B-9\n  role: B-ui\n",
    "- title: x\n  notes: |\n    text\n    - id: B-9\n    role: A-backend\n  id: B-9\n  role: B-ui\n",
)


def test_a_clone_reads_the_lane_of_a_task_however_the_queue_file_spells_it(host: Checkout) -> None:
    move(host, "B-ui", "fairway")
    place, env = clone(host), {"FAIRWAY_HOME": HOME}
    queue = os.path.join(place, "doc/governance/Agent_Work_Queue.yaml")

    def sides() -> list[str]:
        calls = [("set-status", "--task-id", name, "--status", "nonsense") for name in ("B-9", "X-9")]
        return [answered(place, *words, env=env).split()[0] for words in calls]

    for text in SPELLED:
        write(queue, f"version: 1\ntasks:\n{text}", 0o644)
        assert sides() == ["fairway", "legacy"], text
    os.unlink(queue)
    write(os.path.join(place, ".fairway/config.toml"), '[fairway]\nqueue_source = "json:q.json"\n', 0o644)
    write(os.path.join(place, "q.json"), '{"tasks": [{"id": "B-9", "role": "B-ui"}]}', 0o644)
    assert sides() == ["fairway", "legacy"]


@pytest.mark.parametrize(
    ("config", "queue", "word"),
    [
        (b'[fairway]\nqueue_source = "\xff"\n', b"", "invalid_config"),
        (b"fairway = 1\n", b"", "invalid_config"),
        (b'[fairway]\nqueue_source = "a\\u0000b"\n', b"", "file_unavailable"),
        (b"", b"tasks:\n- {id: B-9, role: [B-ui\n", "invalid_queue"),
    ],
)
def test_a_clone_takes_no_side_where_the_lane_of_a_task_cannot_be_read(
    tmp_path: Path, config: bytes, queue: bytes, word: str
) -> None:
    for name, text in ((".fairway/config.toml", config), ("doc/governance/Agent_Work_Queue.yaml", queue)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text)
    git(str(tmp_path), "init", "--quiet")
    repository = find_repository(str(tmp_path))
    assert repository is not None
    with pytest.raises(FairwayError) as refused:
        lane_of_task({}, "B-9", {}, repository)
    assert refused.value.word == word


def test_moving_a_lane_writes_it_into_the_tree_and_says_what_to_commit(host: Checkout) -> None:
    assert read_engines(host.main) == {"*": "legacy"}
    out = host.ok("lane-engine", "B-ui", "shadow", "a week").out
    assert f"next: git -C '{host.main}' commit -m 'B-ui: shadow' .fairway/engines.toml" in out.splitlines()
    assert f"then: git -C '{host.lanes['B-ui']}' merge --no-edit 'master'" in out.splitlines()
    assert read_engines(host.main) == {"*": "legacy", "B-ui": "shadow"}
    assert git(host.main, "status", "--porcelain") == " M .fairway/engines.toml"
    force_over(host, "ALL")
    assert read_engines(host.main) == {"*": "fairway"}
    git(host.main, "rm", "--quiet", "--cached", "--force", ".fairway/engines.toml")
    out = host.ok("lane-engine", "B-ui", "legacy", "back").out
    (line,) = [line for line in out.splitlines() if line.startswith("next: ")]
    assert line.startswith(f"next: git -C '{host.main}' add .fairway/engines.toml && git -C ")
    subprocess.run(["sh", "-c", line.removeprefix("next: ")], check=True, env=environment())
    assert git(host.main, "status", "--porcelain", ".fairway") == ""


def test_lanes_that_have_the_engine_already_are_told_so_with_nothing_to_commit(host: Checkout) -> None:
    """Also those that have it from the line for all lanes."""
    lines = host.ok("lane-engine", "ALL", "legacy", "to be sure").out.splitlines()
    assert {line.partition(": ")[2] for line in lines} == {"is legacy already"}
    assert git(host.main, "status", "--porcelain") == ""


@pytest.mark.parametrize("env", [{"FAIRWAY_HOME": HOME}, {"PATH": f"{HOME}/bin:{os.environ['PATH']}"}])
def test_a_fresh_clone_answers_as_its_own_tree_says(host: Checkout, env: dict[str, str]) -> None:
    move(host, "B-ui", "fairway")
    place = clone(host)
    assert answered(place, "ready", "--role", "A-backend", env=env) == "legacy"
    assert answered(place, "ready", "--role", "B-ui", env=env) == "fairway 0"
    move(host, "B-ui", "legacy")
    assert answered(place, "ready", "--role", "B-ui", env=env) == "fairway 0"
    git(place, "pull", "--quiet")
    assert answered(place, "ready", "--role", "B-ui", env=env) == "legacy"


def test_a_clone_reads_calls_by_the_table_of_its_own_tree(host: Checkout) -> None:
    text = f'[scripts."{SCRIPT}".give]\ntool = "queue-ready"\nmap = {{"--team" = "ROLE"}}\n'
    write(os.path.join(host.main, "compat/profile.toml"), text, 0o644)
    move(host, "B-ui", "fairway")
    place = clone(host)
    env = {"FAIRWAY_HOME": HOME}
    assert answered(place, "give", "--team", "A-backend", env=env) == "legacy"
    assert answered(place, "give", "--team", "B-ui", env=env) == "fairway 0"


def test_the_main_checkout_decides_for_its_lanes_and_a_lane_for_itself_where_that_says_nothing(host: Checkout) -> None:
    force_over(host, "B-ui")
    lane = host.lanes["A-backend"]
    assert answered(lane, "ready", "--role", "B-ui") == "fairway 0"
    publish(host)
    git(host.main, "switch", "--quiet", "--detach", "master~2")  # before the suite was installed
    os.unlink(os.path.join(host.main, ".git/fairway/front-door.json"))
    assert not os.path.exists(os.path.join(host.main, ".fairway/engines.toml"))
    env = {"FAIRWAY_HOME": HOME}
    assert answered(lane, "ready", "--role", "B-ui", env=env) == "fairway 0"
    assert answered(lane, "ready", "--role", "A-backend", env=env) == "legacy"


def test_the_store_follows_a_commit_that_was_pulled(host: Checkout) -> None:
    write(os.path.join(host.main, ".fairway/engines.toml"), 'default = "legacy"\n[lanes]\nB-ui = "shadow"\n', 0o644)
    (row,) = [row for row in host.ok("lane-engine", "--json").json["lanes"] if row["lane"] == "B-ui"]
    assert (row["engine"], row["reason"]) == ("shadow", "as .fairway/engines.toml says")
    host.ok("queue-verify")


@pytest.mark.parametrize(
    ("words", "code"), [(("compat-install",), 0), (("compat-uninstall",), 4), (("compat-uninstall", "--originals"), 4)]
)
def test_a_clone_without_a_store_is_installed_and_uninstalled_as_its_tree_says(
    host: Checkout, words: tuple[str, ...], code: int
) -> None:
    move(host, "B-ui", "fairway")
    place = clone(host)
    kept = read_engines(place)
    assert host.run(*words, cwd=place).code == code
    assert read_engines(place) == kept
    assert git(place, "status", "--porcelain") == ""


def test_what_the_file_says_by_now_decides_whether_originals_are_needed(host: Checkout) -> None:
    path = os.path.join(host.main, ".fairway/engines.toml")
    write(path, 'default = "fairway"\n', 0o644)
    assert host.run("compat-uninstall").word == "file_owned"
    write(path, 'default = "legacy"\n', 0o644)
    assert host.run("compat-uninstall", "--originals").word == "file_owned"
    host.ok("compat-uninstall", "--dry-run")


def test_where_nothing_was_there_before_everything_works_at_once(tmp_path: Path) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=[], config=None)
    project.ok("compat-install")
    assert read_engines(project.main) is None
    assert answered(project.main, "claim", "B-1", "--role", "B-ui", "--owner", "B") == "fairway 0"
    assert project.run("queue-doctor").code == 0


@pytest.mark.parametrize(
    ("text", "line"),
    [("default = legacy-ish\n", 1), ('[lanes]\nB-ui = "later"\n', 2), ('B-ui = "legacy"\n', 1), ("[lane]\n", 1)],
)
def test_a_file_that_is_not_understood_takes_no_side(host: Checkout, text: str, line: int) -> None:
    write(os.path.join(host.main, ".fairway/engines.toml"), text, 0o644)
    with pytest.raises(FairwayError, match=f"engines.toml:{line}: "):
        read_engines(host.main)
    got = call([os.path.join(host.main, SCRIPT), "ready"], host.main)
    assert (got.code, got.out) == (1, b"")
    assert got.err.startswith(b"error: invalid_config: ")


def test_comments_blanks_and_quotes_are_understood(tmp_path: Path) -> None:
    text = (
        '# why\ndefault="shadow" # all\n\n[lanes]\n# C-ops = "fairway"\n"A b" = \'legacy\'\n'
        '  #D="shadow" # x\nB-ui   =  "fairway"\n'
    )
    write(str(tmp_path / ".fairway" / "engines.toml"), text, 0o644)
    assert read_engines(str(tmp_path)) == {"*": "shadow", "A b": "legacy", "B-ui": "fairway"}


@pytest.mark.parametrize("lane", ["B#ui", "B=ui", 'B"ui', "B'ui", "'B'", "\u00fc", "default"])
def test_a_lane_of_any_name_is_read_back_as_it_was_written(host: Checkout, lane: str) -> None:
    with open(os.path.join(host.main, ".fairway/config.toml"), "a", encoding="utf-8") as file:
        file.write(f"\n[[roles]]\nname = {json.dumps(lane)}\n")
    host.ok("lane-engine", lane, "shadow", "go", env={"FAIRWAY_ENGINE": "fairway"})
    found = read_engines(host.main)
    assert found is not None
    assert found[lane] == "shadow"
    with open(os.path.join(host.main, ".fairway/engines.toml"), "rb") as toml:
        assert tomllib.load(toml)["lanes"][lane] == "shadow"


# --- a machine without the suite -----------------------------------------------------------------------------


def without_suite(project: Checkout) -> str:
    """A clone on a machine that has no suite: the path from there leads nowhere."""
    place = clone(project)
    assert not os.path.exists(os.path.join(place, git(place, "show", "HEAD:.fairway/home")))
    return place


@pytest.mark.parametrize("engine", ["legacy", "shadow"])
def test_without_the_suite_the_originals_answer_as_if_nobody_stood_in_between(host: Checkout, engine: str) -> None:
    move(host, "B-ui", engine)
    got = call([os.path.join(without_suite(host), SCRIPT), "claim", "x y"], "/", b"in", env={"EXIT": "7"})
    assert (got.code, got.out) == (7, b"claim\0x y\0in")
    assert got.err == b"said by agent_queue.sh FAIRWAY_LEGACY=1\n"


@pytest.mark.parametrize(
    ("words", "env", "side"),
    [
        (["ready", "--role", "A-backend"], {}, "legacy"),
        (["ready", "--role=A-backend"], {}, "legacy"),
        (["ready"], {"ROLE": "A-backend"}, "legacy"),
        (["ready", "--role", "B-ui"], {}, "fairway 2"),
        (["set-status", "--task-id", "B-1"], {}, "fairway 2"),
        (["record-review", "--task-id", "B-1", "--reviewer-role", "A-backend"], {}, "fairway 2"),
        (["record-review", "--task-id=B-1", "--as=A-backend"], {}, "fairway 2"),
        (["record-review", "--as=A-backend"], {"TASK_ID": "B-1"}, "fairway 2"),
        (["set-status", "B-1"], {"AGENT_ROLE": "A-backend"}, "fairway 2"),
        (["record-review", "--task-id", "A-1", "--reviewer-role", "A-backend"], {}, "legacy"),
    ],
)
def test_without_the_suite_what_has_moved_is_refused_and_what_has_not_goes_on(
    host: Checkout, words: list[str], env: dict[str, str], side: str
) -> None:
    move(host, "B-ui", "fairway")
    assert answered(without_suite(host), *words, env=env) == side


def test_without_the_suite_a_task_of_a_lane_that_moved_with_all_others_is_refused(host: Checkout) -> None:
    place = without_suite(host)
    write(os.path.join(place, ".fairway/engines.toml"), 'default = "fairway"\n[lanes]\nA-backend = "legacy"\n', 0o644)
    for task_id, side in (("A-1", "legacy"), ("B-1", "fairway 2")):
        assert answered(place, "set-status", task_id, env={"AGENT_ROLE": "A-backend"}) == side


WEB = 'default = "fairway"\n[lanes]\nweb = "legacy"\n'
HALF = 'default = "legacy"\n[lanes]\nA-backend = "fairway"\nA-infra = "legacy"\nB-ui = "fairway" # since May\n'
LATER = 'default = "fairway"\n[lanes]\nA-backend = "legacy" # fairway only after the release\n'


@pytest.mark.parametrize(
    ("engines", "words", "role", "side"),
    [
        (WEB, "claim --role web --task-id WEB-3", "", "legacy"),
        (WEB, "list --role=web --since 2026-11-01", "", "legacy"),
        (WEB, "list web --since 2026-11-01", "", "legacy"),
        (WEB, "set-status WEB-3", "web", "legacy"),
        (WEB, "set-status API-3", "web", "fairway 2"),
        (HALF, "claim --role A-infra --task-id A-3", "", "legacy"),
        (HALF, "set-status A-3", "A-infra", "legacy"),
        (HALF, "set-status B-3", "A-infra", "fairway 2"),
        (HALF, "ready --role A-backend", "A-infra", "fairway 2"),
        (LATER, "set-status A-3", "A-backend", "legacy"),
        (LATER, "set-status A-3", "", "fairway 2"),
        (LATER.replace("fairway", "legacy", 1), "set-status A-3", "", "legacy"),
    ],
)
def test_without_the_suite_a_lane_that_stays_old_is_answered(
    host: Checkout, engines: str, words: str, role: str, side: str
) -> None:
    place = without_suite(host)
    write(os.path.join(place, ".fairway/engines.toml"), engines, 0o644)
    assert answered(place, *words.split(), env={"AGENT_ROLE": role}) == side


def test_without_the_suite_the_branch_of_a_worktree_says_its_lane(host: Checkout) -> None:
    move(host, "B-ui", "fairway")
    place = without_suite(host)
    for branch, side in (("agent/A-backend", "legacy"), ("agent/B-ui", "fairway 2")):
        git(place, "switch", "--quiet", "--force-create", branch)
        assert answered(place, "set-status", "--task-id", "X-1") == side


@pytest.mark.parametrize("shell", ["dash", "bash", "busybox"])
def test_without_the_suite_any_shell_will_do(host: Checkout, shell: str) -> None:
    if shutil.which(shell) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{shell} is not installed")
    words = [shell, "sh"] if shell == "busybox" else [shell]
    move(host, "B-ui", "fairway")
    place = without_suite(host)
    got = call([*words, os.path.join(place, SCRIPT), "ready", "--role", "A-backend"], place)
    assert got.arguments == [b"ready", b"--role", b"A-backend"]
