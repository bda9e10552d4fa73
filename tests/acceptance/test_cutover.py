"""A repository moves from its older scripts to this suite, lane by lane: the story that `make demo-cutover` tells."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.cutover_standins import STAND_INS
from tests.acceptance.cutover_story import BY_HAND, CHAPTERS, Cutover
from tests.legacy_standin.standin import legacy_db, need_ruby
from tests.support.repositories import git
from tests.support.rings import some
from tests.support.shell import BIN, HOME, environment

need_ruby()

IMPORT = (os.path.join(BIN, "queue-import"), "--legacy-db", ".git/agent_queue/agent_queue.db", "--dry-run")


@pytest.mark.timeout(400)  # half a minute alone, and several where much else runs
@pytest.mark.parametrize("stand_in", some(sorted(STAND_INS)))
def test_a_team_cuts_over_lane_by_lane_and_loses_nothing(tmp_path: Path, stand_in: str) -> None:
    told: list[str] = []
    folder = tmp_path / "work"
    folder.mkdir()
    story = Cutover(str(folder), told.append, stand_in)
    done = []

    def engines() -> dict[str, str]:
        got = story.run(os.path.join(BIN, "lane-engine"), "--format", "tsv")
        rows = [line.split("\t")[:2] for line in got.out.decode().splitlines()]
        return {row[0]: row[1] for row in rows if row[0] in ("A-backend", "B-ui", "C-ops")}

    def agreed(chapter: str) -> None:
        done.append(chapter)
        assert story.disagreements() == [], chapter

    story.begin()
    story.note_the_bytes()
    assert len(story.before) >= 30
    codes = {got.code for got in story.before}
    assert codes >= {0, 2}
    assert len(codes) >= 3
    story.scan()
    scanned = story.run(os.path.join(BIN, "compat-scan"), "--json")
    assert json.loads(scanned.out)["to_fill_in"] == []
    done += ["begin", "note_the_bytes", "scan"]

    assert story.install() == []
    agreed("install")
    assert set(engines().values()) == {"legacy"}

    story.read_the_old()
    agreed("read_the_old")
    again = story.run(*IMPORT, "--json")
    assert [json.loads(again.out)[name] for name in ("new", "changed", "left", "tasks")] == [0, 0, 0, []]

    story.shadow_day()
    agreed("shadow_day")
    assert engines() == {"A-backend": "legacy", "B-ui": "shadow", "C-ops": "legacy"}

    found = {(row["operation"], row["field"]): (row["legacy"], row["own"]) for row in story.report()}
    expected = story.older.found
    assert found.keys() == expected.keys()
    assert {kind: said for kind, said in found.items() if expected[kind] is not None} == {
        kind: said for kind, said in expected.items() if said is not None
    }
    agreed("report")
    assert engines()["B-ui"] == "shadow"

    story.explain()
    agreed("explain")

    story.move_b()
    agreed("move_b")
    assert engines() == {"A-backend": "legacy", "B-ui": "fairway", "C-ops": "legacy"}

    story.mixed_lanes()
    agreed("mixed_lanes")

    story.roll_back()
    agreed("roll_back")
    assert engines()["B-ui"] == "legacy"

    story.move_all()
    agreed("move_all")
    assert set(engines().values()) == {"fairway"}

    story.there_and_back()
    agreed("there_and_back")
    assert set(engines().values()) == {"fairway"}

    before = _dump(legacy_db(story.main))
    story.remove_the_originals()
    agreed("remove_the_originals")
    assert _dump(legacy_db(story.main)) == before
    assert "legacy" not in git(story.main, "ls-files")
    assert git(story.main, "status", "--porcelain") == ""
    assert "nothing is left to do" in told[-2]
    assert done == [name for name, _title in CHAPTERS]
    assert 0 < len(story.by_hand) <= BY_HAND
    if stand_in == "a":
        assert _untold("\n".join(told).replace(story.folder, "/home/team").replace(HOME, "/opt/fairway-scripts")) == []


def test_the_demonstration_starts() -> None:
    script = os.path.join(HOME, "scripts", "demo_cutover.py")
    done = subprocess.run([sys.executable, script, "--help"], capture_output=True, text=True, env=environment())
    assert done.returncode == 0, done.stderr
    assert "--keep" in done.stdout


def test_a_stand_in_that_is_not_there_is_refused_with_the_list() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "demo-cutover", "STANDIN=c"],
        cwd=HOME,
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.returncode == 2
    assert "no stand-in c; there are: a b\n" in done.stderr


#: What is another one each time: (pattern, what stands for it).
_VARIES = (
    (r"\d{8}T\d+Z-\d+", "CALL"),
    (r"\d{4}-\d\d-\d\dT[\d:.]+Z?", "TIME"),
    (r"\b(?=[a-f]*\d)[0-9a-f]{7,40}\b", "COMMIT"),
    (r"(?m)^(  \S+) +\d+ .* x\d.*$", r"\1"),  # a row of the report: two agents at once are never twice the same
    (r"((?:akefile|\.mk):|evidence |\.\.\. )\d+", r"\1N"),
)


def _untold(transcript: str) -> list[str]:
    """The lines of the console blocks of docs/cutover.md that this story did not print."""
    with open(os.path.join(HOME, "docs", "cutover.md"), encoding="utf-8") as file:
        page = file.read()
    for pattern, instead in _VARIES:
        transcript, page = re.sub(pattern, instead, transcript), re.sub(pattern, instead, page)
    told = set(transcript.splitlines())
    shown = [line for block in re.findall(r"(?ms)^```console\n(.*?)^```", page) for line in block.splitlines()]
    assert len(shown) > 40
    return [line for line in shown if line not in (*told, "", "...")]


def _dump(path: str) -> list[str]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return list(connection.iterdump())
    finally:
        connection.close()
