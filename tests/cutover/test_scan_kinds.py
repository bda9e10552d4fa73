"""What a scan may not pass over in silence: scripts of any name, words of any form, recipes that stop or call make."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.cutover.scan import scan
from fairway_scripts.cutover.scan.recipe_calls import calls_in, hole
from fairway_scripts.cutover.scan.script_flags import switches_in
from fairway_scripts.cutover.scan.sub_makes import sub_makes
from tests.support.repositories import git, make_repository, write_file
from tests.support.shell import run_tool

MAKEFILE = """\
export OWNER BRANCH COMMANDS
need = $(if $(strip $($(1))),,$(error $@ needs $(1)))
queue-claim:
\t$(call need,OWNER)
\t@set -e; if [ -n "$(BRANCH)" ]; then b=--branch="$(BRANCH)"; fi; \\
\ttools/q/bin/q queue:claim "$(TASK_ID)" --owner="$(OWNER)" $${b:+"$$b"}
queue-record-evidence: export Q_RAN = $(COMMAND_TEXT)
queue-record-evidence:
\t@tools/q/bin/q queue:evidence $(TASK_ID) -c "$$Q_RAN" -n "$(NOTES)"
queue-record-handoff:
\t@tools/q/bin/handoff-json | tools/q/bin/q queue:handoff "$(TASK_ID)"
queue-set-status:
ifeq ($(STATUS),blocked)
\t@tools/q/bin/q queue:move "$(TASK_ID)" --to=blocked --because="$(BLOCKED_REASON)"
else ifdef COMMIT
\t@tools/q/bin/q queue:move "$(TASK_ID)" --to="$(STATUS)" --sha="$(COMMIT)"
else
\t@tools/q/bin/q queue:move "$(TASK_ID)" --to="$(STATUS)" --owner="$(OWNER)"
endif
queue-route-review:
\t@$(MAKE) --no-print-directory -f tools/q/more.mk route TASK="$(TASK_ID)" AT="$(REF)"
queue-task-detail:
\t@$(MAKE) _show
_show:
\t@tools/q/bin/q queue:show "$(TASK_ID)"
queue-prune-stale:
\t@curl -s https://queue.invalid/prune
"""


@pytest.fixture
def host(tmp_path: Path) -> str:
    """A repository whose queue is a program without an ending outside `scripts/`."""
    main = make_repository(str(tmp_path / "host"))
    write_file(main, "Makefile", MAKEFILE)
    write_file(main, "tools/q/more.mk", 'route:\n\t@tools/q/bin/q queue:route "$(TASK)" --at="$(AT)"\n')
    for name in ("q", "handoff-json"):
        write_file(main, f"tools/q/bin/{name}", "#!/usr/bin/env bash\nexit 1\n")
    git(main, "add", "--all")
    git(main, "commit", "-qm", "a queue of its own")
    return main


def drafted(host: str) -> dict[str, Any]:
    assert run_tool("compat-scan", "--write", cwd=host).code == 0
    with open(os.path.join(host, "compat", "profile.toml"), "rb") as file:
        found: dict[str, Any] = tomllib.load(file)["scripts"]["tools/q/bin/q"]
    return found


def asked(host: str) -> list[str]:
    return [entry["question"] for entry in run_tool("compat-scan", "--json", cwd=host).json["to_fill_in"]]


def test_a_program_without_an_ending_is_a_script_and_its_first_words_are_subcommands(host: str) -> None:
    """Also `queue:claim`, which no `case` of the program names."""
    assert {"queue:claim", "queue:evidence", "queue:handoff", "queue:move"} <= drafted(host).keys()


def test_a_variable_that_the_makefile_only_exports_is_still_the_caller_s(host: str) -> None:
    """Otherwise a guard for required variables stops make, and the target is not read."""
    assert drafted(host)["queue:claim"]["map"] == {"--owner=": "OWNER", "--branch=": "BRANCH"}


def test_a_flag_is_drafted_as_it_is_written(host: str) -> None:
    assert drafted(host)["queue:claim"]["map"]["--owner="] == "OWNER"
    drafts = drafted(host)
    assert drafts["queue:evidence"]["map"].items() >= {"-c": "COMMAND_TEXT", "-n": "NOTES"}.items()
    assert "-n" not in drafts["queue:move"]["map"], "a letter means something else in each subcommand"


def test_what_the_recipe_s_own_shell_reads_is_not_read_by_the_script(host: str) -> None:
    """An original that was told through Q_RAN would hear nothing."""
    assert "env" not in drafted(host)["queue:evidence"]


def test_what_makes_the_input_of_a_script_is_asked_for_and_is_no_call(host: str) -> None:
    assert any("standard input, from tools/q/bin/handoff-json" in question for question in asked(host))
    assert "queue-record-handoff" in drafted(host)["queue:handoff"]["tool"]


def test_what_a_recipe_has_another_make_do_is_read(host: str) -> None:
    """In another makefile, with the values that it is given there, and as another target of the same one."""
    entries = drafted(host)
    assert entries["queue:route"] == {
        "tool": "queue-route-review",
        "positional": ["TASK_ID"],
        "map": entries["queue:route"]["map"],
    }
    assert entries["queue:route"]["map"]["--at="] == "REF"
    assert entries["queue:show"]["tool"] == "queue-task-detail"


@pytest.mark.parametrize(
    ("recipe", "goals", "values", "away"),
    [
        ("make --directory=sub claim", ["claim"], {}, True),
        ("make -Csub claim", ["claim"], {}, True),
        ("make -sC sub claim", ["claim"], {}, True),
        ("make --dir sub claim", ["claim"], {}, True),
        ("make -C . claim", ["claim"], {}, False),
        ("cd sub && make claim", ["claim"], {}, True),
        ("cd sub\nmake claim", ["claim"], {}, False),
        ("make -j 4 -l2.5 -I inc -Wold -Oline claim", ["claim"], {}, False),
        ("make -kj4 --jobs 2 --old-file=x --no-print-directory -- claim", ["claim"], {}, False),
        ("make claim -j --max-load 2.5 --jobs=3 --debug=b --out=line -Onone -rR", ["claim"], {}, False),
        ("make -j 4 5 -o -j4 --assume-n old", ["5"], {}, False),
        ("make -f a.mk -f b.mk claim", ["claim"], {}, True),
        ("make --option-of-a-newer-make claim", [], {}, True),
        ("set -e; A=1 make claim B=2", ["claim"], {"A": "1", "B": "2"}, False),
        ('if [ -n "$x" ]; then env A=1 /usr/bin/make claim; fi', ["claim"], {"A": "1"}, False),
        ("nice -n 5 make claim", ["claim"], {}, False),
        ("nohup nice ionice -c 2 timeout 60s make claim A=1", ["claim"], {"A": "1"}, False),
        ("A=1 sh -ec 'B=2 make claim'", ["claim"], {"A": "1", "B": "2"}, False),
        ("bash -c 'cd sub && make claim'", ["claim"], {}, True),
        ("cd sub && sh -c 'make claim'", ["claim"], {}, True),
        (f"{hole('PREFIX')} make claim", ["claim"], {}, False),
        ("$PREFIX ${Q} make claim", ["claim"], {}, False),
    ],
)
def test_the_words_of_a_make_in_a_recipe_are_read_as_make_reads_them(
    recipe: str, goals: list[str], values: dict[str, str], away: bool
) -> None:
    (call,) = sub_makes(recipe)
    assert (call.goals, call.values, call.away) == (goals, values, away)
    assert sub_makes("make -sf other.mk claim")[0].makefile == "other.mk"


def test_what_stands_before_a_command_hides_no_script_and_makes_none() -> None:
    found = calls_in("nice -n 5 timeout 9s a.sh ready; 5 a.sh x; echo a.sh y", {}, lambda word: word * (word == "a.sh"))
    assert [call.words for call in found] == [["ready"]]
    assert sub_makes("echo make claim; sh -c 'echo make claim'; git commit -c make; sh -c") == []


def test_a_make_that_is_not_followed_is_asked_about(host: str) -> None:
    """It is neither taken for a target of this makefile nor passed over because the recipe calls a script besides."""
    more = "queue-release:\n\t@tools/q/bin/q queue:release\n\t@$(MAKE) --directory=sub queue-claim\n"
    write_file(host, "Makefile", MAKEFILE + more + "queue-own:\n\t@cd sub && $(MAKE) own\n")
    answer = run_tool("compat-scan", "--json", cwd=host).json
    assert [call["subcommand"] for call in answer["calls"] if call["target"] == "queue-release"] == ["queue:release"]
    questions = [entry["question"] for entry in answer["to_fill_in"]]
    assert "queue-release has make do what is not followed: make --directory=sub queue-claim" in questions
    assert "queue-own has make do what is not followed: make own" in questions


def test_another_makefile_is_read_once_for_all_targets(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read, names = scan.read_recipes, []

    def counted(root: str, name: str, *more: Any) -> dict[str, Any]:
        names.append(name)
        return read(root, name, *more)

    monkeypatch.setattr(scan, "read_recipes", counted)
    tools = ("claim", "release", "set-status", "list")
    write_file(host, "Makefile", "".join(f"queue-{name}:\n\t@$(MAKE) -f tools/q/more.mk q-{name}\n" for name in tools))
    write_file(host, "tools/q/more.mk", "q-%:\n\t@tools/q/bin/q queue:$*\n\t@$(MAKE) -f tools/q/more.mk $@\n")
    found = scan.Scan(host, "Makefile", ["Makefile", "tools/q/more.mk", "tools/q/bin/q"])
    assert names == ["Makefile", "tools/q/more.mk"]
    assert {call["subcommand"] for call in found.calls} == {f"queue:{name}" for name in tools}


def test_every_branch_of_a_condition_is_read(host: str) -> None:
    """Those of a value that the condition names, and of one that is not given."""
    entry = drafted(host)["queue:move"]
    told = {"--to=": "STATUS", "--because=": "BLOCKED_REASON", "--sha=": "COMMIT", "--owner=": "OWNER"}
    assert entry["map"].items() >= told.items()
    calls = run_tool("compat-scan", "--json", cwd=host).json["calls"]
    assert [call["target"] for call in calls].count("queue-set-status") == 1


def test_a_target_that_calls_no_script_is_named(host: str) -> None:
    assert [text for text in asked(host) if text.startswith("queue-prune-stale calls no script that is seen: curl")]


def test_a_value_that_is_attached_to_its_flag_is_its_value(host: str) -> None:
    """`-n$(LIMIT)`; and no word that only the caller knows gets into the profile."""
    write_file(host, "Makefile", MAKEFILE + "queue-ready:\n\t@tools/q/bin/q queue:ready -n$(LIMIT) --all$(ROLE)\n")
    assert "what the word --all$(ROLE) means" in asked(host)
    assert drafted(host)["queue:ready"]["map"] == {"-n": "LIMIT"}


def test_what_stands_behind_the_end_of_the_flags_is_a_bare_word(host: str) -> None:
    recipe = '\t@tools/q/bin/q queue:verdict $(TASK_ID) $(STATUS) --by=$(REVIEWER) -- "$(NOTE)"\n'
    write_file(host, "Makefile", MAKEFILE + "queue-record-review:\n" + recipe)
    entry = drafted(host)["queue:verdict"]
    assert entry["positional"] == ["TASK_ID", "STATUS", "--", "NOTE"]
    assert "--" not in entry["map"]


def test_a_subcommand_whose_next_word_says_what_it_does_is_two_words(host: str) -> None:
    """One entry for all of them would be that of one tool."""
    recipes = "".join(f"queue-{kind}-report:\n\t@tools/q/bin/q queue:report {kind}\n" for kind in ("status", "timing"))
    write_file(host, "Makefile", MAKEFILE + recipes)
    found = drafted(host)
    assert found["queue:report status"]["tool"] == "queue-status-report"
    assert found["queue:report timing"]["tool"] == "queue-timing-report"
    assert "queue:report" not in found


def test_a_script_behind_a_change_of_folder_is_the_one_of_the_repository(host: str) -> None:
    write_file(host, "scripts/ops/agent_queue_store.rb", "#!/usr/bin/env ruby\nexit 1\n")
    git(host, "add", "--all")
    recipe = "\t@cd scripts/ops && ruby agent_queue_store.rb next $(ROLE)\n"
    write_file(host, "Makefile", MAKEFILE + "queue-ready:\n" + recipe)
    seen = run_tool("compat-scan", "--json", cwd=host).json["calls"]
    assert "scripts/ops/agent_queue_store.rb" in [call["script"] for call in seen]


def write_cases(host: str, arms: str) -> None:
    """Give the host a target that tells statuses apart by the arms of a case."""
    recipe = f'\t@case "$(STATUS)" in {arms} esac\n'
    queue = MAKEFILE.replace("queue-set-status:", "queue-other:") + "queue-set-status:\n" + recipe
    write_file(host, "Makefile", queue)


def test_the_label_of_a_case_is_what_the_call_always_means(host: str) -> None:
    """And a tool that nothing gives its status is asked about."""
    arms = "done) tools/q/bin/q queue:end $(TASK_ID) ;; todo|blocked) tools/q/bin/q queue:back $(TASK_ID) ;;"
    write_cases(host, f"{arms} *) exit 3 ;;")
    assert 'nothing says STATUS: add it, or constants = {STATUS = "..."}' in asked(host)
    assert drafted(host)["queue:end"]["constants"] == {"STATUS": "done"}


def test_arms_that_say_the_same_call_or_hide_one_make_no_constant(host: str) -> None:
    """The label of one arm is not what the other means, and a call in brackets is a call."""
    arms = "done) tools/q/bin/q queue:end $(TASK_ID) ;; todo) (cd . && tools/q/bin/q queue:end $(TASK_ID)) ;;"
    write_cases(host, arms)
    assert 'nothing says STATUS: add it, or constants = {STATUS = "..."}' in asked(host)
    assert "STATUS" not in drafted(host)["queue:end"].get("constants", {})


def test_a_word_that_a_recipe_filters_is_one_that_a_caller_gives(host: str) -> None:
    recipe = "\t@tools/q/bin/q queue:list $(if $(filter json yaml,$(FORMAT)),--format $(FORMAT))\n"
    write_file(host, "Makefile", MAKEFILE + "queue-list:\n" + recipe)
    assert drafted(host)["queue:list"]["map"]["--format"] == "FORMAT"


GETOPTS = """#!/usr/bin/env bash
word=$1; shift
if [ "$word" = queue:log ]; then
  while getopts ":c:r:F:" o; do case $o in c) cmd=$OPTARG ;; r) result=$OPTARG ;; F) form=$OPTARG ;; esac; done
