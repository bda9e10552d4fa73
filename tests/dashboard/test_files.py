"""What pages load is what its makers published, and comes with the package."""

from __future__ import annotations

import hashlib
import re

from fairway_scripts.dashboard.looks import TYPES, static_files
from tests.support.shell import HOME

#: htmx.org 2.0.11 of the npm registry, dist/htmx.min.js
HTMX = "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"


def test_htmx_is_the_published_file_and_its_licence_is_kept() -> None:
    files = static_files()
    assert hashlib.sha256(files["htmx.min.js"]).hexdigest() == HTMX
    assert b'version:"2.0.11"' in files["htmx.min.js"]
    with open(f"{HOME}/fairway_scripts/dashboard/static/htmx.LICENSE", encoding="utf-8") as file:
        assert "Zero-Clause BSD" in file.read()


def test_no_file_asks_for_anything_elsewhere() -> None:
    files = static_files()
    assert {name.rpartition(".")[2] for name in files} == set(TYPES)
    for name in ("app.css", "app.js"):
        assert not re.search(rb"https?://|url\(|@import|eval\(|new Function", files[name]), name


def test_axe_is_the_published_file_and_its_licence_is_kept() -> None:
    """axe-core 4.14.1 of the npm registry, axe.min.js; the tests alone use it."""
    folder = f"{HOME}/tests/dashboard/axe"
    with open(f"{folder}/axe.min.js", "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    assert digest == "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
    with open(f"{folder}/LICENSE", encoding="utf-8") as file:
        assert "Mozilla Public License" in file.read()
