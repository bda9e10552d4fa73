"""A config file to try things on."""

from __future__ import annotations

import pytest


@pytest.fixture
def config(tmp_path):
    """A function that writes a config file of a project called `shop` and gives its path."""
    folder = tmp_path / "shop" / ".fairway"
    folder.mkdir(parents=True)

    def write(text, newline="\n"):
        path = folder / "config.toml"
        path.write_bytes(text.replace("\n", newline).encode())
        return str(path)

    return write
