"""What is read because somebody named it: regular files, pipes where they make sense, and never without an end."""

from __future__ import annotations

import os
import subprocess
import threading
from pathlib import Path

import pytest

from fairway_scripts.base import digest, regular_files
from fairway_scripts.base.regular_files import listed_files, read_regular, read_stream
from tests.support.shell import Checkout, make_checkout, queue_text, task


@pytest.fixture
def fifo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(regular_files, "FIFO_SECONDS", 0.05)
    os.mkfifo(tmp_path / "fifo")
    return str(tmp_path / "fifo")


@pytest.mark.parametrize(("path", "kind"), [("fifo", "a pipe"), ("/dev/zero", "a device"), (".", "Is a directory")])
def test_where_a_regular_file_is_needed_nothing_else_is_read(
    fifo: str, path: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(os.path.dirname(fifo))
    for read in (read_regular, digest.of_file):
        with pytest.raises(OSError, match=kind):
            read(path)


def test_a_pipe_is_read_to_its_end_whoever_comes_first(fifo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(regular_files, "FIFO_SECONDS", 10)

    def write() -> None:
        with open(fifo, "wb") as file:
            file.write(b"x" * 200_000)

    writer = threading.Thread(target=write)
    writer.start()
    assert read_stream(fifo) == b"x" * 200_000
    writer.join(10)
    ours, theirs = os.pipe()
    os.write(theirs, b"substituted")
    os.close(theirs)
    assert read_stream(f"/dev/fd/{ours}") == b"substituted"
    os.close(ours)


def test_a_pipe_without_a_writer_and_a_terminal_do_not_hang(fifo: str) -> None:
    with pytest.raises(OSError, match="nobody has written to"):
        read_stream(fifo)
    ours, theirs = os.openpty()
    with pytest.raises(OSError, match="is a terminal"):
        read_stream(os.ttyname(theirs))
    os.close(ours)
    os.close(theirs)


def test_nothing_is_read_without_an_end(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="has more than 1000 bytes"):
        read_stream("/dev/zero", 1000)
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(OSError, match="has more than 67108864 bytes"):
        read_regular(str(tmp_path / "sparse"))
    assert read_stream("/dev/null") == b""


# --- as a user types it ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = make_checkout(tmp_path_factory.mktemp("files"), queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    os.mkfifo(os.path.join(made.main, "fifo"))
    return made


CALLS = [
    ["queue-list", "--queue-file", "{}"],
    ["queue-validate", "--queue-file", "{}"],
    ["fairway-config", "show", "--config", "{}"],
    ["queue-restore", "--from", "{}"],
    ["regression-packs", "list", "--catalog", "{}"],
    ["queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass", "--artifact-path", "{}"],
    ["queue-import", "--legacy-db", "{}"],
    ["queue-list", "--db", "{}"],
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: " ".join(call[:-1]))
@pytest.mark.parametrize("what", ["fifo", "/dev/zero", "."], ids=["fifo", "device", "folder"])
def test_a_file_that_is_none_is_refused_at_once(project: Checkout, call: list[str], what: str) -> None:
    answer = project.run(*(word.format(what) for word in call))
    assert answer.code in (1, 2, 3), answer.err
    assert answer.word not in ("internal", "", "usage"), answer.err


def test_a_note_may_come_from_a_pipe(project: Checkout) -> None:
    tool = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin", "queue-record-evidence")
    line = f'printf %s "from a pipe" | "{tool}" B-1 --command-text t --result pass --notes-file /dev/stdin'
    subprocess.run(["sh", "-c", line], cwd=project.main, check=True, capture_output=True, timeout=60)
    assert "from a pipe" in project.ok("queue-task-detail", "B-1", "--json").out


def test_a_list_of_files_is_one_a_line_or_a_list_of_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "a c"):
        (tmp_path / name).write_text("")
    assert listed_files(["a b", "a\nb\n", "a c", "x=a staging=b"]) == ["a", "b", "a", "b", "a c", "x=a", "staging=b"]
    assert listed_files(["a gone"]) == ["a gone"]


def test_a_label_ends_at_the_first_equals_sign(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "k=v"):
        (tmp_path / name).write_text("")
    assert listed_files(["x=k=v a", "k=v a"]) == ["x=k=v", "a", "k=v", "a"]
    assert listed_files(["x=y=a a"]) == ["x=y=a a"]
