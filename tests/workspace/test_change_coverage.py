"""Whether a change is the one that was read: a table of repository shapes, all of them in one repository."""

from __future__ import annotations

import os

import pytest

from fairway_scripts.git.change_coverage import changed_entries, differing_paths, same_tree
from tests.support.repositories import git, make_repository

BLOCK = "".join(f"  step {number}\n" for number in range(8))
#: Six blocks that are equal, so that the lines around an edit do not tell in which one it was made.
BLOCKS = ["first\n", *[BLOCK] * 6, "last\n"]
LINES = [f"line {number}\n" for number in range(40)]
ODD = b"quote'd\" \xff\n"


def blocks(edited: int = -1, ahead: str = "") -> str:
    """The six blocks, one of them edited, with lines before all of them."""
    return ahead + "".join(
        text.replace("step 4", "step four") if number == edited else text for number, text in enumerate(BLOCKS)
    )


def lines(ahead: str = "", **changes: str) -> str:
    """Forty lines, with `line_20="x"` replacing one of them."""
    changed = list(LINES)
    for name, text in changes.items():
        changed[int(name.removeprefix("line_"))] = text
    return ahead + "".join(changed)


Files = dict["str | bytes", "str | bytes | tuple[str, str | bytes]"]


class Shapes:
    """Commits made from their files alone: `commit("name", files, parents)`, then all at once by `git fast-import`."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.stream: list[bytes] = []
        self.marks: dict[str, int] = {}

    def commit(self, name: str, files: Files, *parents: str) -> None:
        mark = self.marks[name] = len(self.marks) + 1
        said = name.encode()
        lines = [f"commit refs/heads/{name}\nmark :{mark}\n".encode()]
        lines.append(b"committer T <t@example.org> %d +0000\ndata %d\n%s\n" % (mark, len(said), said))
        for word, parent in zip(("from", *["merge"] * 9), parents, strict=False):
            lines.append(f"{word} :{self.marks[parent]}\n".encode())
        lines.append(b"deleteall\n")
        for path, content in files.items():
            mode, data = content if isinstance(content, tuple) else ("100644", content)
            quoted = (
                b'"' + os.fsencode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
            )
            raw = data if isinstance(data, bytes) else data.encode()
            if mode == "160000":
                lines.append(b"M 160000 %s %s\n" % (raw, quoted))
            else:
                lines.append(b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), quoted, len(raw), raw))
        self.stream += lines

    def ids(self) -> dict[str, str]:
        git(self.place, "fast-import", "--quiet", "--force", feed=b"".join(self.stream))
        out = git(self.place, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads/")
        return dict(line.split(" ") for line in out.split("\n"))  # type: ignore[misc]


#: name: (files of the base, of what was read, of the base now, of what is there now, paths that are not as read)
SAME, OTHER = "same", "other"
TABLE: dict[str, tuple[Files, Files, Files, Files, list[str]]] = {
    # --- from the same base: the trees decide
    "the same contents in other commits": ({"f": "a"}, {"f": "b"}, {"f": "a"}, {"f": "b"}, []),
    "another of six equal blocks": (
        {"f": blocks()},
        {"f": blocks(2)},
        {"f": blocks()},
        {"f": blocks(5)},
        ["f"],
    ),
    "blanks at the end of a line": ({"f": "a\n"}, {"f": "b\n"}, {"f": "a\n"}, {"f": "b \n"}, ["f"]),
    "a tab for blanks": ({"f": "a\n"}, {"f": "\tb\n"}, {"f": "a\n"}, {"f": "        b\n"}, ["f"]),
    "carriage returns": ({"f": "a\n"}, {"f": "b\n"}, {"f": "a\n"}, {"f": "b\r\n"}, ["f"]),
    "no end of the last line": ({"f": "a\n"}, {"f": "b\n"}, {"f": "a\n"}, {"f": "b"}, ["f"]),
    "a mode": ({"f": "a"}, {"f": "b"}, {"f": "a"}, {"f": ("100755", "b")}, ["f"]),
    "a link instead of a file": ({"f": "a"}, {"f": "b"}, {"f": "a"}, {"f": ("120000", "b")}, ["f"]),
    "where a link leads": ({}, {"f": ("120000", "b")}, {}, {"f": ("120000", "c")}, ["f"]),
    "a submodule": ({}, {"m": ("160000", "1" * 40)}, {}, {"m": ("160000", "2" * 40)}, ["m"]),
    "binary contents": ({"f": b"\0a"}, {"f": b"\0b"}, {"f": b"\0a"}, {"f": b"\0c"}, ["f"]),
    "a file under another name": ({"f": "a"}, {"g": "a"}, {"f": "a"}, {"h": "a"}, ["g", "h"]),
    "one file more": ({"f": "a"}, {"f": "b"}, {"f": "a"}, {"f": "b", "g": "x"}, ["g"]),
    "one file less": ({"f": "a", "g": "x"}, {"f": "b"}, {"f": "a", "g": "x"}, {"f": "b", "g": "x"}, ["g"]),
    "names that are hard to write": ({}, {ODD: "a"}, {}, {ODD: "b"}, [os.fsdecode(ODD)]),
    # --- from another base: the edits decide, each at its place
    "rebased over other files": ({"f": "a"}, {"f": "b"}, {"f": "a", "g": "x"}, {"f": "b", "g": "x"}, []),
    "rebased under new lines": (
        {"f": lines()},
        {"f": lines(line_30="x\n")},
        {"f": lines("new\nlines\n")},
        {"f": lines("new\nlines\n", line_30="x\n")},
        [],
    ),
    "rebased above new lines": (
        {"f": lines()},
        {"f": lines(line_3="x\n")},
        {"f": lines(line_30="more\nlines\n")},
        {"f": lines(line_3="x\n", line_30="more\nlines\n")},
        [],
    ),
    "two edits, rebased around one of the base": (
        {"f": lines()},
        {"f": lines(line_3="x\n", line_30="y\n")},
        {"f": lines(line_15="more\nlines\n")},
        {"f": lines(line_3="x\n", line_15="more\nlines\n", line_30="y\n")},
        [],
    ),
    "rebased, in the same one of six equal blocks": (
        {"f": blocks()},
        {"f": blocks(2)},
        {"f": blocks(ahead="new\n")},
        {"f": blocks(2, ahead="new\n")},
        [],
    ),
    "rebased, in another of six equal blocks": (
        {"f": blocks()},
        {"f": blocks(2)},
        {"f": blocks(ahead="new\n")},
        {"f": blocks(3, ahead="new\n")},
        ["f"],
    ),
    "rebased over other files, in another of six equal blocks": (
        {"f": blocks()},
        {"f": blocks(2)},
        {"f": blocks(), "g": "x"},
        {"f": blocks(3), "g": "x"},
        ["f"],
    ),
    "rebased over a change of the lines around": (
        {"f": lines()},
        {"f": lines(line_10="x\n")},
        {"f": lines(line_12="y\n")},
        {"f": lines(line_10="x\n", line_12="y\n")},
        ["f"],
    ),
    "rebased, with one edit more": (
        {"f": lines()},
        {"f": lines(line_3="x\n")},
        {"f": lines("new\n")},
        {"f": lines("new\n", line_3="x\n", line_30="y\n")},
        ["f"],
    ),
    "rebased, with another text": (
        {"f": lines()},
        {"f": lines(line_30="x\n")},
        {"f": lines("new\n")},
        {"f": lines("new\n", line_30="y\n")},
        ["f"],
    ),
    "rebased, with other blanks": (
        {"f": lines()},
        {"f": lines(line_30="x\n")},
        {"f": lines("new\n")},
        {"f": lines("new\n", line_30=" x\n")},
        ["f"],
    ),
    "rebased, with the end of the last line gone": (
        {"f": lines()},
        {"f": lines(line_39="x\n")},
        {"f": lines("new\n")},
        {"f": lines("new\n", line_39="x")},
        ["f"],
    ),
    "rebased, with a mode": (
        {"f": lines()},
        {"f": lines(line_30="x\n")},
        {"f": lines("new\n")},
        {"f": ("100755", lines("new\n", line_30="x\n"))},
        ["f"],
    ),
    "rebased over a change of the mode": (
        {"f": lines()},
        {"f": lines(line_30="x\n")},
        {"f": ("100755", lines("new\n"))},
        {"f": ("100755", lines("new\n", line_30="x\n"))},
        [],
    ),
    "rebased over binary contents": ({"f": b"\0a"}, {"f": b"\0b"}, {"f": b"\0c"}, {"f": b"\0b"}, ["f"]),
    "rebased, a file that the base has changed is gone": ({"f": "a"}, {}, {"f": "b"}, {}, ["f"]),
    "rebased, a file that the base has made as well": ({}, {"f": "a"}, {"f": "b"}, {"f": "a"}, ["f"]),
    "rebased over another submodule": (
        {"m": ("160000", "1" * 40)},
        {"m": ("160000", "2" * 40)},
        {"m": ("160000", "3" * 40)},
        {"m": ("160000", "2" * 40)},
        ["m"],
    ),
    "rebased over a link": (
        {"f": ("120000", "a")},
        {"f": ("120000", "b")},
        {"f": ("120000", "c")},
        {"f": ("120000", "b")},
        ["f"],
    ),
    "rebased, a link that the base has made a file of": (
        {"f": ("120000", "a")},
        {"f": ("120000", "b")},
        {"f": "a"},
        {"f": "b"},
        ["f"],
    ),
    "undone by the rebase": ({"f": "a"}, {"f": "b"}, {"f": "a", "g": "x"}, {"f": "a", "g": "x"}, ["f"]),
    "rebased, a word of git inside a file": (
        {"f": "diff --git a/f b/f\n@@ -1 +1 @@\n" + lines()},
        {"f": "diff --git a/f b/f\n@@ -1 +1 @@\n" + lines(line_0="index 1..2\n")},
        {"f": "new\n" * 9 + "diff --git a/f b/f\n@@ -1 +1 @@\n" + lines()},
        {"f": "new\n" * 9 + "diff --git a/f b/f\n@@ -1 +1 @@\n" + lines(line_0="index 1..3\n")},
        ["f"],
    ),
    "names that are hard to write, rebased": (
        {ODD: lines(), "f": lines()},
        {ODD: lines(line_30="x\n"), "f": lines(line_30="x\n")},
        {ODD: lines("new\n"), "f": lines("new\n")},
        {ODD: lines("new\n", line_30="y\n"), "f": lines("new\n", line_30="x\n")},
        [os.fsdecode(ODD)],
    ),
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Every shape of the table as four commits `NUMBER-base`, `-read`, `-now-base`, `-now`; and their ids."""
    place = make_repository(tmp_path_factory.mktemp("shapes"))
    shapes = Shapes(place)
    shapes.commit("before", {})
    for number, (base, read, now_base, now, _) in enumerate(TABLE.values()):
        shapes.commit(f"{number}-base", base, "before")
        shapes.commit(f"{number}-read", read, f"{number}-base")
        if now_base == base:
            shapes.commit(f"{number}-now", now, f"{number}-base")
        else:
            shapes.commit(f"{number}-now-base", now_base, f"{number}-base")
            shapes.commit(f"{number}-now", now, f"{number}-now-base")
    return place, shapes.ids()


