"""The files that evidence names: only what they were, only from the repository, only as text."""

from __future__ import annotations

import os
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.dashboard.conftest import Site
from tests.support.engines import on_file


def recorded(site: Site, path: str, text: str | bytes = "12 passed\n", *, make: bool = True) -> int:
    """An evidence record that names a file, written first; its number."""
    if make:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
    answer = site.project.ok(
        *("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--artifact-path", path),
        *("--commit", "HEAD", "--json"),
    )
    return int(answer.json["evidence_id"])


def test_an_artifact_is_given_as_plain_text_to_be_kept(site: Site) -> None:
    number = recorded(site, f"{site.project.main}/logs/<b>unit.html", "<script>alert(1)</script>\n")
    answer = site.client.get(f"/artifacts/{number}")
    assert answer.text == "<script>alert(1)</script>\n"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="_b_unit.html.txt"'
    assert f'href="/artifacts/{number}"' in site.client.get("/tasks/B-1").text


def test_what_was_kept_beside_the_store_is_given(site: Site) -> None:
    folder = os.path.join(os.path.dirname(site.project.store), "artifacts")
    assert site.client.get(f"/artifacts/{recorded(site, folder + '/packet.md', 'fine')}").text == "fine"


def test_a_file_that_is_not_what_it_was_is_refused_with_the_line_that_says_so(site: Site) -> None:
    path = f"{site.project.main}/logs/unit.log"
    number = recorded(site, path)
    with open(path, "a", encoding="utf-8") as file:
        file.write("and one failed\n")
    answer = site.client.get(f"/artifacts/{number}")
    assert answer.status_code == 400
    assert "is not what was recorded: changed" in answer.text
    assert "evidence-verify" in answer.text
    os.remove(path)
    assert "missing" in site.client.get(f"/artifacts/{number}").text


@pytest.mark.parametrize("place", ["outside", "dotted", "link", "store", "key", "config"])
@on_file
def test_nothing_outside_the_repository_is_given_and_neither_store_nor_key(
    site: Site, tmp_path: Path, place: str
) -> None:
    main, kept = site.project.main, os.path.dirname(site.project.store)
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "notes.txt").write_text("mine")
    os.makedirs(f"{main}/logs", exist_ok=True)
    if place == "link":
        os.symlink(tmp_path / "private" / "notes.txt", f"{main}/logs/link.txt")
    if place == "store":  # the store itself changes with every record, a copy beside it does not
        shutil.copy(site.project.store, f"{kept}/copy.db")
    path = {
        "outside": f"{tmp_path}/private/notes.txt",
        "dotted": f"{main}/../private/notes.txt",
        "link": f"{main}/logs/link.txt",
        "store": f"{kept}/copy.db",
        "key": f"{kept}/dashboard.key",
        "config": f"{main}/.git/config",
    }[place]
    number = recorded(site, path, make=False)
    answer = site.client.get(f"/artifacts/{number}")
    assert answer.status_code == 503
    assert "lies outside the work trees" in answer.text


@on_file
def test_secrets_are_taken_out(site: Site) -> None:
    path, secret = f"{site.project.main}/logs/unit.log", "ghp_" + "a1B2" * 9
    number = recorded(site, path)
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"token {secret}\n")
    import hashlib

    with sqlite3.connect(site.project.store) as connection:  # a record from before secrets were refused
        digest = hashlib.sha256(f"token {secret}\n".encode()).hexdigest()
        connection.execute("UPDATE task_evidence SET artifact_sha256 = ? WHERE id = ?", (digest, number))
    connection.close()
    answer = site.client.get(f"/artifacts/{number}")
    assert answer.status_code == 200
    assert secret not in answer.text
    assert "[redacted: " in answer.text


def test_what_there_is_not_is_not_found(site: Site) -> None:
    for number in ("1", "999", "0"):
        assert site.client.get(f"/artifacts/{number}").status_code == 404
    assert site.client.get("/artifacts/..%2f..%2fetc%2fpasswd").status_code == 404
    assert site.stranger.get("/artifacts/1").status_code == 403


def test_a_large_file_is_not_shown(site: Site) -> None:
    number = recorded(site, f"{site.project.main}/logs/big.log", b"x" * ((2 << 20) + 1))
    answer = site.client.get(f"/artifacts/{number}")
    assert answer.status_code == 503
    assert "has more than" in answer.text
