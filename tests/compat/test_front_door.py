"""Which side answers a call, under the older names and under the suite's own."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairway_scripts.base import paths
from fairway_scripts.catalog import TOOLS
from fairway_scripts.cutover.door import handover, script_door
from fairway_scripts.cutover.door.originals import call_original
from fairway_scripts.cutover.door.published_calls import ORIGINALS, SCRIPTS
from fairway_scripts.cutover.door.tool_door import OWN_ARGUMENTS
from fairway_scripts.programs.legacy_command import delivery_lock
from tests.compat.older import RECORDER, Called, call, make_host, put_shims, set_engines, write
from tests.support.old_database import OldDatabase
from tests.support.payloads import PAYLOADS
from tests.support.rings import length, some
from tests.support.shell import BIN, HOME, Checkout, environment, start_tool
from tests.support.stored import state

MIXED = {"*": "legacy", "A-backend": "legacy", "B-ui": "fairway"}
#: Values that can be kept as text.
HOSTILE = [
    text.encode() for name, text in PAYLOADS.items() if isinstance(text, str) and text.strip() and "kB" not in name
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    project = make_host(tmp_path_factory.mktemp("template"))
    project.ok("queue-import")
    return project


@pytest.fixture
def host(template: Checkout) -> Iterator[Checkout]:
    """The project of all these tests, given back as it was found."""
    kept = f"{template.main}.kept"
    copies = [(path, f"{path}.kept") for path in (template.main, *template.lanes.values())]
    if not os.path.isdir(kept):
        for path, copy in copies:
            shutil.copytree(path, copy, symlinks=True)
    yield template
    for path, copy in copies:
        shutil.rmtree(path)
        shutil.copytree(copy, path, symlinks=True)


def old(
    host: Checkout, script: str, *words: str | bytes, env: dict[str, str] | None = None, feed: bytes = b""
) -> Called:
    """Call a stand-in."""
    return call([os.path.join(host.main, "scripts", script), *words], host.main, feed, env)


def direct(host: Checkout, tool: str, *words: str | bytes, env: dict[str, str] | None = None, cwd: str = "") -> Called:
    """Call a tool of the suite by its own name."""
    return call([os.path.join(BIN, tool), *words], cwd or host.main, b"", env)


def answered_by(got: Called) -> str:
    return "legacy" if b"FAIRWAY_LEGACY=1" in got.err else "fairway"


def calls_of(host: Checkout) -> list[str]:
    """The folders of shadowed calls, oldest first."""
    folder = os.path.join(host.main, ".git/fairway/shadow")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return [os.path.join(folder, name) for name in names if os.path.isfile(os.path.join(folder, name, "call.json"))]


def read_json(*parts: str) -> Any:
    with open(os.path.join(*parts), encoding="utf-8") as file:
        return json.load(file)


# --- whose call it is ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("engines", "role", "task_lane", "engine"),
    [
        ({}, "B-ui", "", "fairway"),
        ({"*": "legacy"}, "B-ui", "", "legacy"),
        ({"*": "legacy", "B-ui": "shadow"}, "B-ui", "", "shadow"),
        ({"*": "legacy", "B-ui": "shadow"}, "A-backend", "B-ui", "legacy"),
        ({"*": "legacy", "B-ui": "shadow"}, "", "B-ui", "shadow"),
        ({"*": "legacy", "B-ui": "shadow"}, "", "*", "legacy"),
        ({"*": "legacy", "B-ui": "shadow"}, "", "", "shadow"),
        ({"*": "legacy", "B-ui": "shadow", "A-backend": "fairway"}, "", "", "fairway"),
        ({"B-ui": "legacy"}, "C-ops", "", "fairway"),
    ],
)
def test_the_engine_of_a_call(engines: dict[str, str], role: str, task_lane: str, engine: str) -> None:
    assert handover.engine_of_call({"engines": engines}, role, lambda: task_lane) == engine


def test_the_lane_of_a_task_is_not_looked_up_while_all_lanes_are_on_one_engine() -> None:
    def never() -> str:
        raise AssertionError

    assert handover.engine_of_call({"engines": {"*": "legacy", "B-ui": "legacy"}}, "", never) == "legacy"


@pytest.mark.parametrize(
    ("words", "side"),
    [
        (["claim", "--role", "B-ui"], "fairway"),
        (["claim", "--role=A-backend"], "legacy"),
        (["claim", "ROLE=A-backend"], "legacy"),
        (["--queue-file", "doc/governance/Agent_Work_Queue.yaml", "claim", "--role", "A-backend"], "legacy"),
        (["claim", "--ROLE", "A-backend"], "legacy"),
        (["set-status", "--task-id", "A-1", "--status", "blocked"], "legacy"),
        (["set_status", "--task_id=A-1", "--status", "blocked"], "legacy"),
        (["set-status", "--task", "B-1", "--status", "blocked", "--reason", "x"], "fairway"),
        (["task-detail", "A-1"], "legacy"),
        (["task-detail", "B-1"], "fairway"),
        (["record-review", "--task-id", "A-1", "--reviewer-role", "B-ui"], "legacy"),
        (["set-status", "--task-id", "NEW-1", "--status", "done"], "legacy"),
        (["ready"], "fairway"),
        (["a-word-of-the-team"], "legacy"),
    ],
)
def test_an_older_name_goes_by_its_role_then_by_its_task(host: Checkout, words: list[str], side: str) -> None:
    set_engines(host.main, MIXED)
    assert answered_by(old(host, "ops/agent_queue.sh", *words)) == side


@pytest.mark.parametrize(
    ("words", "side"),
    [
        (["queue-claim", "--role", "A-backend", "--owner", "A"], "legacy"),
        (["queue-claim", "--role", "B-ui", "--owner", "B"], "fairway"),
        (["queue-task-detail", "A-1"], "legacy"),
        (["queue-task-detail", "B-1"], "fairway"),
        (["queue-ready"], "fairway"),
        (["queue-preflight", "A-backend"], "legacy"),
        (["queue-where"], "fairway"),
    ],
)
def test_a_tool_goes_the_same_way(host: Checkout, words: list[str], side: str) -> None:
    set_engines(host.main, MIXED)
    assert answered_by(direct(host, *words)) == side


def test_a_word_of_the_team_reaches_the_original_as_long_as_one_lane_has_it(host: Checkout) -> None:
    set_engines(host.main, {"*": "fairway", "A-backend": "legacy"})
    assert answered_by(old(host, "ops/agent_queue.sh", "a-word-of-the-team")) == "legacy"
    set_engines(host.main, {"*": "fairway"})
    assert answered_by(old(host, "ops/agent_queue.sh", "a-word-of-the-team")) == "fairway"


@pytest.mark.parametrize("words", [["grab", "-r", "B-ui"], ["grab", "-rB-ui"], ["grab", "B-1"], ["grab", "--job=B-1"]])
def test_a_word_of_the_team_about_a_lane_that_has_moved_does_not_reach_its_script(
    host: Checkout, words: list[str]
) -> None:
    """Whatever stands before the lane or the task: the older side would note there what nobody reads any more."""
    set_engines(host.main, MIXED)
    got = old(host, "ops/agent_queue.sh", *words)
    assert (got.code, got.out, b"'grab' is no subcommand" in got.err) == (2, b"", True)
    theirs = [word.replace("B-ui", "A-backend").replace("B-1", "A-1") for word in words]
    assert answered_by(old(host, "ops/agent_queue.sh", *theirs)) == "legacy"


@pytest.mark.parametrize(("lane", "side"), [("A-backend", "legacy"), ("B-ui", "fairway")])
def test_a_word_of_the_team_in_a_lane_is_a_call_of_that_lane(host: Checkout, lane: str, side: str) -> None:
    set_engines(host.main, MIXED)
    put_shims(host.lanes[lane])
    script = os.path.join(host.lanes[lane], "scripts/ops/agent_queue.sh")
    assert answered_by(call([script, "grab"], host.lanes[lane])) == side


def test_a_claim_in_a_lane_is_a_call_of_that_lane(host: Checkout) -> None:
    set_engines(host.main, MIXED)
    assert answered_by(direct(host, "queue-claim", "--owner", "A", cwd=host.lanes["A-backend"])) == "legacy"
    assert answered_by(direct(host, "queue-claim", "--owner", "B", cwd=host.lanes["B-ui"])) == "fairway"


def test_without_a_cut_over_every_call_is_ours(host: Checkout) -> None:
    assert old(host, "ops/agent_queue.sh", "ready").out == host.ok("queue-ready").out.encode()


@pytest.mark.parametrize("tool", ["queue-ready", "queue-validate", "context-packet"])
def test_the_hatch_works_for_tools_too(host: Checkout, tool: str) -> None:
    assert answered_by(direct(host, tool, env={"FAIRWAY_LEGACY": "1"})) == "legacy"


def test_fairway_engine_in_the_environment_keeps_a_call_here(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    assert answered_by(direct(host, "queue-ready", env={"FAIRWAY_ENGINE": "fairway"})) == "fairway"
    assert answered_by(old(host, "ops/agent_queue.sh", "ready", env={"FAIRWAY_ENGINE": "fairway"})) == "fairway"


def test_help_is_always_ours(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    assert direct(host, "queue-claim", "--help").out.startswith(b"usage: queue-claim")


@pytest.mark.parametrize("text", ["{", "[]", "null"])
def test_a_front_door_that_cannot_be_read_takes_no_side(host: Checkout, text: str) -> None:
    write(os.path.join(host.main, ".git/fairway/front-door.json"), text, 0o644)
    for got in (old(host, "ops/agent_queue.sh", "claim"), direct(host, "queue-claim")):
        assert (got.code, got.out) == (2, b"")
        assert got.err.startswith(b"error: file_unavailable: ")


@pytest.mark.parametrize("way", ["shim", "tool"])
def test_a_lost_original_is_a_refusal(host: Checkout, way: str) -> None:
    set_engines(host.main, {"*": "legacy"})
    os.unlink(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"))
    got = old(host, "ops/agent_queue.sh", "claim") if way == "shim" else direct(host, "queue-claim", "--role", "B-ui")
    assert (got.code, got.out) == (2, b"")
    assert got.err.startswith(b"error: missing_dependency: ")
    assert b"scripts/ops/agent_queue.sh, which is not there" in got.err


def test_a_lane_that_the_stand_ins_have_not_reached_uses_its_own_script(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    lane = host.lanes["B-ui"]
    write(os.path.join(lane, "scripts/ops/agent_queue.sh"), "#!/bin/sh\necho lane's own\n".replace("'", ""))
    assert direct(host, "queue-claim", "--role", "B-ui", cwd=lane).out == b"lanes own\n"


# --- how the original is called by a tool -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "arguments"),
    [
        (
            ["queue-claim", "B-1", "--role", "B-ui", "--owner=B", "--force", "--reason", "a b"],
            ["claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1", "--force", "--reason", "a b"],
        ),
        (["queue-ready", "--limit=3"], ["ready", "--limit", "3"]),
        (["queue-validate"], []),
        (["queue-preflight", "B-ui"], ["--role", "B-ui"]),
        (["regression-packs", "show", "PACK"], ["show", "PACK"]),
        (["agent-role-config", "B-ui", "--field", "branch"], ["B-ui", "--field", "branch"]),
        (["orchestrator-tick"], ["tick"]),
        (["queue-task-detail", "--json", "B-1"], ["task-detail", "--task-id", "B-1", "--json"]),
    ],
)
def test_the_words_of_a_tool_become_those_of_the_original(
    host: Checkout, words: list[str], arguments: list[str]
) -> None:
    set_engines(host.main, {"*": "legacy"})
    assert direct(host, *words).arguments == [word.encode() for word in arguments]


def test_a_packet_s_values_reach_the_original_in_its_environment(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    text = '#!/bin/sh\nprintf \'%s|%s\' "$GOAL" "$RISKS"\n'
    write(os.path.join(host.main, "scripts/ops/legacy/agent_context_packet.sh"), text)
    assert direct(host, "context-packet", "--goal", "a b", "--risk", "one", "--risk", "two").out == b"a b|one\ntwo"


def test_hostile_values_reach_the_original_through_a_tool(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    for payload in HOSTILE[::3]:
        got = direct(host, "queue-set-status", "B-1", "--status", "blocked", b"--reason=" + payload)
        assert got.arguments[-2:] == [b"--reason", payload]


TAKE = {"scripts/ops/agent_queue.sh": {"take": {"tool": "queue-claim", "map": {"-r": "ROLE", "-t": "TASK_ID"}}}}


def test_what_the_host_s_profile_says_goes_first(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"}, scripts=TAKE)
    got = direct(host, "queue-claim", "B-1", "--role", "B-ui")
    assert sorted(got.arguments) == [b"-r", b"-t", b"B-1", b"B-ui", b"take"]


def test_a_value_that_the_original_has_no_place_for_is_refused_with_the_line_that_is_missing(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"}, scripts=TAKE)
    got = direct(host, "queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    assert (got.code, got.out) == (2, b"")
    assert got.err.startswith(b"error: usage: scripts/ops/agent_queue.sh take cannot be told OWNER")
    assert b'under [scripts."scripts/ops/agent_queue.sh".take] add map = {"--..." = "OWNER"}' in got.err


def test_values_reach_an_original_in_its_environment_and_on_its_input(host: Checkout) -> None:
    entry = {"tool": "queue-record-review", "env": {"AQ": "TASK_ID"}, "stdin": "NOTE", "map": {"--as": "REVIEWER_ROLE"}}
    set_engines(host.main, {"*": "legacy"}, scripts={"scripts/ops/agent_queue.sh": {"review": entry}})
    script = '#!/bin/sh\nprintf \'%s|%s|\' "$*" "$AQ"; cat\n'
    write(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"), script)
    got = direct(host, "queue-record-review", "B-1", "--reviewer-role", "D-arch", "--note", "it's $HOME")
    assert got.out == b"review --as D-arch|B-1|it's $HOME"


def test_what_is_only_to_be_tried_never_reaches_a_script_that_would_do_it(host: Checkout) -> None:
    entry = {"tool": "queue-import"}
    set_engines(host.main, {"*": "legacy"}, scripts={"scripts/ops/agent_queue.sh": {"sync": entry}})
    got = direct(host, "queue-import", "--dry-run")
    assert (got.code, b"cannot be told DRY_RUN" in got.err) == (2, True)


@pytest.mark.parametrize("words", [["queue-ready"], ["context-packet", "B-1"], ["regression-packs", "list"]])
def test_a_call_for_an_original_that_is_not_there_is_never_answered_here(host: Checkout, words: list[str]) -> None:
    shutil.rmtree(os.path.join(host.main, "scripts", "ops", "legacy"))
    got = direct(host, *words, env={"FAIRWAY_LEGACY": "1"})
    assert (got.code, got.err.split(b": ")[1]) == (2, b"missing_dependency")


def test_reading_the_old_database_is_never_the_originals_work(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy"})
    got = direct(host, "queue-import", "--legacy-db", "none.db", "--dry-run")
    assert got.err.startswith(b"error: not_found")
    assert answered_by(direct(host, "queue-import")) == "legacy"


def test_staying_to_show_changes_is_never_the_originals_work(host: Checkout) -> None:
    """The comparison in shadow would run a call again that never ends."""
    set_engines(host.main, {"*": "shadow"})
    before = calls_of(host)
    process = start_tool("queue-ready", "--watch", "--format", "ids", cwd=host.main)
    assert process.stdout is not None
    assert process.stdout.readline().startswith(b"+ ")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert calls_of(host) == before


def test_a_tool_that_had_no_original_has_no_legacy_call(host: Checkout) -> None:
    assert call_original({}, "queue-where", {}, host.main) is None


def test_every_tool_with_an_original_exists() -> None:
    assert set(ORIGINALS) <= set(TOOLS)


def test_the_tools_that_are_read_without_loading_their_command_add_no_arguments() -> None:
    modules = {tool: importlib.import_module(f"fairway_scripts.{TOOLS[tool].module}") for tool in ORIGINALS}
    assert {tool for tool, module in modules.items() if hasattr(module, "arguments")} == OWN_ARGUMENTS


# --- how our tools are called under older names -------------------------------------------------------------------


def test_every_subcommand_leads_to_a_tool() -> None:
    entries = {entry.split()[0] for known in SCRIPTS.values() for entry in known.values()}
    assert entries - {"queue-store-check"} <= set(TOOLS)


@pytest.mark.parametrize(
    ("script", "words", "first_line"),
    [
        ("agent_queue.sh", ["claim", "--role", "B-ui", "--owner", "B", "--task_id", "B-2"], "claimed B-2"),
        ("agent_queue.sh", ["claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-2"], "claimed B-2"),
        ("agent_queue.sh", ["queue_claim", "B-2", "--role=B-ui", "--owner=B"], "claimed B-2"),
        ("agent_queue.sh", ["ready", "--limit", "1", "--json"], '{"'),
        ("agent_queue.sh", ["--json", "ready"], '{"'),
        ("agent_queue_store.rb", ["--queue-file", "doc/governance/Agent_Work_Queue.yaml", "ready"], "A-1 "),
        ("agent_role_config.sh", ["branch", "B-ui"], "agent/B-ui"),
        ("agent_role_config.sh", ["--role", "B-ui", "--field", "provider"], "claude"),
        ("orchestrate_agents.sh", ["tick"], ""),
    ],
)
def test_an_older_call_is_answered_by_our_tool(host: Checkout, script: str, words: list[str], first_line: str) -> None:
    got = old(host, f"ops/{script}", *words)
    assert got.code == 0, got.err
    assert got.out.decode().startswith(first_line)


@pytest.mark.parametrize("form", some(["flag", "make"], "flag"))
def test_hostile_values_reach_our_tool_through_an_older_name(host: Checkout, form: str) -> None:
    for payload in HOSTILE:
        value = [b"--command-text", payload] if form == "flag" else [b"COMMAND_TEXT=" + payload]
        got = old(host, "ops/agent_queue.sh", "record-evidence", "--task-id", "B-1", "--result", "pass", *value)
        assert (got.code, b"COMMAND_TEXT is required" in got.err) in ((0, False), (2, True)), (payload, got)
    kept = [
        row["command_text"].encode() for row in host.ok("queue-task-detail", "B-1", "--all", "--json").json["evidence"]
    ]
    assert sorted(kept) == sorted(HOSTILE)


def test_a_call_that_says_everything_in_its_environment(host: Checkout) -> None:
    env = {"TASK_ID": "B-1", "STATUS": "blocked", "REASON": "a b", "HOST": "ignored"}
    assert old(host, "ops/agent_queue.sh", "set-status", env=env).code == 0
    assert host.detail("B-1")["status"] == "blocked"


def test_packets_read_the_environment_as_they_did(host: Checkout) -> None:
    env = {"TASK_ID": "B-1", "GOAL": "a 'goal'", "OWNER": "B", "ACCEPTANCE": "make test"}
    got = old(host, "ops/agent_context_packet.sh", env=env)
    assert (got.code, b"a 'goal'" in got.out) == (0, True), got.err


def test_ci_scripts_fail_when_the_answer_is_no(host: Checkout) -> None:
    assert old(host, "ci/agent_queue_validate.sh").code == 0
    host.write_queue("version: 1\ntasks: [{id: x}]\n")
    assert old(host, "ci/agent_queue_validate.sh").code == 1


@pytest.mark.parametrize("script", sorted(name for name, known in SCRIPTS.items() if "" not in known))
def test_an_unknown_subcommand_lists_the_known_ones(host: Checkout, script: str) -> None:
    for words, said in ((["nonsense"], "'nonsense' is no subcommand"), ([], "needs a subcommand")):
        got = old(host, script.removeprefix("scripts/"), *words)
        assert (got.code, got.out) == (2, b"")
        assert got.err.decode().startswith("error: usage: ")
        assert said in got.err.decode()
        assert ", ".join(sorted(SCRIPTS[script])) in got.err.decode()


def test_the_database_trial_is_the_check_of_a_server_and_its_own_words_are_left_to_the_original(host: Checkout) -> None:
    for words in ([], ["check"]):
        got = old(host, "ops/agent_queue_postgres_compat.sh", *words)
        assert (got.code, b"no service is named" in got.err) == (2, True)
    got = old(host, "ops/agent_queue_postgres_compat.sh", "apply")
    assert (got.code, got.out) == (2, b"")
    assert old(host, "ops/agent_queue_postgres_compat.sh", "x", env={"FAIRWAY_LEGACY": "1"}).arguments == [b"x"]


QUEUE = "scripts/ops/agent_queue.sh"


def test_a_refusal_of_a_wrong_value_says_it_and_has_the_line_of_our_tool(host: Checkout) -> None:
    """Also a refusal whose hint is the same call with another value."""
    refused = old(host, "ops/agent_queue.sh", "set-status", "--task-id", "B-1", "--status", "nonsense")
    assert refused.code == 2
    assert b"error: usage: STATUS 'nonsense' is none of" in refused.err
    assert b"queue-set-status --task-id B-1 --status" in refused.err


def test_a_script_s_own_flags_are_read_as_ours(host: Checkout) -> None:
    claim = {"tool": "queue-claim", "map": {"--agent": "OWNER", "--lane": "ROLE", "-n": "TASK_ID", "--json": "JSON"}}
    set_engines(host.main, {"*": "fairway"}, scripts={QUEUE: {"claim": claim}})
    got = old(host, "ops/agent_queue.sh", "claim", "--lane", "B-ui", "--agent=--B $(id)", "-n", "B-1", "--json")
    assert (json.loads(got.out)["task_id"], json.loads(got.out)["owner"]) == ("B-1", "--B $(id)")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"map": {"--lane": "ROLE"}}, ["--lane", "{}"]),
        ({"positional": ["ROLE"]}, ["{}"]),
        ({"map": {"-l": "ROLE"}, "values": {"ROLE": {"a": "A-backend", "b": "B-ui"}}}, ["-l", "{}"]),
        ({"env": {"AQ_LANE": "ROLE"}}, []),
    ],
)
def test_a_lane_that_a_script_is_told_its_own_way_decides_who_answers(
    host: Checkout, entry: dict[str, Any], words: list[str]
) -> None:
    set_engines(host.main, MIXED, scripts={QUEUE: {"ready": {"tool": "queue-ready", **entry}}})
    answers = []
    for lane in ("A-backend", "B-ui"):
        said = lane[0].lower() if "values" in entry else lane
        given = [word.format(said) for word in words]
        answers.append(answered_by(old(host, "ops/agent_queue.sh", "ready", *given, env={"AQ_LANE": lane})))
    assert answers == ["legacy", "fairway"]


def test_the_profile_adds_subcommands(host: Checkout) -> None:
    grab = {"tool": "queue-claim", "map": {"--role": "ROLE", "--owner": "OWNER"}}
    set_engines(host.main, {"*": "fairway"}, scripts={QUEUE: {"grab": grab}})
    assert old(host, "ops/agent_queue.sh", "grab", "--role", "B-ui", "--owner", "B").out.startswith(b"claimed B-1")


def test_what_cannot_be_translated_is_refused_where_this_side_answers_and_passed_on_where_it_does_not(
    host: Checkout,
) -> None:
    grab = {"tool": "queue-claim", "map": {"--role": "ROLE"}}
    words = ["grab", "--role", "B-ui", "--as", "B"]
    set_engines(host.main, {"*": "fairway"}, scripts={QUEUE: {"grab": grab}})
    got = old(host, "ops/agent_queue.sh", *words)
    assert (got.code, got.out) == (2, b"")
    assert b"--as, B could not be translated" in got.err
    assert b'edit compat/profile.toml: under [scripts."scripts/ops/agent_queue.sh".grab] add map' in got.err
    set_engines(host.main, {"*": "shadow"}, scripts={QUEUE: {"grab": grab}})
    assert old(host, "ops/agent_queue.sh", *words).arguments == [word.encode() for word in words]
    assert read_json(calls_of(host)[0], "call.json")["untranslated"] == ["--as", "B"]


@pytest.mark.parametrize(
    "words", [["-y", "x y", "{}", "blocked"], ["{}", "-y", "x", "blocked"], ["--why=x", "-y", "n", "{}"]]
)
def test_a_flag_that_nobody_knows_does_not_hide_whose_task_a_call_is_about(host: Checkout, words: list[str]) -> None:
    """Its value takes the place of the task, but the task is named all the same: it is no call of the other lanes."""
    move = {"tool": "queue-set-status", "positional": ["TASK_ID", "STATUS"], "map": {"--why": "REASON"}}
    call = ["mv", *(word.format("B-1") for word in words)]
    set_engines(host.main, {"*": "legacy", "B-ui": "fairway"}, scripts={QUEUE: {"mv": move}})
    got = old(host, "ops/agent_queue.sh", *call)
    assert (got.code, got.out) == (2, b"")
    assert b"could not be translated" in got.err
    set_engines(host.main, {"*": "legacy", "B-ui": "shadow"}, scripts={QUEUE: {"mv": move}})
    assert old(host, "ops/agent_queue.sh", *call).arguments == [word.encode() for word in call]
    noted = read_json(calls_of(host)[0], "call.json")
    assert (noted["role"], bool(noted["untranslated"])) == ("B-ui", True)
    set_engines(host.main, {"*": "shadow", "B-ui": "legacy"}, scripts={QUEUE: {"mv": move}})
    assert answered_by(old(host, "ops/agent_queue.sh", *call)) == "legacy"


@pytest.mark.parametrize("name", ["QUEUE_DB", "AGENT_QUEUE_DB"])
def test_a_database_that_a_host_exports_for_its_scripts_is_no_store_of_ours(host: Checkout, name: str) -> None:
    """Nor is another of theirs the queue that was taken over, and a store of ours that is named stays one."""
    host.ok("queue-import")
    folder = os.path.join(host.main, ".git", "agent_queue")
    theirs, another = (OldDatabase(os.path.join(folder, f"{env}.db")).path for env in ("dev", "ci"))
    words = ("claim", "--task-id", "B-1", "--role", "B-ui", "--owner", "bea", "--lane", "B-ui")
    entry = {
        "tool": "queue-claim",
        "map": {"--task-id": "TASK_ID", "--owner": "OWNER"},
        "ignored": ["--role", "--lane"],
    }
    known = {"legacy_db": theirs, "scripts": {QUEUE: {"claim": entry}}}
    for engine in ("legacy", "shadow"):
        set_engines(host.main, {"*": "legacy", "B-ui": engine}, **known)
        for path in (theirs, another, ".git/agent_queue/dev.db"):
            assert old(host, "ops/agent_queue.sh", *words, env={name: path}).arguments[0] == b"claim", (engine, path)
    assert len(calls_of(host)) == 2
    set_engines(host.main, {"*": "legacy", "B-ui": "fairway"}, **known)
    for path in (another, os.path.join(folder, "not-yet.db")):
        got = old(host, "ops/agent_queue.sh", *words, env={name: path})
        assert (got.code, b"is no store of this suite" in got.err) == (2, True)
    assert old(host, "ops/agent_queue.sh", *words, env={name: theirs}).out.startswith(b"claimed B-1")
    assert state(host, "B-1")["owner"] == "bea"
    assert old(host, "ops/agent_queue.sh", *words, env={name: host.store}).code == 0
    both = {"QUEUE_DB": theirs, "AGENT_QUEUE_DB": host.store}
    assert old(host, "ops/agent_queue.sh", *words, env=both).code == 0
    assert host.ok("queue-ready", "--role", "B-ui", env={name: theirs}).code == 0  # our own tool, called by its name
    torn = os.path.join(folder, "torn.db")
    with open(torn, "wb") as file:
        file.write(b"SQLite format 3\0 and nothing of it")
    assert b"cannot be read" in old(host, "ops/agent_queue.sh", *words, env={name: torn}).err
    set_engines(host.main, {"*": "legacy", "B-ui": "shadow"}, **known)
    got = old(host, "ops/agent_queue.sh", *words, env={name: torn})
    assert got.arguments[0] == b"claim", got.err


@pytest.mark.parametrize("lanes", [{"*": "fairway"}, {"*": "legacy", "B-ui": "fairway"}])
def test_what_the_host_leaves_to_its_script_is_left_to_it_on_a_lane_that_has_moved(
    host: Checkout, lanes: dict[str, str]
) -> None:
    """Also when make puts the lane and the task of the whole recipe into its environment; no task that has moved."""
    set_engines(host.main, lanes, scripts={QUEUE: {"may": {"tool": ""}}})
    recipe = {"ROLE": "B-ui", "TASK_ID": "B-1"}
    assert old(host, "ops/agent_queue.sh", "may", "B-ui", env=recipe).arguments == [b"may", b"B-ui"]
    for words in (["may", "B-1"], ["may", "--task=B-1"], ["nobody-knows"]):
        got = old(host, "ops/agent_queue.sh", *words, env=recipe)
        assert (got.code, got.out) == (2, b""), words
        assert (b"may is left to its script" in got.err) == (words[0] == "may")
    assert f'add [scripts."{QUEUE}".nobody-knows] with the tool'.encode() in got.err


@pytest.mark.parametrize("engine", ["legacy", "shadow", "fairway"])
def test_standard_input_reaches_whoever_answers(host: Checkout, engine: str) -> None:
    entry = {"tool": "queue-record-evidence", "positional": ["TASK_ID"], "constants": {"RESULT": "pass"}}
    set_engines(host.main, {"*": engine}, scripts={QUEUE: {"say": {**entry, "stdin": "COMMAND_TEXT"}}})
    got = old(host, "ops/agent_queue.sh", "say", "B-1", feed=b"make it's & that")
    if engine == "fairway":
        assert host.detail("B-1")["evidence"][0]["command_text"] == "make it's & that"
    else:
        assert got.out == b"say\0B-1\0make it's & that"
    if engine == "shadow":
        values = read_json(calls_of(host)[0], "call.json")["values"]
        assert values == {"RESULT": "pass", "TASK_ID": "B-1", "COMMAND_TEXT": "make it's & that"}


# --- shadow ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["shim", "tool"])
def test_in_shadow_the_caller_gets_what_the_original_gave(host: Checkout, way: str) -> None:
    set_engines(host.main, {"*": "shadow"})
    text = "#!/bin/sh\ncat\nprintf '\\377\\000 out'\nprintf 'err\\376' >&2\nexit 42\n"
    write(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"), text)
    argv = {"shim": [os.path.join(host.main, "scripts/ops/agent_queue.sh"), "claim"], "tool": [f"{BIN}/queue-claim"]}
    got = call([*argv[way], "--role", "B-ui"], host.main, feed=b"in\0")
    assert got == (42, b"in\0\xff\0 out", b"err\xfe")


def test_a_shadowed_call_leaves_what_the_comparison_needs(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy", "B-ui": "shadow"})
    env = {"EXIT": "3", "OWNER": "E", "FAIRWAY_NOW": "2026-11-01T10:00:00Z"}
    old(host, "ops/agent_queue.sh", "claim", "--role", "B-ui", "TASK_ID=B-1", env=env)
    (folder,) = calls_of(host)
    noted = read_json(folder, "call.json")
    original = os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh")
    assert noted == {
        "schema": "shadow-call/1",
        "call_id": os.path.basename(folder),
        "at": "2026-11-01T10:00:00.000000Z",
        "cwd": host.main,
        "tool": "queue-claim",
        "script": "scripts/ops/agent_queue.sh",
        "values": {"ROLE": "B-ui", "TASK_ID": "B-1"},
        "untranslated": [],
        "argv": [original, "claim", "--role", "B-ui", "TASK_ID=B-1"],
        "own_argv": ["--role=B-ui", "--task-id=B-1"],
        "role": "B-ui",
        "task_id": "B-1",
        "read_only": False,
        "database": "",
        "environment": {"OWNER": "E", "FAIRWAY_NOW": env["FAIRWAY_NOW"]},
    }
    done = read_json(folder, "done.json")
    assert (done["exit_code"], done["signal"], done["ended_at"]) == (3, 0, "2026-11-01T10:00:00.000000Z")
    with open(os.path.join(folder, "out"), "rb") as file:
        assert file.read() == b"claim\0--role\0B-ui\0TASK_ID=B-1\0"


def test_the_lane_of_a_shadowed_call_is_noted_when_only_its_task_is_named(host: Checkout) -> None:
    set_engines(host.main, {"*": "legacy", "B-ui": "shadow"})
    old(host, "ops/agent_queue.sh", "set-status", "--task-id", "B-1", "--status", "blocked")
    noted = read_json(calls_of(host)[0], "call.json")
    assert (noted["role"], noted["task_id"], noted["read_only"]) == ("B-ui", "B-1", False)


@pytest.mark.parametrize("name", ["TERM", "KILL"])
def test_in_shadow_an_original_that_dies_of_a_signal_looks_so(host: Checkout, name: str) -> None:
    set_engines(host.main, {"*": "shadow"})
    number = getattr(signal, f"SIG{name}")
    assert old(host, "ops/agent_queue.sh", "ready", env={"DIE_OF": name}).code == -number
    assert read_json(calls_of(host)[0], "done.json")["signal"] == number


@pytest.mark.parametrize("words", [["session-end", "--role", "B-ui"], ["release", "B-1"]])
def test_what_is_not_compared_is_handed_over_without_a_trace(host: Checkout, words: list[str]) -> None:
    set_engines(host.main, {"*": "shadow"})
    assert old(host, "ops/agent_queue.sh", *words).arguments == [word.encode() for word in words]
    assert calls_of(host) == []


def test_a_call_that_cannot_be_noted_is_made_all_the_same(host: Checkout) -> None:
    set_engines(host.main, {"*": "shadow"})
    write(os.path.join(host.main, ".git/fairway/shadow"), "in the way")
    assert old(host, "ops/agent_queue.sh", "ready", env={"EXIT": "4"}).code == 4


def test_arguments_that_are_not_text_are_noted_and_passed_on(host: Checkout) -> None:
    set_engines(host.main, {"*": "shadow"})
    assert old(host, "ops/agent_queue.sh", "ready", b"\xff\xfe").arguments == [b"ready", b"\xff\xfe"]


def test_a_reader_that_goes_away_is_no_fault(host: Checkout) -> None:
    set_engines(host.main, {"*": "shadow"})
    text = "#!/bin/sh\nhead -c 300000 /dev/zero\nexit 6\n"
    write(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"), text)
    script = os.path.join(host.main, "scripts/ops/agent_queue.sh")
    got = call(["sh", "-c", f"{{ '{script}' ready; echo $? >&2; }} | head -c 1"], host.main)
    assert (got.out, got.err) == (b"\0", b"6\n")


def test_killing_the_front_door_leaves_the_work_of_the_original_done(host: Checkout) -> None:
    set_engines(host.main, {"*": "shadow"})
    started, go, done = (os.path.join(host.main, name) for name in ("started", "go", "done"))
    text = f"#!/bin/sh\n: >'{started}'\nwhile [ ! -e '{go}' ]; do sleep 0.02; done\necho worked\n: >'{done}'\n"
    write(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"), text)
    script = os.path.join(host.main, "scripts/ops/agent_queue.sh")
    process = subprocess.Popen([script, "claim"], cwd=host.main, env=environment(), stdout=subprocess.PIPE)
    wait_for(started)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    write(go, "")
    wait_for(done)
    (folder,) = calls_of(host)
    assert not os.path.exists(os.path.join(folder, "done.json"))
    spool = os.path.join(folder, "out")
    wait_for(spool, text="worked\n")  # relayed by a process that stands by, which nobody waits for


def test_a_signal_to_the_front_door_reaches_the_original(host: Checkout) -> None:
    set_engines(host.main, {"*": "shadow"})
    started = os.path.join(host.main, "started")
    text = f"#!/bin/sh\ntrap 'echo told; exit 9' TERM\n: >'{started}'\nwhile :; do sleep 0.02; done\n"
    write(os.path.join(host.main, "scripts/ops/legacy/agent_queue.sh"), text)
    process = start_tool("queue-claim", "--role", "B-ui", cwd=host.main)
    wait_for(started)
    process.terminate()
    assert process.communicate()[0] == b"told\n"
    assert process.returncode == 9


#: Runs a program that waits to be told to end, and is told before this process knows its number.
EARLY_SIGNAL = """
import os, signal, sys
sys.path.insert(0, {home!r})
from fairway_scripts.cutover.shadow import channels
from fairway_scripts.cutover.shadow import shadow
from fairway_scripts.programs import taped_call
real_spawn, real_popen = shadow._spawn, taped_call.subprocess.Popen
def signalled(start):
    def started(*given, **named):
        made = start(*given, **named)
        while not os.path.exists("started"):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        return made
    return started
