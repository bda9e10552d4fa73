"""A skill folder for agent programs, written from the catalogue: one short page, and a page a family to look up."""

from __future__ import annotations

import os

from fairway_scripts import __version__
from fairway_scripts.agents.installing import project_here, refuse_outside
from fairway_scripts.calls.umbrella import NAME, verb_of
from fairway_scripts.catalog import FAMILIES, family_tools
from fairway_scripts.front.tiers import daily, families

_MARK = f"<!-- written by fairway agents skill, {__version__} -->"
_HEAD = """\
---
name: fairway
description: Take and finish tasks of this repository's work queue - claim, evidence, handoff, review, merge gates. \
Use it whenever work begins, a task is named, or the state of work is asked for.
---
"""
_WAY = """
Run `fairway prime` first and after each step: it prints your task, what is missing of it, and the next lines to run.
Run them as printed and fill in what stands in <angle brackets>. A refusal prints the line that mends it. Never type a
result that no command gave, and never a verdict on your own work.
"""


def skill_files() -> dict[str, str]:
    """The files of the skill, by their path in its folder."""
    day = [f"- `{NAME} {verb_of(tool.name)}`: {tool.summary}" for tool in daily()]
    more = [f"- [{name}]({name}.md): {about}" for name, about in families().items()]
    page = f"{_HEAD}{_MARK}\n\n# fairway\n{_WAY}\n## The commands of the day\n\n"
    page += "\n".join(day) + "\n\n## All others, by family\n\n" + "\n".join(more) + "\n"
    return {"SKILL.md": page} | {f"{name}.md": _family(name) for name in FAMILIES}


def is_ours(text: str) -> bool:
    """Whether a file was written by this."""
    return _MARK.partition(",")[0] in text


def folder_of(given: str) -> str:
    """Where the skill goes: the folder that is named, else where Claude looks for skills of the project here.

    Raises FairwayError as `installing` does: `usage` where no project is, `file_owned` for a link out of it.
    """
    if given:
        return given
    root = project_here()[1]
    place = os.path.join(".claude", "skills", NAME)
    refuse_outside(root, place)
    return os.path.relpath(os.path.join(root, place))


def _family(name: str) -> str:
    lines = [_MARK, "", f"# {families()[name]}", ""]
    for tool in family_tools(name):
        if tool.name == NAME:
            continue
        example = (tool.example or tool.name).replace(tool.name, f"{NAME} {verb_of(tool.name)}", 1)
        lines += [f"- `{NAME} {verb_of(tool.name)}`: {tool.summary}", f"  `{example}`"]
    return "\n".join(lines) + "\n"
