"""`fairway agents`: what it writes into a project is shown, marked, harmless elsewhere, and goes away to the byte."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fairway_scripts.agents.hook_files import PROGRAMS, with_hook, without_hook
from fairway_scripts.agents.marked_block import is_edited, with_block, without_block
from fairway_scripts.catalog import FAMILIES, TOOLS
from tests.support.shell import BIN, Answer, Checkout, environment, make_checkout, queue_text, run_tool, task

#: Files as people have them, each in another hand.
OWN_FILES = {
    "AGENTS.md": "# Rules\n\nBe kind.",
    ".claude/settings.json": '{"permissions": {"allow": ["Bash(make:*)"]},\n   "hooks": '
    '{"SessionStart": [\n {"hooks": []}]}}',
    ".cursor/hooks.json": '{\n\t"version": 1,\n\t"hooks": {"stop": [{"command": "./x.sh"}]}\n}\n',
    ".gemini/settings.json": "{}",
}


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])


def tree(folder: str) -> dict[str, bytes]:
    """Every file below a folder but for those of git, with its bytes."""
    found = (path for path in Path(folder).rglob("*") if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def write(project: Checkout, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(project.main, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


class TestInstallAndRemove:
    @pytest.mark.parametrize("files", [{}, OWN_FILES, {"AGENTS.md": "x\n"}, {"AGENTS.md": ""}])
    def test_removing_gives_back_what_was_there_to_the_byte(self, project: Checkout, files: dict[str, str]) -> None:
        write(project, files)
        before = tree(project.main)
        project.ok("fairway-agents", "install", "--for", "claude,codex,cursor,gemini")
        assert len(tree(project.main)) == len(before) + 5 - len(files)
        project.ok("fairway-agents", "install")
        project.ok("fairway-agents", "remove")
        assert tree(project.main) == before
        assert {name for name in os.listdir(project.main) if name.startswith(".")} == {".git", ".fairway"} | {
            name.partition("/")[0] for name in files if name.startswith(".")
        }

    def test_what_others_wrote_since_stays(self, project: Checkout) -> None:
        write(project, OWN_FILES)
        project.ok("fairway-agents", "install")
        for name in ("AGENTS.md", ".claude/settings.json"):
            path = Path(project.main, name)
            path.write_text(path.read_text().replace("Be kind.", "Be brief.").replace("make:*", "go:*"))
        project.ok("fairway-agents", "remove")
        assert Path(project.main, "AGENTS.md").read_text() == "# Rules\n\nBe brief."
        assert json.loads(Path(project.main, ".claude/settings.json").read_text()) == {
            "permissions": {"allow": ["Bash(go:*)"]},
            "hooks": {"SessionStart": [{"hooks": []}]},
        }

    def test_a_colleague_without_our_record_removes_it_too(self, project: Checkout) -> None:
        project.ok("fairway-agents", "install", "--for", "cursor")
        os.unlink(os.path.join(project.main, ".git", "fairway", "agents.json"))
        project.ok("fairway-agents", "remove")
        assert not os.path.exists(os.path.join(project.main, "AGENTS.md"))
        assert not os.path.exists(os.path.join(project.main, ".cursor"))

    def test_installing_twice_changes_nothing(self, project: Checkout) -> None:
        project.ok("fairway-agents", "install")
        before = tree(project.main)
        again = project.ok("fairway-agents", "install")
        assert (again.out, "nothing is to be changed" in again.err) == ("", True)
        assert tree(project.main) == before

    def test_the_diff_is_shown_and_a_dry_run_writes_nothing(self, project: Checkout) -> None:
        shown = project.ok("fairway-agents", "install", "--for", "claude", "--dry-run")
        assert "+++ b/AGENTS.md" in shown.out
        assert "+1. Run `fairway prime` first." in shown.out
        assert not os.path.exists(os.path.join(project.main, "AGENTS.md"))
        assert project.ok("fairway-agents", "install", "--for", "claude").out == shown.out
        paths = [
            change["path"] for change in project.ok("fairway-agents", "remove", "--dry-run", "--json").json["files"]
        ]
        assert paths == ["AGENTS.md", ".claude/settings.json"]

    @pytest.mark.parametrize("action", ["install", "skill"])
    def test_where_fairway_is_not_on_path_the_line_that_puts_it_there_is_said(
        self, action: str, project: Checkout
    ) -> None:
        said = "note: fairway is not on PATH, where agents look for it: ln -s "
        assert said in project.ok("fairway-agents", action, env={"PATH": "/usr/bin:/bin"}).err
        assert said not in project.ok("fairway-agents", action, env={"PATH": f"{BIN}:/usr/bin:/bin"}).err

    def test_it_writes_into_the_worktree_that_one_stands_in(self, tmp_path: Path) -> None:
        project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
        project.ok("fairway-agents", "install", "--for", "codex", cwd=project.lanes["B-ui"])
        assert os.path.exists(os.path.join(project.lanes["B-ui"], ".codex", "hooks.json"))
        assert not os.path.exists(os.path.join(project.main, ".codex"))


class TestHooks:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_the_hook_gives_the_page(self, project: Checkout, program: str) -> None:
        project.ok("fairway-agents", "install", "--for", program)
        settings = json.loads(Path(project.main, PROGRAMS[program].path).read_text())
        entry = settings["hooks"][PROGRAMS[program].event][0]
        line = (entry["hooks"][0] if PROGRAMS[program].grouped else entry)["command"]
        given = self.shell(line, project.main, f"{BIN}:{os.path.dirname(sys.executable)}:{os.environ['PATH']}")
        answer = given.json
        text = answer.get("additional_context") or answer["hookSpecificOutput"]["additionalContext"]
        assert text.startswith("# fairway: work state of gpuaas")

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_without_the_suite_the_hook_does_nothing(self, project: Checkout, program: str) -> None:
        project.ok("fairway-agents", "install", "--for", program)
        entry = json.loads(Path(project.main, PROGRAMS[program].path).read_text())["hooks"][PROGRAMS[program].event][0]
        line = (entry["hooks"][0] if PROGRAMS[program].grouped else entry)["command"]
        assert self.shell(line, project.main, "/usr/bin:/bin") == (0, "", "")

    @staticmethod
    def shell(line: str, cwd: str, path: str) -> Answer:
        env = environment(PATH=path)
        done = subprocess.run(["/bin/sh", "-c", line], cwd=cwd, env=env, capture_output=True, text=True, timeout=60)
        return Answer(done.returncode, done.stdout, done.stderr)


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("{\n  // a comment\n}", ".claude/settings.json:2: "),
            ('{"a": 1, "a": 2}', "the key 'a' stands twice"),
            ("[]", "it is no object"),
            ('{"hooks": []}', "hooks is not of the kind"),
            ('{"hooks": {"SessionStart": {}}}', "SessionStart is not of the kind"),
            ('{"a": NaN}', "the number NaN cannot be written again"),
            ('{"a": -1e400}', "the number -1e400 cannot be written again"),
            ('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ],
    )
    def test_settings_that_cannot_be_read_are_left_alone(self, project: Checkout, text: str, said: str) -> None:
        write(project, {".claude/settings.json": text})
        answer = project.run("fairway-agents", "install", "--for", "claude")
        assert (answer.code, answer.word, said in answer.err) == (1, "invalid_document", True)
        assert Path(project.main, ".claude/settings.json").read_text() == text
        assert not os.path.exists(os.path.join(project.main, "AGENTS.md"))

    def test_a_block_that_was_edited_is_left_alone(self, project: Checkout) -> None:
        project.ok("fairway-agents", "install", "--for", "claude")
        path = Path(project.main, "AGENTS.md")
        path.write_text(path.read_text().replace("first.", "first, and mind the step."))
        for action in ("install", "remove"):
            answer = project.run("fairway-agents", action)
            assert (answer.code, answer.word) == (4, "file_owned")
        assert "mind the step" in path.read_text()

    @pytest.mark.parametrize("words", [[], ["instal"], ["install", "--for", "emacs"]])
    def test_words_that_are_not_known(self, project: Checkout, words: list[str]) -> None:
        answer = project.run("fairway-agents", *words)
        assert (answer.code, answer.word) == (2, "usage")

    def test_a_home_folder_is_no_project(self, project: Checkout) -> None:
        answer = project.run("fairway-agents", "install", env={"HOME": project.main})
        assert (answer.code, answer.word, "for all of your projects" in answer.err) == (2, "usage", True)
        assert run_tool("fairway-agents", "install", cwd="/").word == "usage"

    @pytest.mark.parametrize("linked", [".claude", ".claude/settings.json", "AGENTS.md"])
    def test_a_link_out_of_the_project_is_not_followed(self, project: Checkout, tmp_path: Path, linked: str) -> None:
        """What a home folder shares between projects is often linked into them."""
        shared = tmp_path / "shared"
        (shared if linked == ".claude" else shared.parent).mkdir(exist_ok=True)
        if linked != ".claude":
            shared.write_text("")
        Path(project.main, linked).parent.mkdir(exist_ok=True)
        os.symlink(shared, os.path.join(project.main, linked))
        before = tree(project.main)
        answer = project.run("fairway-agents", "install", "--for", "claude")
        assert (answer.code, answer.word, f"{linked} is a link" in answer.err or linked == ".claude") == (
            4,
            "file_owned",
            True,
        )
        assert tree(project.main) == before
        assert (os.listdir(shared) if shared.is_dir() else shared.read_text()) in ([], "")
        assert project.run("fairway-agents", "remove").code == 0
        if linked == ".claude":
            assert project.run("fairway-agents", "skill").word == "file_owned"

    def test_links_inside_of_the_project_are_written_through_and_stay(self, project: Checkout) -> None:
        os.mkdir(os.path.join(project.main, "agents"))
        os.symlink("agents", os.path.join(project.main, ".claude"))
        os.symlink("RULES.md", os.path.join(project.main, "AGENTS.md"))
        project.ok("fairway-agents", "install", "--for", "claude")
        assert {"RULES.md", "agents/settings.json"} <= set(tree(project.main))
        project.ok("fairway-agents", "remove")
        assert not {"RULES.md", "agents/settings.json"} & set(tree(project.main))
        assert os.path.islink(os.path.join(project.main, ".claude"))
        assert os.path.islink(os.path.join(project.main, "AGENTS.md"))

    def test_a_text_that_is_no_character_keeps_its_escape(self, project: Checkout) -> None:
        write(project, {".claude/settings.json": '{"a": "\\ud800"}'})
        project.ok("fairway-agents", "install", "--for", "claude")
        assert '"\\ud800"' in Path(project.main, ".claude/settings.json").read_text()


class TestSkill:
    def test_it_goes_to_the_top_of_the_project_and_into_no_home(self, project: Checkout) -> None:
        (below := Path(project.main, "below")).mkdir()
        listed = run_tool("fairway-agents", "skill", cwd=str(below)).out.split()
        assert "../.claude/skills/fairway/SKILL.md" in listed
        assert Path(project.main, ".claude/skills/fairway/SKILL.md").exists()
        answer = project.run("fairway-agents", "skill", env={"HOME": project.main})
        assert (answer.code, answer.word) == (2, "usage")

    def test_it_names_every_tool_and_is_written_again(self, project: Checkout) -> None:
        listed = project.ok("fairway-agents", "skill").out.split()
        assert len(listed) == len(FAMILIES) + 1
        text = "".join(Path(project.main, name).read_text() for name in listed)
        assert all(tool.summary in text for tool in TOOLS.values() if tool.name != "fairway")
        head = Path(project.main, ".claude/skills/fairway/SKILL.md").read_text()
        assert head.startswith("---\nname: fairway\ndescription: ")
        assert len(head) < 3_000
        project.ok("fairway-agents", "skill")

    def test_somebody_elses_skill_stays(self, project: Checkout) -> None:
        os.mkdir(os.path.join(project.main, "s"))
        Path(project.main, "s", "SKILL.md").write_text("mine\n")
        assert project.run("fairway-agents", "skill", "--into", "s").word == "file_owned"
        assert os.listdir(os.path.join(project.main, "s")) == ["SKILL.md"]


@pytest.mark.parametrize("text", ["", "x", "x\n", "x\n\n", "<!-- a comment -->\n"])
def test_a_block_goes_in_and_out(text: str) -> None:
    inside = with_block(text, "one\n")
    assert without_block(inside) == text
    assert with_block(inside, "one") == inside
    assert without_block(with_block(inside + "more\n", "two")) == text + "more\n"
    assert not is_edited(inside)
    assert is_edited(inside.replace("one", "other"))


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=lambda program: program.name)
def test_a_hook_stands_once_whatever_is_there(program: object) -> None:
    text = with_hook(program, '{"hooks": {}, "more": true}')  # type: ignore[arg-type]
    assert with_hook(program, text) == text  # type: ignore[arg-type]
    assert json.loads(without_hook(program, text)) == {"more": True}  # type: ignore[arg-type]