else
  while getopts "s:r:jfF" o; do case $o in s) state=$OPTARG ;; j) json=1 ;; f) force=1 ;; *) exit 2 ;; esac; done
fi
"""


def test_a_letter_that_getopts_reads_without_a_value_takes_no_word(host: str) -> None:
    """It is what the script calls it; one that has a value in another subcommand is read as the recipe looks."""
    write_file(host, "tools/q/bin/q", GETOPTS)
    recipe = '\t@tools/q/bin/q queue:set $(if $(FORCE),-f) "$(TASK_ID)" -s "$(STATUS)"\n'
    write_file(host, "Makefile", MAKEFILE.replace("queue-set-status:", "queue-other:") + "queue-set-status:\n" + recipe)
    assert "-f is taken for FORCE" in asked(host)
    entry = drafted(host)["queue:set"]
    assert (entry["map"].items() >= {"-f": "FORCE", "-s": "STATUS"}.items(), entry["positional"]) == (True, ["TASK_ID"])
    assert switches_in(GETOPTS) == {"-j": "JSON", "-f": "FORCE"}


@pytest.mark.parametrize("before", ["--file doc/queue.yaml", "--file=doc/queue.yaml", "--form plain", "-f $(FORMAT)"])
def test_what_is_said_of_a_whole_script_stands_before_the_subcommand(host: str, before: str) -> None:
    """Also with a value that the Makefile knows: the word behind it is the one that says what is asked."""
    recipe = f'\t@tools/q/bin/q {before} mergeable "$(TASK_ID)" --sha "$(REF)"\n'
    write_file(host, "Makefile", MAKEFILE + "queue-merge-ready:\n" + recipe)
    write_file(host, "tools/q/bin/q", "#!/usr/bin/env ruby\ncase ARGV.first\nwhen 'mergeable' then exit\nend\n")
    entry = drafted(host)["mergeable"]
    assert (entry["tool"], entry["positional"], entry["map"]["--sha"]) == ("queue-merge-ready", ["TASK_ID"], "REF")
