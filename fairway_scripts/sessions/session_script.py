"""The small shell script that runs one provider session and says when it has ended."""

from __future__ import annotations

import os
import shlex
import shutil

from fairway_scripts.base.git_folder import make_folder

#: What the session must not take over from whoever starts the terminal server, or from a hook that launches.
_DROPPED = (
    *("ACTOR", "QUEUE_DB", "AGENT_QUEUE_DB", "QUEUE_FILE", "AGENT_QUEUE_FILE", "FAIRWAY_CONFIG", "FAIRWAY_NOW"),
    *("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "MAKEFLAGS", "MFLAGS", "MAKELEVEL"),
)

_SCRIPT = """\
#!/bin/sh
# Runs the session {session_id}. Written by session-launch.
unset {dropped}
{exports}
ended=
finish() {{
  [ -z "$ended" ] || return 0
  ended=1
  {end} --exit-code "$1" --reason "$2" </dev/null >/dev/null 2>&1
}}
# Ctrl-C is for the provider; a closed terminal and a request to end are for both.
trap : INT
trap 'finish 129 "the terminal was closed"; exit 129' HUP
trap 'finish 143 "asked to end"; exit 143' TERM
printf '%s %s\\n' "$$" "${{ZELLIJ_PANE_ID:-}}" >{pid_file}.part && mv {pid_file}.part {pid_file}
cd {worktree} || {{ finish 1 'the worktree is gone'; exit 1; }}
{run}
code=$?
finish "$code" 'the provider exited'
exit "$code"
"""


def write_script(
    path: str,
    *,
    session_id: str,
    environment: dict[str, str],
    worktree: str,
    command: list[str],
    end_command: list[str],
    transcript: str,
    recording: str,
) -> None:
    """Write the script to `path`, readable by its owner only.

    It exports `environment`, runs `command` in `worktree` with its output kept in `transcript` (in the way that
    `recording` names), and at the end runs `end_command` with the exit code and a reason. Everything is quoted: no
    value can end up as code.
    """
    text = _SCRIPT.format(
        session_id=session_id,
        dropped=" ".join(_DROPPED),
        exports="\n".join(f"export {name}={shlex.quote(value)}" for name, value in environment.items()),
        end=_line(end_command),
        pid_file=shlex.quote(f"{path}.pid"),
        worktree=shlex.quote(worktree),
        run=_recorded(_line(command), transcript, recording),
    )
    make_folder(os.path.dirname(path), mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o700)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def pid_file(path: str) -> str:
    """Where the script at `path` writes its process number."""
    return f"{path}.pid"


def _recorded(line: str, transcript: str, recording: str) -> str:
    place = shlex.quote(transcript)
    if recording == "file":
        return f"{line} </dev/null >>{place} 2>&1"
    if recording == "pane":
        # tmux expands #{...} and %Y in the command that takes over a pane's output
        sink = f"exec cat >>{place}".replace("#", "##").replace("%", "%%")
        return f'tmux pipe-pane -t "$TMUX_PANE" {shlex.quote(sink)}\n{line}'
    if recording == "terminal" and shutil.which("script"):
        if os.uname().sysname == "Linux":
            return f"script -q -e -f -a -c {shlex.quote(line)} {place}"
        return f"script -q -a {place} {line}"
    return line


def _line(words: list[str]) -> str:
    return shlex.join(words)