def spans(ids: dict[str, str], name: str) -> tuple[tuple[str, str], tuple[str, str]]:
    number = list(TABLE).index(name)
    now_base = ids.get(f"{number}-now-base", ids[f"{number}-base"])
    return (ids[f"{number}-base"], ids[f"{number}-read"]), (now_base, ids[f"{number}-now"])


@pytest.mark.parametrize("name", TABLE)
def test_the_paths_that_are_not_as_they_were_read_are_named(repository, name):
    place, ids = repository
    read, now = spans(ids, name)
    assert differing_paths(place, read, now) == TABLE[name][-1]
    assert differing_paths(place, now, read) == TABLE[name][-1], "it holds the other way round"


SETTINGS = [
    "color.ui=always",
    "color.diff=always",
    "diff.noprefix=true",
    "diff.mnemonicPrefix=true",
    "diff.context=0",
    "diff.external=false",
    "diff.renames=copies",
    "diff.algorithm=histogram",
    "diff.suppressBlankEmpty=true",
    "core.abbrev=4",
    "diff.relative=true",
    "diff.interHunkContext=9",
    "diff.indentHeuristic=false",
    "diff.wsErrorHighlight=all",
    "core.quotePath=true",
    "diff.ignoreSubmodules=all",
    "submodule.m.ignore=all",
    "diff.orderFile=/dev/null",
    "core.attributesFile={attributes}",
    "diff.hide.command=true",
    "diff.hide.textconv=true",
    "diff.hide.binary=true",
]
TELLING = ("another of six equal blocks", "rebased under new lines", "rebased, in another of six equal blocks")


