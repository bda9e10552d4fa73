"""Addresses and connection strings name no store: no file is made of them, and their password is shown nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.shell import make_checkout, queue_text, task

ADDRESSES = [
    "postgresql://u:sekret@h/db",
    "postgres://u:sekret@h/db",
    "POSTGRES://u:sekret@h/db",
    "PostgreSQL://u:sekret@h/db?sslmode=require",
    "host=h password=sekret",
    "password=sekret host=h",
    "dbname=x user=y password=sekret",
    " host=h password=sekret",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_no_store(tmp_path: Path, address: str) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    before = sorted(os.listdir(project.main))
    for tool in ("queue-ready", "queue-where", "queue-doctor", "queue-import", "queue-verify", "queue-store-check"):
        for words, env in (([], {"QUEUE_DB": address}), ([f"--db={address}"], {})):
            answer = project.run(tool, *words, env=env)
            assert "sekret" not in answer.out + answer.err, (tool, answer)
            assert tool in ("queue-where", "queue-doctor") or answer.code == 2, (tool, answer)
    assert sorted(os.listdir(project.main)) == before


def test_nor_is_one_in_the_configuration(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    os.makedirs(os.path.join(project.main, ".fairway"), exist_ok=True)
    with open(os.path.join(project.main, ".fairway", "config.toml"), "w", encoding="utf-8") as file:
        file.write('[fairway]\ndb_path = "host=h password=sekret"\n')
    answer = project.run("queue-ready")
    assert (answer.word, "sekret" in answer.err) == ("invalid_config", False), answer
