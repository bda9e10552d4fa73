"""What a scan learns from the text of a script: words that mean the same, flags without a value, what those say."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.cutover.door.calls import read_call, write_call
from fairway_scripts.cutover.door.entries import Entry
from fairway_scripts.cutover.scan.legacy_scripts import arms_in
from fairway_scripts.cutover.scan.recipe_calls import calls_in, hole
from fairway_scripts.cutover.scan.script_flags import switches_in
from fairway_scripts.cutover.scan.their_words import their_words
from tests.support.repositories import git, make_repository, write_file
from tests.support.shell import run_tool

MAKEFILE = """\
Q := tools/q
queue-claim:
\t@$(Q) c --lane $(ROLE) --by $(OWNER) --no-check $(TASK_ID)
queue-record-evidence:
\t@$(Q) proof --task $(TASK_ID) --cmd "$(COMMAND_TEXT)" $(if $(filter pass,$(RESULT)),--fine,--failed)
queue-record-review:
\t@$(Q) verdict $(TASK_ID) $(if $(filter approved,$(STATUS)),--approve,--again) --as $(REVIEWER_ROLE)
queue-set-status:
\t@$(Q) st $(TASK_ID) $(STATUS) $(if $(FORCE),-x)
"""
SHELL = """\
#!/usr/bin/env bash
word=$1; shift
case "$word" in
  claim | "take" | 'c')
    while [ $# -gt 0 ]; do case "$1" in
      --lane) lane=$2; shift 2 ;;
      --by) shift; owner=$1; shift ;;
      --no-check|--skip-check) check=0; shift ;;
      *) task=$1; shift ;; esac; done ;;
  evidence|proof)
    while [ $# -gt 0 ]; do case "$1" in
      --task) task=$2; shift 2 ;;
      --cmd) cmd=$2; shift 2 ;;
      --sha) sha=$2; shift 2 ;;
      --fine) result=pass; shift ;;
      --failed) result=fail; shift ;;
    esac; done ;;
  review|verdict)
    while [ $# -gt 0 ]; do case "$1" in
      --approve) status=approved; shift ;;
      --again) status=changes_requested; shift ;;
      --as) role=$2; shift 2 ;;
      *) task=$1; shift ;;
    esac; done ;;
  state|st) while getopts "x" flag; do case $flag in x) force=1 ;; esac; done ;;
esac
"""
RUBY = """\
#!/usr/bin/env ruby
require "optparse"
case word = ARGV.shift
when "claim", "take", "c"
  parser.on("--lane LANE") { |v| lane = v }
  parser.on("--by=NAME") { |v| owner = v }
  parser.on("--no-check") { check = false }
when "evidence", "proof"
  parser.on("--task ID") { |v| task = v }
  parser.on("--cmd TEXT") { |v| cmd = v }
  parser.on("--sha SHA") { |v| sha = v }
  parser.on("--fine", "it passed") { result = "pass" }
  parser.on("--failed") { result = "fail" }
when 'review', 'verdict'
  parser.on("--approve") { status = "approved" }
  parser.on("--again") { status = "changes_requested" }
  parser.on("--as ROLE") { |v| role = v }
when 'state', 'st'
  parser.on("-x", "--force") { force = true }
