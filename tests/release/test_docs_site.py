"""`make docs`: every page has its place in the site, and every link leads somewhere."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import Any

from tests.support.shell import HOME


def site() -> Any:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("docs_site", os.path.join(HOME, "scripts", "docs_site.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["docs_site"] = module
    spec.loader.exec_module(module)
    return module


def test_every_page_is_gathered_and_has_its_place(tmp_path: Path) -> None:
    script = site()
    assert script.gather(str(tmp_path / "docs")) == []
    pages = [name for name in os.listdir(tmp_path / "docs") if name.endswith(".md")]
    assert {"index.md", "changelog.md", "compat.md", "interface.md"} <= set(pages)
    assert script.left_out(pages) == []
    assert script.left_out([*pages, "new.md"]) == ["new.md"]


def test_links_between_pages_are_those_of_the_site(tmp_path: Path) -> None:
    script = site()
    script.gather(str(tmp_path / "docs"))
    index = (tmp_path / "docs" / "index.md").read_text()
    assert "](front.md)" in index
    assert "](docs/" not in index
    assert "](../" not in "".join(path.read_text() for path in (tmp_path / "docs").glob("*.md"))
