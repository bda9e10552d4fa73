"""The one writer: what a path names decides whether a file is replaced, a pipe or device written, or nothing done."""

from __future__ import annotations

import os
import pty
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.part_files import part_name, part_path, writer_of
from fairway_scripts.formats import file_replacement
from fairway_scripts.formats.file_replacement import replace_file, write_new_file
from tests.support.shell import HOME, make_checkout, queue_text, task

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes device files and gives files away")
NOT_ROOT = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")


def refused(path: object, content: bytes = b"new") -> str:
    with pytest.raises(FairwayError) as caught:
        replace_file(str(path), content)
    assert caught.value.word == "file_unavailable"
    return caught.value.message


def lone(folder: Path) -> list[str]:
    """Everything in a folder, hidden files too: nothing unfinished is left."""
    return sorted(os.listdir(folder))


@pytest.fixture(params=["nameless", "named", "copied"])
def file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With files without a name, without them, and where such a file cannot be given one."""
    if request.param == "named":
        monkeypatch.setattr(file_replacement, "_TMPFILE", 0)
    elif request.param == "copied":
        real = os.link

        def link(source: str, *words: object, **more: object) -> None:
            if str(source).startswith("/proc/"):
                raise OSError(1, "Operation not permitted")
            real(source, *words, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(os, "link", link)
    return str(request.param)


# --- regular files -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("file_system")
class TestARegularFile:
    def test_a_new_file_has_the_mode_that_umask_leaves(self, tmp_path: Path) -> None:
        before = os.umask(0o027)
        try:
            replace_file(str(tmp_path / "new"), b"x")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640
        assert lone(tmp_path) == ["new"]

    @pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o660])
    def test_an_old_file_keeps_its_mode(self, tmp_path: Path, mode: int) -> None:
        place = tmp_path / "old"
        place.write_bytes(b"old")
        place.chmod(mode)
        replace_file(str(place), [b"a", b"b"])
        assert (place.read_bytes(), stat.S_IMODE(place.stat().st_mode), lone(tmp_path)) == (b"ab", mode, ["old"])

    def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(self, tmp_path: Path) -> None:
        place = tmp_path / "old"
        place.write_bytes(b"old")

        def pieces() -> Iterator[bytes]:
            yield b"half"
            raise OSError(28, "No space left on device")

        with pytest.raises(FairwayError, match="No space left on device"):
            replace_file(str(place), pieces())
        assert (place.read_bytes(), lone(tmp_path)) == (b"old", ["old"])

    def test_another_name_of_the_file_keeps_the_old_content(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(b"old")
        os.link(tmp_path / "a", tmp_path / "b")
        replace_file(str(tmp_path / "a"), b"new")
        assert ((tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()) == (b"new", b"old")

    @ROOT
    def test_the_owner_and_the_group_stay(self, tmp_path: Path) -> None:
        place = tmp_path / "old"
        place.write_bytes(b"old")
        os.chown(place, 1234, 4321)
        replace_file(str(place), b"new")
        assert (place.stat().st_uid, place.stat().st_gid) == (1234, 4321)

    def test_attributes_stay(self, tmp_path: Path) -> None:
        place = tmp_path / "old"
        place.write_bytes(b"old")
        try:
            os.setxattr(place, "user.origin", b"here")
        except OSError:
            pytest.skip("this file system keeps no attributes")
        replace_file(str(place), b"new")
        assert os.getxattr(place, "user.origin") == b"here"

    def test_a_new_file_never_takes_the_place_of_anything(self, tmp_path: Path) -> None:
        write_new_file(str(tmp_path / "new"), b"x")
        os.symlink("nowhere", tmp_path / "link")
        for name in ("new", "link"):
            with pytest.raises(FairwayError) as caught:
                write_new_file(str(tmp_path / name), b"y")
            assert caught.value.word == "already_exists"
        assert ((tmp_path / "new").read_bytes(), lone(tmp_path)) == (b"x", ["link", "new"])


def test_a_database_is_never_replaced(tmp_path: Path) -> None:
    place = tmp_path / "queue.db"
    place.write_bytes(b"SQLite format 3\0 and more")
    assert "is a database" in refused(place)
    assert place.read_bytes().endswith(b"and more")


@NOT_ROOT
def test_a_file_without_write_permission_stays(tmp_path: Path) -> None:
    place = tmp_path / "old"
    place.write_bytes(b"old")
    place.chmod(0o444)
    assert "no write permission" in refused(place)


def test_a_folder_that_is_missing_or_gone_is_named(tmp_path: Path) -> None:
    assert f"there is no folder {tmp_path}/gone" in refused(tmp_path / "gone" / "x")
    for name in ("", ".", "..", "sub/"):
        (tmp_path / "sub").mkdir(exist_ok=True)
        assert "is a folder" in refused(f"{tmp_path}/{name}")
    assert "is a folder" in refused(tmp_path / "sub")
    assert lone(tmp_path) == ["sub"]


# --- links -------------------------------------------------------------------------------------------------------


def test_a_link_stays_and_its_target_changes(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_bytes(b"old")
    os.symlink("real/file", tmp_path / "one")
    os.symlink("one", tmp_path / "two")
    replace_file(str(tmp_path / "two"), b"new")
    assert os.readlink(tmp_path / "two") == "one"
    assert ((tmp_path / "real" / "file").read_bytes(), lone(tmp_path / "real")) == (b"new", ["file"])


def test_a_link_to_nothing_makes_the_file_that_it_names(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    os.symlink(tmp_path / "real" / "file", tmp_path / "link")
    replace_file(str(tmp_path / "link"), b"new")
    assert os.path.islink(tmp_path / "link")
    assert (tmp_path / "real" / "file").read_bytes() == b"new"
    os.symlink("missing/file", tmp_path / "lost")
    assert "there is no folder" in refused(tmp_path / "lost")


def test_links_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    os.symlink("b", tmp_path / "a")
    os.symlink("a", tmp_path / "b")
    assert "leads back to itself" in refused(tmp_path / "a")


def test_planted_links_under_guessable_names_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    for name in (f"out.{os.getpid()}.part", ".out.part", f".out.{os.getpid()}.part"):
        os.symlink("victim", tmp_path / name)
    before = lone(tmp_path)
    replace_file(str(tmp_path / "out"), b"new")
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert lone(tmp_path) == sorted([*before, "out"])


def test_a_name_of_an_unfinished_file_is_told_from_every_other(tmp_path: Path) -> None:
    names = {part_name("report.md") for _ in range(50)}
    assert len(names) == 50
    assert {writer_of(name) for name in names} == {os.getpid()}
    assert os.path.dirname(part_path(str(tmp_path / "x"))) == str(tmp_path)
    assert len(os.fsencode(part_name("ä" * 120))) <= 255
    assert writer_of("queue.db.77.part") == 77
    for name in ("a.part", ".a.part", "movie.1-2.part", "a.7-0123456789abcdef.part", ".a.7-0123456789abcdeg.part", ""):
        assert writer_of(name) is None, name


# --- what is no file ---------------------------------------------------------------------------------------------


def test_a_fifo_stays_one_and_its_reader_gets_everything(tmp_path: Path) -> None:
    place = tmp_path / "fifo"
    os.mkfifo(place)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(place.read_bytes()))
    reader.start()
    replace_file(str(place), b"x" * 300_000)
    reader.join(10)
    assert got == [b"x" * 300_000]
    assert stat.S_ISFIFO(place.stat().st_mode)


def test_a_fifo_without_a_reader_does_not_hang(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_replacement, "FIFO_SECONDS", 0.05)
    os.mkfifo(tmp_path / "fifo")
    assert "a pipe that nobody has read from" in refused(tmp_path / "fifo")


def test_a_reader_that_goes_away_is_a_refusal(tmp_path: Path) -> None:
    place = tmp_path / "fifo"
    os.mkfifo(place)
    end = os.open(place, os.O_RDONLY | os.O_NONBLOCK)

    def pieces() -> Iterator[bytes]:
        yield b"x" * 100
        os.close(end)
        yield b"y" * 1_000_000

    with pytest.raises(FairwayError, match="Broken pipe"):
        replace_file(str(place), pieces())


def test_a_terminal_is_written_to(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    os.symlink(os.ttyname(theirs), tmp_path / "terminal")
    replace_file(str(tmp_path / "terminal"), b"hello\n")
    assert os.read(ours, 100) == b"hello\r\n"
    os.close(ours)
    os.close(theirs)


@ROOT
def test_a_device_that_takes_nothing_is_a_refusal(tmp_path: Path) -> None:
    place = tmp_path / "full"
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        place.open("rb").close()
    except OSError:
        pytest.skip("no device files can be made or used here")
    assert "No space left on device" in refused(place)
    assert stat.S_ISCHR(place.stat().st_mode)


@ROOT
def test_a_null_device_stays_one_also_behind_a_link(tmp_path: Path) -> None:
    place = tmp_path / "null"
    try:
        os.mknod(place, 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        place.write_bytes(b"")
    except OSError:
        pytest.skip("no device files can be made or used here")
    os.symlink("null", tmp_path / "link")
    for name in ("null", "link"):
        replace_file(str(tmp_path / name), b"x")
    assert stat.S_ISCHR(place.stat().st_mode)
    assert lone(tmp_path) == ["link", "null"]


def test_a_socket_is_refused_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket has to be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s")
        assert "is a socket" in refused("s")
        assert stat.S_ISSOCK(os.stat("s").st_mode)


@pytest.mark.parametrize("folder", ["/dev/fd", "/proc/self/fd"])
def test_an_open_descriptor_is_written_where_it_stands(tmp_path: Path, folder: str) -> None:
    if not os.path.isdir(folder):
        pytest.skip(f"no {folder} here")
    with open(tmp_path / "out", "wb+", buffering=0) as file:
        closed = file.fileno()
        file.write(b"first\n")
        replace_file(f"{folder}/{closed}", b"second\n")
        file.write(b"third\n")
    assert (tmp_path / "out").read_bytes() == b"first\nsecond\nthird\n"
    assert "is not open" in refused(f"{folder}/{closed}")


# --- as a user types it ------------------------------------------------------------------------------------------


def test_a_shells_redirection_and_a_tools_output_go_together(tmp_path: Path) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")))
    project.ok("queue-ready")
    line = '"$1" "$2"/queue-status-report --output /dev/stdout; echo after'
    with open(tmp_path / "log", "wb") as log:
        words = ["sh", "-c", line, "sh", sys.executable, os.path.join(HOME, "bin")]
        subprocess.run(words, cwd=project.main, stdout=log, stderr=subprocess.DEVNULL, check=True)
    assert (tmp_path / "log").read_text().splitlines() == [*project.ok("queue-status-report").out.splitlines(), "after"]
    answer = project.run("queue-status-report", "--output", ".git/fairway/queue.db")
    assert (answer.code, answer.word) == (2, "file_unavailable")
    assert project.ok("queue-verify").code == 0


def test_an_output_that_is_an_input_of_the_same_call_is_refused(tmp_path: Path) -> None:
    project = make_checkout(str(tmp_path), queue_text(task("B-1")))
    report = os.path.join(project.main, "junit.xml")
    with open(report, "w", encoding="utf-8") as file:
        file.write('<testsuite tests="1"><testcase name="a"/></testsuite>')
    os.symlink("junit.xml", os.path.join(project.main, "link.xml"))
    for output in ("junit.xml", "./link.xml"):
        answer = project.run("ci-packet", "--document", report, "--output", output)
        assert (answer.code, answer.word) == (2, "usage")
        assert "is the file that DOCUMENT names" in answer.err
    assert project.run("ci-packet", "--document", report, "--output", "packet.md").word not in ("usage", "internal")
