"""What a bundle says of a finished run: its commands with their results, each result with where it comes from."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.shell_words import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from fairway_scripts.runs.run_shapes import BundledCommand, ListedCommand, RanCommand, RunFile

#: Types of file that speak of a command instead of being one.
_ABOUT = ("command_list", "exit_code")


class Bundle:
    """The commands of a run, found one by one; `faults` collects what keeps it from being recorded."""

    def __init__(self, files: Iterable[RunFile], given: str) -> None:
        self.files = {row["path"]: row for row in files}
        self.given = given
        self.commands: list[BundledCommand] = []
        self.faults: list[str] = []
        self.spoken_for: set[str] = set()

    def listed(self, row: ListedCommand, path: str, artifact: str) -> None:
        """Take a command of the list at `path`; `artifact` is its file as the bundle names it, "" for none."""
        place = f"{path}:{row['line']}"
        if artifact and artifact not in self.files:
            self.faults.append(f"{place}: the artifact {row['artifact']} is not among the files of the run")
            return
        said = [(row["result"], "command list")] if row["result"] else []
        if row["exit_code"] is not None:
            said.append(("pass" if row["exit_code"] == 0 else "fail", "exit code"))
        said += self._of_artifact(artifact)
        result, source = self._settled(said, place, row["command"])
        kind = row["artifact_type"] or (self.files[artifact]["type"] if artifact else "")
        self._add(row["command"], result, source, artifact, kind, row["notes"], row["seconds"])

    def unlisted(self, command_of: Callable[[str], str]) -> None:
        """Take what the files say beyond the list: exit codes with their command, JUnit reports, artifacts."""
        for path, row in sorted(self.files.items()):
            if path in self.spoken_for:
                continue
            if row["type"] == "exit_code":
                self._exit_file(path, row, command_of)
            elif row["type"] == "junit" and row["result"]:
                self._add(f"JUnit report {path}", row["result"], row["result_from"], path, "junit", row["told"])
            elif row["type"] == "junit":
                self._add_given(path, f"JUnit report {path}")
            elif row["type"] not in ("file", "command_log", *_ABOUT) and (row["result"] or self.given):
                source = row["result_from"] or "RESULT"
                self._add(row["type"], row["result"] or self.given, source, path, row["type"])

    def refuse(self) -> None:
        """Raise FairwayError `invalid_document` when something is not known or contradicts itself."""
        if self.faults:
            raise FairwayError(
                "invalid_document",
                "\n".join(self.faults),
                "write each result into the command list, or give RESULT for all unknown ones",
                faults=self.faults,
            )

    def _exit_file(self, path: str, row: RunFile, command_of: Callable[[str], str]) -> None:
        stem = path.removesuffix(".exit")
        told = f"{stem}.cmd"
        if told not in self.files:
            self.faults.append(f"{path}: which command ended so is not known: write it into {told} or a command list")
            return
        log = next((name for name in (stem, f"{stem}.log", f"{stem}.out", f"{stem}.txt") if name in self.files), "")
        self._add(command_of(told), row["result"], row["result_from"], log, "command_log" if log else "")
        self.spoken_for.update((path, told))

    def _add_given(self, path: str, command: str) -> None:
        if self.given:
            self._add(command, self.given, "RESULT", path, self.files[path]["type"])
        else:
            self.faults.append(f"{path}: has no case, so it says nothing")

    def _of_artifact(self, artifact: str) -> list[tuple[str, str]]:
        """What the artifact of a command and the exit-code file beside it say."""
        if not artifact:
            return []
        said = []
        beside = {f"{artifact}.exit", f"{os.path.splitext(artifact)[0]}.exit"}
        for name in (artifact, *sorted(beside)):
            row = self.files.get(name)
            if row and row["result"]:
                said.append((row["result"], f"{row['result_from']} {name}"))
                self.spoken_for.add(name)
        return said

    def _settled(self, said: list[tuple[str, str]], place: str, command: str) -> tuple[str, str]:
        """The one result that everything agrees on."""
        words = {word for word, _source in said}
        if len(words) > 1:
            told = ", but ".join(f"{source} says {word}" for word, source in said)
            self.faults.append(f"{place}: {command}: {told}")
        elif not said and not self.given:
            self.faults.append(f"{place}: {command}: its result is not known")
        return said[0] if said else (self.given, "RESULT")

    def _add(
        self,
        command: str,
        result: str,
        source: str,
        artifact: str,
        kind: str,
        notes: str = "",
        seconds: int | None = None,
    ) -> None:
        self.spoken_for.add(artifact)
        self.commands.append(
            {
                "command": command,
                "result": result,
                "result_from": source,
                "duration_seconds": seconds,
                "artifact": artifact,
                "artifact_type": kind,
                "notes": f" {notes}" if notes.startswith("@") else notes,  # @file would be read from a file
            }
        )


def overall(commands: Iterable[RanCommand]) -> str:
    """What the record of the manifest itself says: never more than the commands do."""
    results = {row["result"] for row in commands}
    if not results:
        return "skipped"
    if "fail" in results:
        return "fail"
    return "pass" if results == {"pass"} else "partial"


def manifest_command(task_id: str) -> str:
    """Name the call that the evidence of a manifest records: the same whoever makes it, and from where."""
    return f"evidence-bundle {task_id}"


def script_lines(
    task_id: str, commands: Sequence[RanCommand], *, sha256: str, manifest: str, root: str, common: str
) -> list[str]:
    """The lines of a POSIX sh script that records a bundle with queue-record-evidence; repeating it adds nothing.

    `manifest` is the manifest's file name beside the script ("" when it is not kept), `root` says where artifacts
    begin (`worktree` or `folder`), `common` holds flags that every call gets.
    """
    start = '"$(git rev-parse --show-toplevel)"' if root == "worktree" else '"$here"'
    lines = [
        "#!/bin/sh",
        f"# Records the bundle {sha256[:16]} as evidence. Review it, then run it in a work tree of the project.",
        "# FAIRWAY_BIN names the folder of the tools when they are not on PATH; ROOT where the artifacts begin.",
        "set -eu",
        'here=$(cd "$(dirname "$0")" && pwd)',
        f"root=${{ROOT:-{start}}}",
        "record() {",
        f'    "${{FAIRWAY_BIN:+$FAIRWAY_BIN/}}queue-record-evidence" --task-id={quoted(task_id)}{common} "$@"',
        "}",
        "",
    ]
    for number, row in enumerate(commands, 1):
        lines.append(_call(row, f"bundle-{sha256[:16]}-{number}", '"$root"/' + quoted(row["artifact"])))
    if manifest:
        whole: RanCommand = {
            "command": manifest_command(task_id),
            "result": overall(commands),
            "duration_seconds": None,
            "artifact": manifest,
            "artifact_type": "evidence-manifest",
            "notes": "",
        }
        lines.append(_call(whole, f"bundle-{sha256[:16]}-manifest", '"$here"/' + quoted(manifest)))
    return lines


def _call(row: RanCommand, request: str, artifact: str) -> str:
    words = ["record", f"--request-id={request}", f"--result={row['result']}"]
    words.append(f"--command-text={quoted(row['command'])}")
    if row["artifact"]:
        words.append(f"--artifact={artifact}")
    if row["artifact_type"]:
        words.append(f"--artifact-type={quoted(row['artifact_type'])}")
    if row["duration_seconds"] is not None:
        words.append(f"--duration-seconds={row['duration_seconds']}")
    if row["notes"]:
        words.append(f"--notes={quoted(row['notes'])}")
    return " \\\n    ".join(words)
