"""The lists: of every lane as they are, of one, of several, or of the lane that one stands in."""

from __future__ import annotations

import pytest

from fairway_scripts.calls import options
from fairway_scripts.catalog import TOOLS
from tests.support.shell import Checkout, make_checkout, queue_text, task

LISTS = ["queue-ready", "queue-list", "queue-git-check"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    queue = queue_text(task("A-1", role="A-backend"), task("B-1"), task("B-2"))
    checkout = make_checkout(str(tmp_path_factory.mktemp("lists")), queue, lanes=["A-backend", "B-ui"])
    checkout.ok("queue-list")
    return checkout


def ids(project: Checkout, tool: str, *words: str, cwd: str = "", **env: str) -> list[str]:
    return project.ok(tool, *words, "--format=ids", cwd=cwd, env=env).out.split()


@pytest.mark.parametrize("tool", ["queue-ready", "queue-list"])
def test_a_bare_list_is_of_every_lane_wherever_it_is_asked_for(project: Checkout, tool: str) -> None:
    assert ids(project, tool, cwd=project.lanes["B-ui"], AGENT_ROLE="B-ui") == ["A-1", "B-1", "B-2"]


@pytest.mark.parametrize("tool", ["queue-ready", "queue-list"])
def test_mine_is_the_lane_of_the_worktree_or_of_agent_role(project: Checkout, tool: str) -> None:
    assert ids(project, tool, "--mine", cwd=project.lanes["B-ui"]) == ["B-1", "B-2"]
    assert ids(project, tool, "--mine", AGENT_ROLE="A-backend") == ["A-1"]
    assert project.make(tool, "MINE=1", "FORMAT=ids", cwd=project.lanes["B-ui"]).out.split() == ["B-1", "B-2"]
    assert ids(project, tool, "--mine=0", "--role=A-backend", cwd=project.lanes["B-ui"]) == ["A-1"]


@pytest.mark.parametrize("tool", LISTS)
def test_mine_is_refused_where_nothing_tells_and_beside_a_role(project: Checkout, tool: str) -> None:
    for words, said in ([["--mine"], "nothing tells which lane"], [["--mine", "--role=B-ui"], "ROLE and MINE"]):
        answer = project.run(tool, *words)
        assert (answer.code, answer.out) == (2, "")
        assert said in answer.err


def test_a_list_takes_several_lanes_and_statuses_with_commas(project: Checkout) -> None:
    assert ids(project, "queue-list", "--role=A-backend,B-ui", "--status=todo, done") == ["A-1", "B-1", "B-2"]
    assert ids(project, "queue-list", "--role=A-backend", "--status=done,todo") == ["A-1"]
    for words, said in (["--status=todo,dun"], "'dun' is none of"), (["--role=B-ui,Z"], "no lane 'Z'"):
        assert said in project.run("queue-list", *words).err


def test_the_task_page_of_a_finished_task_leads_to_the_list_of_its_lane(project: Checkout) -> None:
    project.ok("queue-set-status", "B-2", "--status=done", "--force", "--reason=x", "--owner=B")
    step = project.ok("queue-task-detail", "B-2", "--json", cwd=project.lanes["B-ui"]).json["next_step"]
    assert step["command"] == "make queue-ready ROLE=B-ui"
    assert project.ok("queue-task-detail", "B-2", "--json").json["next_step"] == {"why": "", "command": ""}


#: The tools that look where they are called when no lane is named.
STANDING = [
    "fairway-tui",
    "queue-claim",
    "queue-preflight",
    "queue-where",
    "session-launch",
    "session-upsert",
    "subagent-bridge",
]


@pytest.mark.parametrize("tool", sorted(name for name, tool in TOOLS.items() if "ROLE" in tool.variables))
def test_the_help_says_what_a_call_without_a_lane_means(tool: str) -> None:
    text = options.meaning(tool, "ROLE")[1]
    assert ("AGENT_ROLE" in text) == (tool in STANDING)