@pytest.mark.parametrize("name", [*TELLING, "a submodule", "rebased, with one edit more"])
def test_no_setting_of_a_person_hides_or_adds_a_difference(repository, name, tmp_path, monkeypatch):
    place, ids = repository
    attributes = tmp_path / "attributes"
    attributes.write_text("* diff=hide -text eol=lf\n")
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(SETTINGS) - 1))
    plain = [setting for setting in SETTINGS if setting != "diff.hide.binary=true"]
    for number, setting in enumerate(plain):
        key, value = setting.split("=", 1)
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value.format(attributes=attributes))
    assert differing_paths(place, *spans(ids, name)) == TABLE[name][-1]


def test_a_driver_that_calls_everything_binary_makes_a_moved_edit_stale_and_hides_nothing(
    repository, tmp_path, monkeypatch
):
    place, ids = repository
    (tmp_path / "attributes").write_text("* -diff\n")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.attributesFile")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(tmp_path / "attributes"))
    assert differing_paths(place, *spans(ids, "rebased under new lines")) == ["f"]
    assert differing_paths(place, *spans(ids, "rebased over other files")) == []


def test_replacements_and_grafts_do_not_show_another_change(repository):
    place, ids = repository
    name = "one file more"
    read, now = spans(ids, name)
    git(place, "replace", now[1], read[1])
    try:
        assert differing_paths(place, read, now) == ["g"]
        tree = git(place, "rev-parse", f"{read[1]}^{{tree}}")
    finally:
        git(place, "replace", "--delete", now[1])
    own = git(place, "rev-parse", f"{now[1]}^{{tree}}")
    git(place, "replace", own, tree)
    try:
        assert differing_paths(place, read, now) == ["g"]
    finally:
        git(place, "replace", "--delete", own)


