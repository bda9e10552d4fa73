"""The command that starts a provider: a template of words, and what is no such thing."""

from __future__ import annotations

import pytest

from fairway_scripts.base.words.provider_commands import command_words, placeholders, template_fault


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("codex {nonsense}", "{nonsense}"),
        ("codex {}", "{}"),
        ("codex {task_id", "{"),
        ("codex {{task_id}}", "{"),
        ("codex 'open", "no command line"),
        ("codex | tee x", "without a shell"),
        ("codex && echo", "without a shell"),
        ("codex > log", "without a shell"),
        ("A=1 codex", "env A=1"),
        ("{role} go", "start with a program"),
        ("sh -c 'codex {task_id}'", "$FAIRWAY_TASK_ID"),
        ("env A=1 /bin/bash -lc 'codex {prompt}'", "$FAIRWAY_PROMPT"),
        ("setsid zsh -c \"echo 'x' {role}\"", "$FAIRWAY_ROLE"),
    ],
)
def test_what_is_no_template_is_said(command: str, fault: str) -> None:
    assert fault in template_fault(command)


@pytest.mark.parametrize(
    "command",
    [
        "codex",
        "codex -C {worktree} 'Work on {task_id} as {role}' {prompt}",
        "env CODEX_HOME=/x codex exec --output {transcript} @{packet}",
        "sh -c 'codex \"$FAIRWAY_TASK_ID\" | tee log'",
        "claude -c {prompt}",
    ],
)
def test_a_template(command: str) -> None:
    assert template_fault(command) == ""


@pytest.mark.parametrize("value", ["a b", "'; x; '", "$(x)", "`x`", '"', "\\", "a\nb", "{role}", "--flag", ""])
def test_a_value_stays_one_word_whatever_it_holds(value: str) -> None:
    words = command_words("run 'say {prompt} twice' end", {"prompt": value})
    assert words == ["run", f"say {value} twice", "end"]


def test_a_word_that_is_nothing_but_a_missing_value_is_left_out() -> None:
    assert command_words("codex {prompt} -x{packet}", {}) == ["codex", "-x"]
    assert command_words("codex '' {prompt}", {"prompt": "go"}) == ["codex", "", "go"]


def test_the_placeholders_of_a_template() -> None:
    assert placeholders("codex {task_id} -C {worktree} {task_id}") == {"task_id", "worktree"}
