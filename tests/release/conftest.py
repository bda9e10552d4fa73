"""A release that the tests of this folder look at."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.support.providers import need
from tests.support.shell import HOME, environment

MOMENT = "1764000000"
URL = "https://example.org/fairway/releases/download/v1"


def release(folder: str, *words: str) -> subprocess.CompletedProcess[str]:
    script = os.path.join(HOME, "scripts", "release.py")
    env = environment(SOURCE_DATE_EPOCH=MOMENT)
    return subprocess.run(
        [sys.executable, script, *words, "--into", folder], env=env, capture_output=True, text=True, timeout=170
    )


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A release of what lies here, to be put at URL."""
    need("dpkg-deb")
    folder = str(tmp_path_factory.mktemp("dist"))
    done = release(folder, "--draft", "--url", URL)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks at a release is of the full run: to build one takes longer than to look at it."""
    for item in items:
        if "dist" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.endurance)


def artifact(dist: str, suffix: str) -> str:
    (name,) = (name for name in os.listdir(dist) if name.endswith(suffix))
    return os.path.join(dist, name)