def test_a_merge_is_compared_by_its_contents(checkout):
    shapes = Shapes(checkout)
    shapes.commit("base", {"f": lines()})
    shapes.commit("read", {"f": lines(line_30="x\n")}, "base")
    shapes.commit("main", {"f": lines("new\n")}, "base")
    shapes.commit("clean", {"f": lines("new\n", line_30="x\n")}, "read", "main")
    shapes.commit("evil", {"f": lines("new\n", line_30="x\n"), "g": "slipped in\n"}, "read", "main")
    ids = shapes.ids()
    read = (ids["base"], ids["read"])
    assert differing_paths(checkout, read, (ids["main"], ids["clean"])) == []
    assert differing_paths(checkout, read, (ids["main"], ids["evil"])) == ["g"]


def test_a_commit_without_a_change_is_compared_as_any_other(checkout):
    shapes = Shapes(checkout)
    shapes.commit("base", {"f": "a"})
    shapes.commit("read", {"f": "a"}, "base")
    shapes.commit("again", {"f": "a"}, "base")
    shapes.commit("more", {"f": "b"}, "base")
    ids = shapes.ids()
    read = (ids["base"], ids["read"])
    assert changed_entries(checkout, *read) == {}
    assert differing_paths(checkout, read, (ids["base"], ids["again"])) == []
    assert differing_paths(checkout, read, (ids["base"], ids["more"])) == ["f"]


def test_more_files_than_one_call_takes_are_all_compared(checkout):
    names = [f"d/{number}" for number in range(450)]
    shapes = Shapes(checkout)
    shapes.commit("base", dict.fromkeys(names, lines()))
    shapes.commit("read", dict.fromkeys(names, lines(line_30="x\n")), "base")
    shapes.commit("main", dict.fromkeys(names, lines("new\n")), "base")
    moved = dict.fromkeys(names, lines("new\n", line_30="x\n"))
    shapes.commit("now", moved, "main")
    shapes.commit("other", {**moved, names[-1]: lines("new\n", line_29="x\n")}, "main")
    ids = shapes.ids()
    read = (ids["base"], ids["read"])
    assert differing_paths(checkout, read, (ids["main"], ids["now"])) == []
    assert differing_paths(checkout, read, (ids["main"], ids["other"])) == [names[-1]]


def test_an_unknown_base_leaves_the_contents_on_a_base_that_the_commit_has(checkout):
    shapes = Shapes(checkout)
    shapes.commit("base", {"f": "a"})
    shapes.commit("read", {"f": "b"}, "base")
    shapes.commit("reworded", {"f": "b"}, "base")
    shapes.commit("main", {"f": "a", "g": "x"}, "base")
    shapes.commit("undoes", {"f": "b"}, "main")
    ids = shapes.ids()
    assert same_tree(checkout, ids["read"], (ids["base"], ids["reworded"]))
    assert not same_tree(checkout, ids["read"], (ids["main"], ids["undoes"])), "it takes away what the base has added"