shadow._spawn, taped_call.subprocess.Popen = signalled(real_spawn), signalled(real_popen)
text = "trap 'echo told; exit 9' TERM; : >started; while :; do sleep 0.02; done"
{call}
os._exit(code)
"""


@pytest.mark.parametrize(
    "call",
    [
        "code = shadow._run(['/bin/sh', '-c', text], dict(os.environ), '.', channels.open_channels('.'))",
        "code = taped_call.run_taped(['/bin/sh', '-c', text], dict(os.environ)).exit_code",
    ],
    ids=["shadow", "capture"],
)
def test_a_signal_that_comes_while_the_original_is_started_reaches_it(call: str, tmp_path: Path) -> None:
    words = [sys.executable, "-c", EARLY_SIGNAL.format(home=HOME, call=call)]
    got = subprocess.run(words, cwd=tmp_path, env=environment(), capture_output=True, timeout=60)
    assert (got.returncode, got.stdout) == (9, b"told\n"), got.stderr


def test_the_observer_outlives_the_call_and_holds_nothing_of_the_caller_open(host: Checkout) -> None:
    set_engines(host.main, {"*": "shadow"})
    script = os.path.join(host.main, "scripts/ops/agent_queue.sh")
    spool = os.path.join(host.main, ".git", "fairway", "shadow")
    with delivery_lock(f"{spool}.lock", seconds=60) as held:  # so that the observer has to wait
        assert held is not None
        # the pipe on 5 ends only when every process that has it is gone
        got = call(["sh", "-c", f"{{ '{script}' ready 5>&1 >/dev/null 2>&1; }} | cat"], host.main)
        assert got.code == 0
        (call_id,) = os.listdir(spool)
        assert os.path.exists(os.path.join(spool, call_id, "done.json"))
    until = time.monotonic() + 60
    while os.listdir(spool):
        assert time.monotonic() < until, "nobody compared the call"
        time.sleep(0.02)


def wait_for(path: str, text: str = "") -> None:
    """Wait until a file is there, with `text` in it; a test that hangs here is ended by its own time limit."""
    while not os.path.exists(path) or not has(path, text):
        time.sleep(0.01)


def has(path: str, text: str) -> bool:
    with open(path, encoding="utf-8") as file:
        return text in file.read()


def test_the_recorder_can_be_told_from_our_side(host: Checkout) -> None:
    """What `answered_by` looks for is said by recorders alone."""
    assert "FAIRWAY_LEGACY=" in RECORDER
    assert answered_by(direct(host, "queue-ready")) == "fairway"


def test_the_lane_of_a_task_is_looked_up_in_the_configured_store(tmp_path: Path) -> None:
    project = make_host(tmp_path)
    with open(os.path.join(project.main, ".fairway", "config.toml"), encoding="utf-8") as file:
        text = file.read()
    elsewhere = os.path.join(project.main, "elsewhere.db")
    write(
        os.path.join(project.main, ".fairway", "config.toml"),
        text.replace("[fairway]", f"[fairway]\ndb_path = '{elsewhere}'"),
        0o644,
    )
    project.ok("queue-import")
    assert not os.path.exists(project.store)
    project.ok("lane-engine", "A-backend", "legacy", "later")
    assert answered_by(old(project, "ops/agent_queue.sh", "task-detail", "A-1")) == "legacy"
    assert answered_by(old(project, "ops/agent_queue.sh", "task-detail", "B-1")) == "fairway"


#: Asks for the lane of a task in an interpreter that has loaded nothing, and then uses what was not loaded.
LOOK_UP = """
import sys
sys.path.insert(0, {home!r})
from fairway_scripts.store.sqlite.lane_lookup import lane_of
print(lane_of({store!r}, "A-1"), lane_of({store!r}, "none"), "collections" in sys.modules)
import functools, sqlite3
print(functools.cache(len)("ab"), sqlite3.connect(":memory:").execute("SELECT 1").fetchone())
"""


def test_looking_up_a_lane_loads_little_and_leaves_every_module_whole(host: Checkout) -> None:
    words = [sys.executable, "-ISc", LOOK_UP.format(home=HOME, store=host.store)]
    got = subprocess.run(words, env=environment(), capture_output=True, text=True, timeout=60)
    assert got.stdout.split("\n") == ["A-backend  False", "2 (1,)", ""], got.stderr


# --- a glance instead of reading a call whole ---------------------------------------------------------------------

_WORD = st.sampled_from(
    [
        *("claim", "set-status", "ready", "nobody-knows", "B-1", "A-1", "B-ui", "A-backend", "", "x"),
        *("--role", "--role=B-ui", "--role=A-backend", "ROLE=B-ui", "--task-id", "--task-id=B-1", "--task_id=A-1"),
        *("--task", "--task=B-1", "TASK_ID=A-1", "--note", "--note=--role", "--force", "--json", "--db", "--", "-h"),
    ]
)


#: A host that calls its task and its lane otherwise, in one subcommand by flags and in another by place.
_OTHERWISE = {
    QUEUE: {
        "claim": {"tool": "queue-claim", "map": {"--task": "TASK_ID", "--role": "OWNER", "--note": "ROLE"}},
        "set-status": {"tool": "queue-set-status", "positional": ["TASK_ID"]},
    }
}


@pytest.mark.parametrize("table", [{}, _OTHERWISE])
@settings(max_examples=length(50, 300))
@given(words=st.lists(_WORD, max_size=6))
def test_a_glance_never_differs_from_reading_the_call_whole(
    template: Checkout, table: dict[str, Any], words: list[str]
) -> None:
    """It may only leave a call undecided."""
    repository = paths.find_repository(template.main)
    assert repository is not None
    asked = script_door.Asked({"engines": MIXED, "scripts": table}, QUEUE, words, repository)
    glance = script_door.engine_at_a_glance(asked, repository)
    if glance:
        assert glance == script_door.engine_of(asked, repository)[1]
