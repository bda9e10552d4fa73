"""Somebody who has read the README and types nothing but its lines and those that the tools print.

A line is chosen by the tool that it calls, from what was printed last to what the README says. Only values in angle
brackets are filled in, and a line with one that is left is a fault of whoever printed it.
"""

from __future__ import annotations

import os
import re
import subprocess

from tests.support.shell import HOME, Answer, environment

#: Where the tools of this checkout are in the README's lines.
BESIDE = "../fairway-scripts/bin/"
_ASKED = re.compile(r"'<([a-z-]+)>'|<([a-z-]+)>")
#: How lines that are to be typed are printed: behind a word, indented below one, or as a fix in a list.
_PRINTED = re.compile(r"^\s*(?:(?:note|hint|warning): )?(?:next: |then: |merge: |for make: |fix: |run: )?(\S.*)$")


def readme_lines() -> list[str]:
    """Every line of the README's shell blocks, without its comment."""
    with open(os.path.join(HOME, "README.md"), encoding="utf-8") as file:
        blocks = re.findall(r"```sh\n(.*?)```", file.read(), re.DOTALL)
        file.seek(0)
        inline = re.findall(r"`(\S*[a-z]-[a-z]+ [^`]*)`", file.read())
    rows = [re.sub(r"\s+#.*", "", row).strip() for block in blocks for row in block.splitlines()]
    rows = [*inline, *rows]
    return [row for row in rows if row and not row.startswith("#")]


class Newcomer:
    """One newcomer in one repository; `typed` are the lines of tools that were typed, `path` goes before PATH."""

    def __init__(self, folder: str, *, installed: str = "") -> None:
        self.folder = folder
        self.installed = installed
        self.lines = readme_lines()
        self.typed: list[str] = []
        self.printed: list[str] = []

    def types(
        self, tool: str, *, cwd: str = "", code: int = 0, actor: str = "", said: str = "", **values: str
    ) -> Answer:
        """Type the newest line that calls `tool`, with `values` in its angle brackets (`task_id` for `<task-id>`).

        `said` is a part of the line that is meant, where several do.
        """
        line = self._filled(self._line_of(tool, said), values)
        self.typed.append(line)
        answer = self.shell(line, cwd=cwd, actor=actor)
        assert answer.code == code, (line, answer)
        return answer

    def shell(self, line: str, *, cwd: str = "", actor: str = "") -> Answer:
        """Run a line of anybody's own work, and read what is printed."""
        env = environment(**({"ACTOR": actor} if actor else {}))
        env["PATH"] = f"{self.installed}:{env['PATH']}" if self.installed else env["PATH"]
        done = subprocess.run(
            ["sh", "-c", line], cwd=cwd or self.folder, env=env, capture_output=True, text=True, timeout=120
        )
        for row in [*done.stdout.splitlines(), *done.stderr.splitlines()]:
            self.printed.append(row)
            found = _PRINTED.match(row)
            if found:
                self.lines.append(found[1])
        return Answer(done.returncode, done.stdout, done.stderr)

    def has_read(self, text: str) -> bool:
        """Whether something printed so far says this."""
        return any(text in row for row in self.printed)

    def _line_of(self, tool: str, said: str) -> str:
        start = re.compile(rf"^(?:make (?:-\S+ )*|\S*/)?{re.escape(tool)}(?= |$)")
        found = [line for line in self.lines if start.match(line) and said in line]
        assert found, f"nothing that was read or printed calls {tool} {said}: {self.printed}"
        line = found[-1]
        return line.removeprefix(BESIDE) if self.installed else line

    def _filled(self, line: str, values: dict[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = (match[1] or match[2]).replace("-", "_")
            assert name in values, f"{line}: nobody was told what <{name}> is"
            return "'" + values[name] + "'"

        return _ASKED.sub(value, line)
