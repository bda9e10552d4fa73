"""Which tool answers a host's target: the guesses, and what makes an answer impossible."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.commands.tool_names import catalogue
from fairway_scripts.rules.legacy_scripts import calls_in, finder, first_word, relative_script, tool_of_call
from fairway_scripts.rules.target_answers import ALIAS, SAME, UNKNOWN, answer_of

TOOLS = catalogue()


def ask(target: str, script: str, words: str = "", *, chosen: str = "", **more: Any) -> dict[str, Any]:
    """The answer to a target whose recipe is `script words`, a plain command with `{NAME}` for each value."""
    arguments = words.split()
    holes = [word.strip("{}") for text in arguments for word in [text.rpartition("=")[2]] if word.startswith("{")]
    call = {
        "target": target,
        "script": script,
        "subcommand": first_word(arguments, ()),
        "arguments": arguments,
        "environment": {},
        "text": f"{script} {words}",
        "holes": holes,
        "own": [],
        "others": {},
    }
    return answer_of({**call, **more}, TOOLS, chosen)


GUESSES: list[tuple[str, str, str, str, str, str]] = [
    ("queue-ready", "agent_queue.sh", "ready --role {ROLE}", SAME, "queue-ready", "name and script"),
    ("queue-ready", "agent_queue.sh", "queue_ready --role {ROLE}", SAME, "queue-ready", "name and script"),
    ("queue-ready", "", "", SAME, "queue-ready", "name"),
    ("show-me", "agent_queue.sh", "ready", ALIAS, "queue-ready", "script: agent_queue.sh ready"),
    ("queue-ready", "agent_queue.sh", "ready --role {LANE}", ALIAS, "queue-ready", "name and script"),
    ("agent-preflight", "agent_preflight.sh", "{ROLE}", SAME, "queue-preflight", "name and script"),
    ("agent-preflight", "agent_preflight.sh", "{LANE}", ALIAS, "queue-preflight", "name and script"),
    ("queue-git-check", "agent_queue_git_consistency.sh", "", SAME, "queue-git-check", "name and script"),
    (
        "packs",
        "workflow_regression_packs.sh",
        "show {PACK_ID}",
        ALIAS,
        "regression-packs",
        "script: workflow_regression_packs.sh show",
    ),
    ("queue-ready", "agent_queue.sh", "ready --json", ALIAS, "queue-ready", "name and script"),
]


@pytest.mark.parametrize(("target", "script", "words", "answer", "tool", "by"), GUESSES)
def test_a_target_is_answered_and_the_guess_says_where_it_comes_from(
    target: str, script: str, words: str, answer: str, tool: str, by: str
) -> None:
    found = ask(target, script, words)
    assert (found["answer"], found["tool"], found["by"], found["why"]) == (answer, tool, by, [])


UNKNOWNS: list[tuple[str, str, str, str]] = [
    ("queue-fly", "agent_queue.sh", "fly", "agent_queue.sh fly is not known"),
    ("queue-fly", "", "", "it calls none of the known scripts"),
    (
        "queue-ready",
        "agent_queue.sh",
        "list",
        "its name says queue-ready, its script (agent_queue.sh list) says queue-list",
    ),
    ("queue-ready", "agent_queue.sh", "ready --colour {C}", "--colour is no flag of queue-ready"),
    ("queue-ready", "agent_queue.sh", "ready {ROLE}", "the word {ROLE} has no place in queue-ready"),
    ("queue-claim", "agent_queue.sh", "claim --branch agent/{ROLE}", "the value of --branch is more than one variable"),
    ("queue-release", "agent_queue.sh", "release --reason a,b", "the fixed value of --reason cannot stand in a recipe"),
    ("queue-claim", "agent_queue.sh", "claim --owner {W} --role {W}", "W stands for both OWNER and ROLE"),
]


@pytest.mark.parametrize(("target", "script", "words", "why"), UNKNOWNS)
def test_without_one_sure_answer_there_is_none_and_it_says_why(target: str, script: str, words: str, why: str) -> None:
    found = ask(target, script, words)
    assert found["answer"] == UNKNOWN
    assert any(reason.startswith(why) for reason in found["why"]), found


def test_the_variables_decide_when_only_one_tool_takes_them() -> None:
    found = ask("give", "give.sh", "--task-id {T} --reviewer-role {A} --reviewer {B} --commit {C}")
    assert (found["tool"], found["variables"]["T"]) == ("queue-record-review", "TASK_ID")
    assert found["by"].startswith("variables: only queue-record-review takes ")


def test_variables_that_several_tools_take_decide_nothing() -> None:
    found = ask("give", "give.sh", "--task-id {T} --owner {A} --branch {B}")
    assert found["answer"] == UNKNOWN
    assert found["tool"] == ""


def test_the_profile_settles_what_two_guesses_leave_open() -> None:
    found = ask("queue-ready", "agent_queue.sh", "list --role {LANE}", chosen="queue-list")
    assert (found["answer"], found["tool"], found["variables"]) == (ALIAS, "queue-list", {"LANE": "ROLE"})


def test_what_is_lost_with_a_chosen_tool_is_still_said() -> None:
    found = ask("queue-release", "agent_queue.sh", "release --colour {C}", chosen="queue-release")
    assert (found["answer"], found["why"]) == (SAME, ["--colour is no flag of queue-release"])


def test_a_name_that_stands_in_for_another_means_the_same() -> None:
    found = ask(
        "queue-claim", "agent_queue.sh", "claim --task-id {TASK_ID}", holes=["TASK_ID", "ID"], others={"ID": "TASK_ID"}
    )
    assert found["variables"] == {"ID": "TASK_ID"}


def test_values_that_go_through_the_environment_are_mapped() -> None:
    found = ask("queue-claim", "agent_queue.sh", "claim", environment={"TASK_ID": "{T}", "TZ": "UTC"}, holes=["T"])
    assert (found["variables"], found["words"], found["why"]) == ({"T": "TASK_ID"}, [], [])


def test_in_a_recipe_of_several_commands_flags_still_say_what_a_name_means() -> None:
    text = 'if [ -z "{T}" ]; then exit 2; fi\nagent_queue.sh claim --task-id "{T}" --owner={WHO}'
    found = ask("queue-claim", "agent_queue.sh", "claim", arguments=None, text=text, holes=["T", "WHO", "X"])
    assert found["variables"] == {"T": "TASK_ID", "WHO": "OWNER"}
    assert found["why"] == ["X is no variable of queue-claim, and how it is passed cannot be told"]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("bash scripts/ops/agent_queue.sh --queue-file x claim", [("scripts/ops/agent_queue.sh", "claim")]),
        ('"{ROOT}/scripts/ops/agent_queue.sh" ready', [("{ROOT}/scripts/ops/agent_queue.sh", "ready")]),
        ("my_agent_queue.sh ready; agent_queue.shx; agent-agent_queue.sh", []),
        ("agent_queue.sh && agent_preflight.sh {ROLE}", [("agent_queue.sh", ""), ("agent_preflight.sh", "")]),
    ],
)
def test_calls_of_known_scripts_are_found_in_a_text(text: str, calls: list[tuple[str, str]]) -> None:
    assert calls_in(text, finder(TOOLS["scripts"])) == calls


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("./scripts/ops/agent_queue.sh", "scripts/ops/agent_queue.sh"),
        ("/repo/scripts/ops/agent_queue.sh", "scripts/ops/agent_queue.sh"),
        ("/scripts/ops/agent_queue.sh", "scripts/ops/agent_queue.sh"),
        ("{ROOT}/scripts/ops/agent_queue.sh", "scripts/ops/agent_queue.sh"),
        ("scripts/new/agent_queue.sh", "scripts/new/agent_queue.sh"),
        ("echo", ""),
        ("/bin/echo", ""),
        ("../agent_queue.sh", ""),
    ],
)
def test_a_script_is_named_from_the_top_of_the_repository(path: str, found: str) -> None:
    assert relative_script(path, "/repo", {"scripts/ops/agent_queue.sh", "echo/x"}, TOOLS["scripts"]) == found


def test_a_script_without_subcommands_takes_other_words() -> None:
    assert tool_of_call("setup_agent_lanes.sh", "all", TOOLS["scripts"]) == ["worktree-setup"]
    assert tool_of_call("agent_queue.sh", "", TOOLS["scripts"]) == []
    assert tool_of_call("unheard_of.sh", "x", TOOLS["scripts"]) == []
