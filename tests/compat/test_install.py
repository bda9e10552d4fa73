"""compat-install, compat-uninstall and parity-report status in repositories with older scripts of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fairway_scripts.cutover.door.handover import read_engines
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.scan.shim_hazards import moving_hazards
from tests.compat.older import RECORDER, call, status_of, tree_of, write
from tests.support.older_scripts import force_over
from tests.support.repositories import add_lane_worktrees, git
from tests.support.shell import BIN, HOME, Checkout, make_checkout, queue_text, task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.shell import Answer

HOST_MAKEFILE = """\
queue-claim queue-ready:
\t@scripts/ops/agent_queue.sh $@ --role "$(ROLE)"
build:
\t@echo built
X := 1
"""


@pytest.fixture
def host(tmp_path: object) -> Checkout:
    """A committed project with three older scripts, one of them not executable, and a Makefile."""
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=["B-ui"], config=None)
    write(os.path.join(project.main, "scripts/ops/agent_queue.sh"), RECORDER)
    write(os.path.join(project.main, "scripts/ops/setup_agent_lanes.sh"), RECORDER, 0o644)
    write(os.path.join(project.main, "scripts/ci/agent_queue_validate.sh"), RECORDER, 0o755)
    write(os.path.join(project.main, "scripts/ci/other.sh"), "#!/bin/sh\n")
    write(os.path.join(project.main, "Makefile"), HOST_MAKEFILE, 0o644)
    return commit(project)


def commit(project: Checkout) -> Checkout:
    git(project.main, "add", "--all")
    git(project.main, "commit", "--quiet", "-m", "more")
    return project


def install(host: Checkout, *words: str) -> Answer:
    return host.ok("compat-install", "--into", host.main, *words, cwd="/")


def engines_of(host: Checkout) -> dict[str, str] | None:
    return read_engines(host.main)


# --- installing ---------------------------------------------------------------------------------------------


def test_every_name_answers_afterwards_and_the_originals_do_the_work(host: Checkout) -> None:
    install(host)
    for script in SCRIPTS:
        assert os.access(os.path.join(host.main, script), os.X_OK), script
    got = call([os.path.join(host.main, "scripts/ops/agent_queue.sh"), "claim", "x y"], host.main, env={"EXIT": "7"})
    assert (got.code, got.arguments) == (7, [b"claim", b"x y"])
    assert call(["bash", "scripts/ops/setup_agent_lanes.sh", "a"], host.main).arguments == [b"a"]


def test_every_lane_is_on_its_originals_at_first(host: Checkout) -> None:
    assert "  engine legacy: every lane, as .fairway/engines.toml says" in install(host).out.splitlines()
    assert engines_of(host) == {"*": "legacy"}
    lanes = host.ok("lane-engine", "--json").json["lanes"]
    assert {row["engine"] for row in lanes} == {"legacy"}
    assert host.ok("queue-verify").out


def test_nothing_that_is_committed_holds_an_absolute_path(host: Checkout) -> None:
    install(host)
    place = os.path.join(host.main, ".fairway")
    for name in os.listdir(place):
        with open(os.path.join(place, name), encoding="utf-8") as file:
            text = file.read()
        assert not text.startswith("/"), name
        assert f'"{HOME}' not in text, name
        assert host.main not in text, name


def test_without_older_scripts_ours_answers_at_once(tmp_path: Path) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=[], config=None)
    answer = install(project)
    assert "  engine fairway: every lane (there are no older scripts here)" in answer.out.splitlines()
    assert not os.path.exists(os.path.join(project.main, "scripts/ops/legacy"))
    got = subprocess.run(
        [os.path.join(project.main, "scripts/ops/agent_queue.sh"), "ready"], cwd=project.main, capture_output=True
    )
    assert (got.returncode, got.stdout.startswith(b"B-1 ")) == (0, True), got
    assert install(project).out.startswith("nothing to change")
    found = project.run("queue-doctor", "--json").json["findings"]
    assert not [item for item in found if item["level"] == "error"]


def test_lanes_that_wait_for_older_scripts_which_are_not_there_are_an_error_of_the_set_up(tmp_path: Path) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")), lanes=[], config=None)
    install(project)
    project.ok("lane-engine", "--role", "B-ui", "--engine", "legacy", "--reason", "by mistake")
    (found,) = (
        item for item in project.run("queue-doctor", "--json").json["findings"] if item["key"] == "originals_missing"
    )
    assert (found["level"], "B-ui" in found["message"]) == ("error", True)
    assert found["fix"] == "make lane-engine ROLE=B-ui ENGINE=fairway FORCE=1 REASON='<reason>'"
    force_over(project, "B-ui", "there are none")
    assert "originals_missing" not in project.run("queue-doctor", "--json").out


def test_originals_are_moved_with_git_and_nothing_is_committed(host: Checkout) -> None:
    head = git(host.main, "rev-parse", "HEAD")
    install(host)
    assert git(host.main, "rev-parse", "HEAD") == head
    assert "R  scripts/ops/agent_queue.sh -> scripts/ops/legacy/agent_queue.sh" in status_of(host.main)
    assert os.stat(os.path.join(host.main, "scripts/ops/legacy/setup_agent_lanes.sh")).st_mode & 0o777 == 0o644


def test_every_change_is_named_and_so_is_the_commit(host: Checkout) -> None:
    lines = install(host).out.splitlines()
    assert lines[0] == f"installed into {host.main}:"
    assert "  move scripts/ops/agent_queue.sh -> scripts/ops/legacy/agent_queue.sh" in lines
    assert "  put a stand-in at scripts/ci/agent_queue_git_consistency.sh" in lines
    assert "  write .fairway/config.toml  (preset gpuaas)" in lines
    asked = [line.partition(": ")[2] for line in lines if line.startswith(("next: ", "then: "))]
    assert len(asked) == 1 + len(host.lanes)
    for line in asked:
        done = subprocess.run(line, shell=True, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert status_of(host.main) == ""
    assert {git(lane, "rev-parse", "HEAD") for lane in host.lanes.values()} == {git(host.main, "rev-parse", "HEAD")}


def test_a_dry_run_says_the_same_and_changes_nothing(host: Checkout) -> None:
    before = tree_of(host.main)
    would = install(host, "--dry-run").out.splitlines()[1:]
    assert tree_of(host.main) == before
    assert not os.path.exists(host.store)
    assert install(host).out.splitlines()[1 : len(would) + 1] == would


@pytest.mark.parametrize("committed", [False, True])
def test_a_second_run_changes_nothing(host: Checkout, committed: bool) -> None:
    install(host)
    if committed:
        commit(host)
    before = tree_of(host.main)
    assert install(host).out == f"nothing to change in {host.main}\n"
    assert tree_of(host.main) == before


def test_an_engine_that_was_chosen_stays(host: Checkout) -> None:
    install(host)
    commit(host)
    os.unlink(os.path.join(host.main, "scripts/ops/agent_queue.sh"))
    commit(host)
    before = engines_of(host)
    assert "put a stand-in at scripts/ops/agent_queue.sh" in install(host).out
    assert engines_of(host) == before


def test_a_configuration_that_is_there_is_left_alone(host: Checkout) -> None:
    host.ok("fairway-init")
    commit(host)
    before = tree_of(host.main)[".fairway/config.toml"]
    assert "config.toml" not in install(host).out
    assert tree_of(host.main)[".fairway/config.toml"] == before


def test_the_tools_work_from_a_lane_before_and_after_it_is_merged(host: Checkout) -> None:
    install(host)
    commit(host)
    lane = host.lanes["B-ui"]
    script = os.path.join(lane, "scripts/ops/agent_queue.sh")
    assert host.run("queue-claim", "B-1", "--owner", "B", cwd=lane).out.startswith("claim\0--owner")
    git(lane, "merge", "--quiet", "master")
    assert call([script, "ready"], lane).arguments == [b"ready"]


def test_it_can_be_called_from_the_repository_itself(host: Checkout) -> None:
    assert host.ok("compat-install", "--json").json["root"] == host.main


# --- what it refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "said"),
    [("README.md", "README.md"), ("scripts/ops/new.sh", "scripts/ops/new.sh"), (".fairway/notes", ".fairway/notes")],
)
def test_a_tree_that_is_not_clean_is_refused(host: Checkout, path: str, said: str) -> None:
    write(os.path.join(host.main, path), "changed\n", 0o644)
    before = tree_of(host.main)
    refused = host.run("compat-install")
    assert (refused.code, refused.word) == (1, "git_inconsistent")
    assert said in refused.err
    assert tree_of(host.main) == before


def test_untracked_files_elsewhere_do_not_matter(host: Checkout) -> None:
    write(os.path.join(host.main, "notes.txt"), "x", 0o644)
    install(host)


CLIMBING = {
    "sh": 'ROOT="$(cd "$(dirname "$0")/../.." && pwd)"',
    "bash": 'DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\nROOT="$DIR/../.."',
    "dirname of dirname": 'HERE=$(dirname "$0")\nROOT=$(dirname "$HERE")',
    "nested": 'ROOT=$(dirname "$(dirname "$0")")',
    "cut": "here=${0%/*}\nroot=${here%/*/*}/x/..",
    "ruby": 'ROOT = File.expand_path("../..", __dir__)',
    "ruby join": 'HERE = File.dirname(__FILE__)\nROOT = File.join(HERE, "..", "..")',
    "ruby dirname": "ROOT = File.dirname(__FILE__, 3)",
    "python": 'ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")',
    "python dirname": "HERE = os.path.dirname(__file__)\nROOT = os.path.dirname(HERE)",
    "python parents": "ROOT = Path(__file__).resolve().parents[2]",
    "python parent": "HERE = Path(__file__).parent\nROOT = HERE.parent",
    "python argument": "here = Path(sys.argv[0]).resolve()\nROOT = here.parent.parent",
}
STAYING = {
    "git": 'ROOT="$(git rev-parse --show-toplevel)"',
    "own folder": 'DIR="$(cd "$(dirname "$0")" && pwd)"\n. "$DIR/agent_role_config.sh"',
    "python folder": "HERE = Path(__file__).resolve().parent\nprint(HERE / 'x')",
    "python usage": "sys.exit(f'usage: {sys.argv[0]} TASK')",
    "usage": 'echo "usage: $0 [--flag]... [NAME]"',
    "two uses": 'a="$(dirname "$0")/x"; b="$(dirname "$0")/y"',
    "ruby": "require_relative 'x'\nrun if __FILE__ == $PROGRAM_NAME",
    "comment": '# $(dirname "$0")/../..',
    "other place": "cd ../..",
    "cut at a name": "here=${0%/*}\nroot=${here%/scripts/*}",
}


@pytest.mark.parametrize("text", CLIMBING.values(), ids=CLIMBING)
def test_finding_the_root_from_the_own_place_is_noticed(text: str) -> None:
    assert [hazard["kind"] for hazard in moving_hazards(text, ())] == ["climbs"]
    assert moving_hazards(text, ())[0]["line"] == len(text.splitlines())


@pytest.mark.parametrize("text", STAYING.values(), ids=STAYING)
def test_what_works_in_any_folder_is_no_hazard(text: str) -> None:
    assert moving_hazards(text, ()) == []


CLIMBING = '#!/bin/sh\ncd "$(dirname "$0")/../.." && ls Makefile\n'


def test_a_script_that_climbs_stays_as_deep_as_it_is(host: Checkout) -> None:
    write(os.path.join(host.main, "scripts/ops/agent_queue.sh"), CLIMBING)
    commit(host)
    assert "  move scripts/ops/agent_queue.sh -> scripts/ops-legacy/agent_queue.sh" in install(host).out.splitlines()
    script = os.path.join(host.main, "scripts/ops/agent_queue.sh")
    assert call([script], "/").out == b"Makefile\n"
    assert call([script], "/", env={"FAIRWAY_LEGACY": "1"}).out == b"Makefile\n"
    assert host.run("queue-claim").out == "Makefile\n"


@pytest.mark.parametrize("line", [". scripts/ops/agent_queue.sh", 'source "$ROOT/scripts/ops/agent_queue.sh"'])
def test_a_script_that_another_one_sources_is_left_alone_and_told(host: Checkout, line: str) -> None:
    write(os.path.join(host.main, "tools/deploy.sh"), f"#!/bin/bash\nROOT=.\n{line}\n")
    commit(host)
    told = install(host).out.splitlines()
    assert "  leave scripts/ops/agent_queue.sh alone: tools/deploy.sh:3 sources it" in told
    assert tree_of(host.main)["scripts/ops/agent_queue.sh"] == (0o755, RECORDER.encode())


def test_what_a_script_requires_and_what_that_requires_goes_along(host: Checkout) -> None:
    write(os.path.join(host.main, "scripts/ops/agent_queue_store.rb"), 'require_relative "one"\nputs ONE\n', 0o644)
    write(os.path.join(host.main, "scripts/ops/one.rb"), 'require_relative("two.rb")\nONE = TWO\n', 0o644)
    write(os.path.join(host.main, "scripts/ops/two.rb"), "TWO = 2\n", 0o644)
    commit(host)
    told = install(host).out
    assert "copy scripts/ops/one.rb -> scripts/ops/legacy/one.rb" in told
    assert "copy scripts/ops/two.rb -> scripts/ops/legacy/two.rb" in told


def test_a_script_of_the_team_s_own_that_the_profile_gives_a_tool_gets_a_stand_in(host: Checkout) -> None:
    write(os.path.join(host.main, "tools/q"), RECORDER)
    text = '[scripts."tools/q".take]\ntool = "queue-claim"\npositional = ["TASK_ID"]\n'
    write(os.path.join(host.main, "compat/profile.toml"), text + 'env = {WHO = "OWNER", LANE = "ROLE"}\n', 0o644)
    commit(host)
    install(host)
    script = os.path.join(host.main, "tools/q")
    assert call([script, "take", "B-1"], host.main).arguments == [b"take", b"B-1"]
    force_over(host, "ALL")
    got = call([script, "take", "B-1"], host.main, env={"WHO": "B", "LANE": "A-backend"})
    assert (got.code, got.err.split(b": ")[1]) == (4, b"wrong_lane"), got


PYTHON_DESK = """#!/usr/bin/env python3
import q_words, sys
from pathlib import Path
from q_other import OTHER
print(q_words.WORD, OTHER, (Path(__file__).resolve().parents[2] / "scripts").is_dir(), *sys.argv[1:])
"""


def add_python_desk(host: Checkout) -> str:
    """Give the host a script in Python with two modules beside it, for which its profile has a tool; its path."""
    write(os.path.join(host.main, "scripts/ops/desk.py"), PYTHON_DESK)
    write(os.path.join(host.main, "scripts/ops/q_words.py"), "WORD = 'word'\n", 0o644)
    write(os.path.join(host.main, "scripts/ops/q_other.py"), "OTHER = 'other'\n", 0o644)
    text = '[scripts."scripts/ops/desk.py".sign]\ntool = "queue-record-review"\npositional = ["TASK_ID"]\n'
    write(os.path.join(host.main, "compat/profile.toml"), text, 0o644)
    return os.path.join(host.main, "scripts/ops/desk.py")


def test_a_script_in_python_answers_as_before_however_it_is_called(host: Checkout) -> None:
    script = add_python_desk(host)
    commit(host)
    ways = ([script], [sys.executable, script], [sys.executable, "-u", script])
    quiet = {"PYTHONDONTWRITEBYTECODE": "1"}
    before = [call([*way, "sign", "B-1"], host.main, env=quiet) for way in ways]
    assert before[0].out == b"word other True sign B-1\n"
    tree = tree_of(host.main)
    assert "move scripts/ops/desk.py -> scripts/ops-legacy/desk.py" in install(host).out
    assert [call([*way, "sign", "B-1"], host.main, env=quiet) for way in ways] == before
    host.ok("compat-uninstall")
    assert tree_of(host.main) == tree


@pytest.mark.parametrize("line", ["import os, desk", "from desk import sign", "    from scripts.ops.desk import sign"])
def test_a_script_that_is_imported_is_left_alone_and_told(host: Checkout, line: str) -> None:
    add_python_desk(host)
    write(os.path.join(host.main, "tools/deploy.py"), f"import sys\n{line}\n", 0o644)
    commit(host)
    assert "  leave scripts/ops/desk.py alone: tools/deploy.py:2 sources it" in install(host).out.splitlines()


def test_a_file_that_an_original_uses_from_beside_it_goes_along(host: Checkout) -> None:
    text = '#!/bin/sh\n. "$(dirname "$0")/shared.sh"\n. "$(dirname "$0")/agent_role_config.sh"\necho "$A $B"\n'
    write(os.path.join(host.main, "scripts/ops/agent_queue.sh"), text)
    write(os.path.join(host.main, "scripts/ops/shared.sh"), "A=a\n", 0o644)
    write(os.path.join(host.main, "scripts/ops/agent_role_config.sh"), "B=b\n", 0o644)
    commit(host)
    before = tree_of(host.main)
    install(host)
    assert call([os.path.join(host.main, "scripts/ops/agent_queue.sh")], "/").out == b"a b\n"
    host.ok("compat-uninstall")
    assert tree_of(host.main) == before


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (["--keep", "nothing.sh"], "not_found"),
        (["--into", "/"], "git_unavailable"),
    ],
)
def test_bad_words_are_refused(host: Checkout, words: list[str], word: str) -> None:
    before = tree_of(host.main)
    assert host.run("compat-install", *words).word == word
    assert tree_of(host.main) == before


def test_a_lane_is_no_place_to_install_in(host: Checkout) -> None:
    refused = host.run("compat-install", cwd=host.lanes["B-ui"])
    assert (refused.word, refused.code) == ("usage", 2)
    assert refused.err.splitlines()[-1].endswith(f"/compat-install --into {host.main}")
    again = host.run("compat-install", "--keep", "agent_queue.sh", "--dry-run", cwd=host.lanes["B-ui"])
    assert again.err.splitlines()[-1].endswith(f" --dry-run --keep agent_queue.sh --into {host.main}")


def test_a_name_that_is_taken_in_the_folder_of_originals_is_refused(host: Checkout) -> None:
    write(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"), "older still\n")
    commit(host)
    assert host.run("compat-install").word == "already_exists"


# --- taking it out -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [RECORDER, CLIMBING])
@pytest.mark.parametrize("committed", [False, True])
def test_uninstalling_gives_the_repository_back_byte_for_byte(host: Checkout, text: str, committed: bool) -> None:
    write(os.path.join(host.main, "scripts/ops/agent_preflight.sh"), text)
    commit(host)
    before = tree_of(host.main)
    head = git(host.main, "rev-parse", "HEAD^{tree}")
    install(host)
    if committed:
        commit(host)
    host.ok("compat-uninstall", "--into", host.main, cwd="/")
    assert tree_of(host.main) == before
    git(host.main, "add", "--all")
    assert git(host.main, "write-tree") == head
    if not committed:
        assert status_of(host.main) == ""


PARTS = '"folder": "legacy", "kept": [], "copies": {}, "created": {}'


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{}",
        '{"files": []}',
        "{",
        '{"files": {}}',
        f'{{"files": {{"a": 1}}, {PARTS}}}',
        f'{{"files": 1, {PARTS}}}',
    ],
)
def test_a_note_of_another_shape_is_named(host: Checkout, text: str) -> None:
    write(os.path.join(host.main, ".fairway/compat.json"), text, 0o644)
    for tool in ("compat-install", "compat-uninstall"):
        assert host.run(tool).word == "file_unavailable", tool


def test_uninstalling_without_an_installation_does_nothing(host: Checkout) -> None:
    before = tree_of(host.main)
    assert host.ok("compat-uninstall").out == f"nothing to remove in {host.main}\n"
    assert tree_of(host.main) == before


def test_a_dry_run_of_uninstalling_changes_nothing(host: Checkout) -> None:
    install(host)
    before = tree_of(host.main)
    assert "move scripts/ops/legacy/agent_queue.sh" in host.ok("compat-uninstall", "--dry-run").out
    assert tree_of(host.main) == before


def test_a_configuration_that_was_edited_since_stays_and_is_named(host: Checkout) -> None:
    install(host)
    with open(os.path.join(host.main, ".fairway/config.toml"), "a", encoding="utf-8") as file:
        file.write("# ours\n")
    assert "left as it is, changed since: .fairway/config.toml" in host.ok("compat-uninstall").out
    assert ".fairway/config.toml" in tree_of(host.main)


def test_a_stand_in_that_was_edited_is_not_thrown_away_unasked(host: Checkout) -> None:
    before = tree_of(host.main)
    install(host)
    write(os.path.join(host.main, "scripts/ops/agent_preflight.sh"), "#!/bin/sh\necho mine\n")
    kept = tree_of(host.main)
    refused = host.run("compat-uninstall")
    assert refused.word == "file_owned"
    assert "agent_preflight.sh" in refused.err
    assert tree_of(host.main) == kept
    assert host.run("compat-uninstall", "--force").word == "reason_required"
    host.ok("compat-uninstall", "--force", "--reason", "not needed")
    assert tree_of(host.main) == before


def test_an_installation_that_was_cut_short_can_be_taken_back(host: Checkout) -> None:
    before = tree_of(host.main)
    install(host)
    for script in ("scripts/ops/agent_queue.sh", "scripts/ci/agent_queue_git_consistency.sh", ".fairway/home"):
        os.unlink(os.path.join(host.main, script))
    git(host.main, "mv", "scripts/ci/legacy/agent_queue_validate.sh", "scripts/ci/agent_queue_validate.sh", "--force")
    host.ok("compat-uninstall")
    assert tree_of(host.main) == before
    assert status_of(host.main) == ""


def test_the_mode_of_an_original_outlives_a_new_checkout(host: Checkout) -> None:
    os.chmod(os.path.join(host.main, "scripts/ops/agent_queue.sh"), 0o700)
    before = tree_of(host.main)
    install(host)
    commit(host)
    os.unlink(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"))
    git(host.main, "checkout", "--", "scripts")
    host.ok("compat-uninstall")
    assert tree_of(host.main) == before


def test_scripts_that_git_ignores_are_moved_and_given_back(host: Checkout) -> None:
    write(os.path.join(host.main, ".gitignore"), "scripts/ops/orchestrate_agents.sh\n", 0o644)
    commit(host)
    write(os.path.join(host.main, "scripts/ops/orchestrate_agents.sh"), RECORDER, 0o700)
    before = tree_of(host.main)
    install(host)
    assert call([os.path.join(host.main, "scripts/ops/orchestrate_agents.sh"), "tick"], "/").arguments == [b"tick"]
    host.ok("compat-uninstall")
    assert tree_of(host.main) == before


def test_nothing_is_taken_out_under_a_lane_that_was_moved(host: Checkout) -> None:
    install(host)
    force_over(host, "B-ui")
    refused = host.run("compat-uninstall")
    assert refused.word == "file_owned"
    assert "B-ui" in refused.err
    force_over(host, "A-backend")
    assert "ROLE=ALL ENGINE=legacy" in host.run("compat-uninstall").err


def test_originals_go_when_no_lane_needs_them(host: Checkout) -> None:
    install(host)
    commit(host)
    assert host.run("compat-uninstall", "--originals").word == "file_owned"
    force_over(host, "ALL")
    assert "remove scripts/ops/legacy/agent_queue.sh" in host.ok("compat-uninstall", "--originals").out
    assert not os.path.exists(os.path.join(host.main, "scripts/ops/legacy"))
    assert call([os.path.join(host.main, "scripts/ops/agent_queue.sh"), "ready"], host.main).out.startswith(b"B-1 ")


# --- looking at it ---------------------------------------------------------------------------------------------


def test_the_status_tells_what_stands_under_each_name(host: Checkout) -> None:
    states = {row["script"]: row for row in host.ok("parity-report", "status", "--json").json["scripts"]}
    assert states["scripts/ops/agent_queue.sh"]["state"] == "original"
    assert states["scripts/ops/agent_preflight.sh"] == {
        "script": "scripts/ops/agent_preflight.sh",
        "state": "missing",
        "original": "",
    }
    install(host, "--keep", "agent_queue_validate.sh")
    write(os.path.join(host.main, "scripts/ops/agent_preflight.sh"), "#!/bin/sh\n")
    os.unlink(os.path.join(host.main, "scripts/ops/agent_watch_task.sh"))
    states = {row["script"]: row for row in host.ok("parity-report", "status", "--json").json["scripts"]}
    assert states["scripts/ops/agent_queue.sh"]["state"] == "installed"
    assert states["scripts/ops/agent_queue.sh"]["original"] == "scripts/ops/legacy/agent_queue.sh"
    assert states["scripts/ops/agent_preflight.sh"]["state"] == "modified"
    assert states["scripts/ops/agent_watch_task.sh"]["state"] == "missing"
    assert states["scripts/ci/agent_queue_validate.sh"]["state"] == "kept"
    assert set(SCRIPTS) == set(states)


def test_the_status_is_a_table_of_all_names(host: Checkout) -> None:
    lines = host.ok("parity-report", "status").out.splitlines()
    assert len(lines) == len(SCRIPTS)
    assert lines[2].split() == ["scripts/ops/agent_queue.sh", "original", "scripts/ops/agent_queue.sh"]


def test_every_tool_is_where_the_bin_says() -> None:
    assert all(os.access(os.path.join(BIN, f"compat-{name}"), os.X_OK) for name in ("install", "uninstall", "call"))


def test_a_lane_made_later_has_the_stand_ins(host: Checkout) -> None:
    install(host)
    commit(host)
    lane = add_lane_worktrees(host.main, ["A-backend"])["A-backend"]
    assert call([os.path.join(lane, "scripts/ops/agent_queue.sh"), "x"], lane).arguments == [b"x"]


def test_a_lane_that_has_not_got_the_stand_ins_yet_is_named_when_it_moves(host: Checkout) -> None:
    git(host.lanes["B-ui"], "merge", "--quiet", "--ff-only", "master")
    install(host)
    commit(host)
    there = "gpuas-B-ui still holds 3 of the originals"
    assert there not in host.ok("lane-engine", "B-ui", "legacy", "nothing new").err
    assert there in host.ok("lane-engine", "B-ui", "shadow", "first try").err
    git(host.lanes["B-ui"], "merge", "--quiet", "--ff-only", "master")
    assert "originals" not in force_over(host, "B-ui").err