end
"""
PYTHON = """\
#!/usr/bin/env python3
claim = sub.add_parser("claim", aliases=["take", "c"], help="claim a task")
claim.add_argument("--lane"); claim.add_argument("--by", required=True)
claim.add_argument("--no-check", dest="check", action="store_false")
proof = sub.add_parser("evidence", aliases=["proof"])
proof.add_argument("--task"); proof.add_argument("--cmd"); proof.add_argument("--sha", type=str)
proof.add_argument("--fine", dest="result", action="store_const", const="pass")
proof.add_argument("--failed", dest="result", action="store_const", const="fail")
verdict = sub.add_parser("review", aliases=["verdict"])
verdict.add_argument("--approve", dest="status", action="store_const", const="approved")
verdict.add_argument("--again", dest="status", action="store_const", const="changes_requested")
verdict.add_argument("--as", dest="role")
state = sub.add_parser("state", aliases=["st"])
state.add_argument("-x", "--force", dest="force", action="store_true")
"""


@pytest.fixture(params=[SHELL, RUBY, PYTHON], ids=["shell", "Ruby", "Python"])
def host(tmp_path: Path, request: pytest.FixtureRequest) -> str:
    main = make_repository(str(tmp_path / "host"))
    write_file(main, "Makefile", MAKEFILE)
    write_file(main, "tools/q", request.param)
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    return main


def drafted(host: str) -> dict[str, Any]:
    with open(os.path.join(host, "compat", "profile.toml"), "rb") as file:
        found: dict[str, Any] = tomllib.load(file)["scripts"]["tools/q"]
    return found


def test_every_word_of_an_arm_gets_the_entry_of_the_one_that_a_recipe_calls(host: str) -> None:
    """`c` alone would say nothing: what it does is told by `claim`, and people type `take` as well."""
    table = drafted(host)
    for words in (("c", "claim", "take"), ("proof", "evidence"), ("verdict", "review"), ("st", "state")):
        assert all(table[word] == table[words[0]] for word in words)
    assert [table[word]["tool"] for word in ("take", "proof", "review", "st")] == [
        *("queue-claim", "queue-record-evidence", "queue-record-review", "queue-set-status")
    ]


def test_a_flag_that_reads_no_value_does_not_take_the_task_behind_it(host: str) -> None:
    entry = drafted(host)["c"]
    assert (entry["positional"], entry["switches"]) == (["TASK_ID"], ["--no-check"])
    assert entry["map"].items() >= {"--lane": "ROLE", "--by": "OWNER"}.items()


def test_a_flag_that_says_a_result_or_a_verdict_is_drafted_with_it(host: str) -> None:
    table = drafted(host)
    proof, verdict = table["proof"]["map"], table["verdict"]["map"]
    assert proof.items() >= {"--fine": "RESULT=pass", "--failed": "RESULT=fail"}.items()
    assert verdict.items() >= {"--approve": "STATUS=approved", "--again": "STATUS=changes_requested"}.items()


def test_a_flag_that_is_only_typed_by_hand_is_drafted_by_its_name_and_to_be_confirmed(host: str) -> None:
    assert drafted(host)["proof"]["map"]["--sha"] == "COMMIT"
    asked = [entry["question"] for entry in run_tool("compat-scan", "--json", cwd=host).json["to_fill_in"]]
    assert "--sha, in no recipe, is taken for COMMIT" in asked


@pytest.mark.parametrize(
    ("line", "arms"),
    [
        ("  ready|next|r)", [["ready", "next", "r"]]),
        ("  (\"queue:claim\" | 'take')  do_it ;;", [["queue:claim", "take"]]),
        ("when \"a\", 'b' then x", [["a", "b"]]),
        ('    elif word in ("done", "finish"):', [["done", "finish"]]),
        ("if word == 'x' or word == 'y':", [["x", "y"]]),
        ('    case "q" | "w":', [["q", "w"]]),
        ("sub.add_parser('claim', aliases=['c'], help='takes')", [["claim", "c"]]),
        ("  --lane|-l) lane=$2 ;;", []),
        ("  *) usage ;;", []),
        ("if __name__ == '__main__':", []),
        ('p = t.add_parser("take"); p.add_argument("--keep", action="store_true")', [["take"]]),
        ("p.add_argument('state', choices=['open', 'closed'])", []),
    ],
)
def test_the_words_of_a_line(line: str, arms: list[list[str]]) -> None:
    assert arms_in(line) == arms


NOUNS = """\
#!/usr/bin/env python3
task = sub.add_parser("task").add_subparsers()
grab = task.add_parser("grab", aliases=["take"]); grab.add_argument("task"); grab.add_argument("-v", action="count")
mark = task.add_parser("mark"); mark.add_argument("task"); mark.add_argument("state", choices=["open", "closed"])
review = sub.add_parser("review").add_subparsers()
ask = review.add_parser("ask"); ask.add_argument("task"); ask.add_argument("--at")
say = review.add_parser("say"); say.add_argument("task"); say.add_argument("--lane")
say.add_argument("--ok", action="store_const", dest="verdict", const="approved")
"""


def test_a_second_word_says_what_is_asked_where_the_first_is_what_it_is_about(tmp_path: Path) -> None:
    """`-v task grab`, and `review ask` beside `review say`, though `review` alone is a word that is published."""
    main = make_repository(str(tmp_path / "host"))
    recipes = {
        "queue-claim": "-v task grab $(TASK_ID)",
        "queue-set-status": "task mark $(TASK_ID) $(STATUS)",
        "queue-route-review": "review ask $(TASK_ID) --at $(or $(REF),HEAD)",
        "queue-record-review": "review say $(TASK_ID) --lane $(REVIEWER_ROLE)",
    }
    write_file(main, "Makefile", "".join(f"{name}:\n\t@tools/q {words}\n" for name, words in recipes.items()))
    write_file(main, "tools/q", NOUNS)
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    table = drafted(main)
    assert {word: entry["tool"] for word, entry in table.items()} == {
        **dict.fromkeys(("task grab", "task take"), "queue-claim"),
        "task mark": "queue-set-status",
        "review ask": "queue-route-review",
        "review say": "queue-record-review",
    }
    assert (table["task grab"]["switches"], table["review ask"]["map"]["--at"]) == (["-v"], "REF")
    assert table["review say"]["map"]["--ok"] == "STATUS=approved", "in no recipe, but the script says what it sets"


@pytest.mark.parametrize(
    ("text", "switches"),
    [
        ("--force|-f) force=1; shift ;;", {"--force": "FORCE", "-f": "FORCE"}),
        ("--log) echo hi; shift ;;", {"--log": ""}),
        ("'--ok') result=pass; shift ;;", {"--ok": "RESULT=pass"}),
        ("--by) owner=$2; shift 2 ;;", {}),
        ('--by) need "$@"; owner=${2:?}; shift ;;', {}),
        ("--by) shift; owner=$1 ;;", {}),
        ("--by) want=owner ;;", {}),  # the next word is its value
        ("--x) x=1; shift ;;\n--x) x=$2; shift 2 ;;", {}),  # of two subcommands
        ("parser.on('--[no-]color')", {"--color": "", "--no-color": ""}),
        ("parser.on('-n', '--limit N', Integer)", {}),
        ("parser.on('--ok') { options[:result] = 'pass' }", {"--ok": "RESULT=pass"}),
        ("parser.on('-f', '--force') do force = true", {"-f": "FORCE", "--force": "FORCE"}),
        ("ap.add_argument('-n', '--limit', type=int, default=int('3'))", {}),
        ("ap.add_argument('--all', action=argparse.BooleanOptionalAction)", {"--all": ""}),
        ("ap.add_argument('--no-check', dest='check', action='store_false')", {"--no-check": "CHECK=0"}),
    ],
)
def test_the_flags_without_a_value(text: str, switches: dict[str, str]) -> None:
    assert switches_in(text) == switches


OPEN = {"open": "todo", "doing": "in_progress", "stuck": "blocked", "closed": "done"}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("case $state in open|doing|stuck|closed) ;; *) exit 2 ;; esac", "status", OPEN),
        ("STATES = %w[open doing stuck closed].freeze", "status", OPEN),
        ('STATES="open doing stuck closed"', "status", OPEN),
        ("STATES = (\n  'open',\n  'doing',\n  'stuck',\n  'closed',\n)", "status", OPEN),
        ("{'open': 0, 'doing': 10, 'stuck': 20, 'closed': 90}", "status", OPEN),
        ("{'open' => 0, 'doing' => 10, 'stuck' => 20, 'closed' => 90}", "status", OPEN),
        (
            "todo doing blocked done",
            "status",
            {"todo": "todo", "doing": "in_progress", "blocked": "blocked", "done": "done"},
        ),
        ("choices=['green','red']", "result", {"green": "pass", "red": "fail"}),
        ("approve|rework", "verdict", {"approve": "approved", "rework": "changes_requested"}),
        ("todo|in_progress|blocked|done", "status", {}),  # these are ours
        ("open|new|doing|closed", "status", {}),  # two words for one
        ("open|doing", "status", {}),  # not all that is needed
        ("# open, doing and closed", "status", {}),  # a comment
        ("open|doing|closed\nnew|doing|closed", "status", {}),  # two opinions
    ],
)
def test_words_of_a_kind_that_stand_in_a_row(text: str, kind: str, words: dict[str, str]) -> None:
    assert their_words(text, kind) == words


def test_states_results_and_verdicts_are_drafted_in_the_script_s_words(tmp_path: Path) -> None:
    main = make_repository(str(tmp_path / "host"))
    recipes = {
        "queue-set-status": "mark $(TASK_ID) $(STATUS)",
        "queue-record-evidence": "ran $(TASK_ID) --says $(RESULT)",
    }
    write_file(main, "Makefile", "".join(f"{name}:\n\t@tools/q {words}\n" for name, words in recipes.items()))
    write_file(
        main, "tools/q", "#!/bin/sh\ncase $2 in open|doing|stuck|closed) ;; esac\ncase $3 in green|red) ;; esac\n"
    )
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    table = drafted(main)
    assert table["mark"]["values"] == {"STATUS": OPEN}
    assert table["ran"]["values"] == {"RESULT": {"green": "pass", "red": "fail"}}


FROM_RECIPES = """\
#!/usr/bin/env ruby
case ARGV.shift
when "list-ready", "lr" then parser.on("--team TEAM")
when "prove" then parser.on("--item ID"); parser.on("--exit-code N", Integer); parser.on("--command TEXT")
when "ask" then parser.on("--item ID"); parser.on("--revision SHA")
when "pass-on" then JSON.parse($stdin.read)
end
"""
RUN = "bundle exec ruby tools/q --database .git/q.db"


@pytest.fixture
def by_ruby(tmp_path: Path) -> dict[str, Any]:
    """The table of a host that starts its script by another program."""
    main = make_repository(str(tmp_path / "host"))
    recipes = {
        "queue-ready": f"{RUN} list-ready --team '$(ROLE)'",
        "queue-short": f"{RUN} lr --team '$(ROLE)'",
        "queue-record-evidence": f"{RUN} prove --item $(TASK_ID) --command '$(COMMAND_TEXT)' "
        "--exit-code $(if $(filter pass,$(RESULT)),0,1)",
        "queue-route-review": f"{RUN} ask --item $(TASK_ID) --revision $(shell git rev-parse HEAD)",
        "queue-record-handoff": f'printf \'{{"item":"%s","to":"%s"}}\' \'$(TASK_ID)\' \'$(TO_ROLE)\' | {RUN} pass-on',
    }
    write_file(main, "Makefile", "".join(f"{name}:\n\t@{words}\n" for name, words in recipes.items()))
    write_file(main, "tools/q", FROM_RECIPES)
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    return drafted(main)


def test_a_word_in_a_recipe_gets_the_tool_of_another_of_its_arm(by_ruby: dict[str, Any]) -> None:
    """Also where nobody has published either: the target of one says what it does."""
    assert by_ruby["lr"]["tool"] == by_ruby["list-ready"]["tool"] == "queue-ready"


def test_an_exit_code_is_a_result(by_ruby: dict[str, Any]) -> None:
    prove = by_ruby["prove"]
    assert (prove["map"]["--exit-code"], prove["values"]) == ("RESULT", {"RESULT": {"0": "pass", "1": "fail"}})


def test_a_flag_whose_value_only_a_shell_knows_has_one(by_ruby: dict[str, Any]) -> None:
    assert (by_ruby["ask"]["map"]["--revision"], by_ruby["ask"].get("switches")) == ("REF", None)


def test_the_database_of_a_call_is_read_as_one(by_ruby: dict[str, Any]) -> None:
    assert {entry["map"]["--database"] for entry in by_ruby.values()} == {"QUEUE_DB"}


def test_an_object_on_standard_input_is_drafted_by_its_keys(by_ruby: dict[str, Any]) -> None:
    assert by_ruby["pass-on"]["stdin"] == {"item": "TASK_ID", "to": "TO_ROLE"}


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        ('printf \'{{"item":"%s","n":%d}}\\n\' \'{T}\' {N}', {"item": "T", "n": "N"}),
        ('echo \'{{"item": "{T}", "by":"a"}}\'', {"item": "T"}),
        ("jq -n --arg item '{T}' --arg by ann '{{item: $item}}'", {"item": "T"}),
        ("echo '{T}'", {}),
        ("cat file", {}),
    ],
)
def test_the_keys_of_an_object_that_is_piped(command: str, keys: dict[str, str]) -> None:
    text = command.format(T=hole("T"), N=hole("N")) + " | tools/q take"
    [call] = calls_in(text, {}, lambda word: "tools/q" if word == "tools/q" else "")
    assert dict(call.payload) == keys


@pytest.mark.parametrize(
    "before",
    [
        "bundle exec ruby",
        "uv run",
        "poetry run python3",
        "rbenv exec",
        "flock -w 5 .git/q.lock",
        "stdbuf -oL",
        "env A=1 nice -n 5",
    ],
)
def test_what_starts_a_script_is_passed_over(before: str) -> None:
    [call] = calls_in(f"{before} tools/q take", {}, lambda word: "tools/q" if word == "tools/q" else "")
    assert call.words == ["take"]


def table_of(folder: Path, script: str, recipes: dict[str, str]) -> dict[str, Any]:
    main = make_repository(str(folder / "host"))
    write_file(main, "Makefile", "".join(f"{name}:\n\t@{words}\n" for name, words in recipes.items()))
    write_file(main, "scripts/ops/agent_queue.sh", script)
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    assert run_tool("compat-scan", "--write", cwd=main).code == 0
    with open(os.path.join(main, "compat", "profile.toml"), "rb") as file:
        found: dict[str, Any] = tomllib.load(file)["scripts"]["scripts/ops/agent_queue.sh"]
    return found


def test_a_published_word_that_means_something_else_here_is_what_its_target_does(tmp_path: Path) -> None:
    """`status` is a report by the published interface, which takes neither a task nor a status."""
    recipe = "scripts/ops/agent_queue.sh status $(TASK_ID) $(STATUS) -w '$(BLOCKED_REASON)'"
    entry = table_of(tmp_path, "#!/bin/sh\n", {"queue-set-status": recipe})["status"]
    assert (entry["tool"], entry["positional"]) == ("queue-set-status", ["TASK_ID", "STATUS"])
    assert entry["map"] == {"-w": "BLOCKED_REASON"}


def test_a_word_that_stands_for_several_is_asked_about_and_takes_no_place(tmp_path: Path) -> None:
    recipe = 'scripts/ops/agent_queue.sh grab --lane $(ROLE) "$${flags[@]}" $(TASK_ID)'
    assert table_of(tmp_path, "#!/bin/bash\n", {"queue-claim": recipe})["grab"]["positional"] == ["TASK_ID"]
    main = str(tmp_path / "host" / "gpuaas")
    os.remove(os.path.join(main, "compat", "profile.toml"))
    asked = [entry["question"] for entry in run_tool("compat-scan", "--json", cwd=main).json["to_fill_in"]]
    assert "which flags ${flags[@]} holds" in asked


def test_a_script_that_says_only_that_something_failed_says_otherwise_that_it_passed(tmp_path: Path) -> None:
    recipe = (
        "scripts/ops/agent_queue.sh log $(TASK_ID) --cmd '$(COMMAND_TEXT)' $(if $(filter-out pass,$(RESULT)),--fail)"
    )
    data = table_of(tmp_path, "#!/bin/sh\n", {"queue-record-evidence": recipe})["log"]
    entry = Entry("scripts/ops/agent_queue.sh", "log", data)
    for result, flag in (("pass", []), ("fail", ["--fail"])):
        values = {"TASK_ID": "B-1", "COMMAND_TEXT": "make test", "RESULT": result}
        written = write_call(entry, values)
        assert written.words == ["log", "B-1", "--cmd", "make test", *flag]
        assert read_call(entry, written.words[1:], {}).values == values


def test_what_else_is_missing_is_asked_for_beside_a_result_that_is_taken(tmp_path: Path) -> None:
    recipe = "scripts/ops/agent_queue.sh log $(TASK_ID) $(if $(filter-out pass,$(RESULT)),--fail)"
    table_of(tmp_path, "#!/bin/sh\n", {"queue-record-evidence": recipe})
    main = str(tmp_path / "host" / "gpuaas")
    os.remove(os.path.join(main, "compat", "profile.toml"))
    asked = [entry["question"] for entry in run_tool("compat-scan", "--json", cwd=main).json["to_fill_in"]]
    assert "a call without --fail is taken for RESULT=pass" in asked
    assert 'nothing says COMMAND_TEXT: add it, or constants = {COMMAND_TEXT = "..."}' in asked
