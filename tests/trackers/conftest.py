"""A project with tasks, and a tracker on loopback for each kind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.rings import some
from tests.support.serving import serving
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, task
from tests.support.tracker_sites import SITES, Site

if not os.environ.get("CI"):
    pytest.importorskip("httpx2", reason="the extra [trackers] is not installed")

LABELS = """role = "B-ui"
ignore_labels = ["good first *"]
[[trackers.labels]]
label = "ops"
role = "C-ops"
[[trackers.labels]]
label = "bug"
kind = "bug"
priority = 1
tag = "defect"
"""


class Tracked:
    """A project and its tracker: the tools with the token in their environment."""

    def __init__(self, checkout: Checkout, site: Site) -> None:
        self.checkout = checkout
        self.site = site

    def run(self, *words: str, **env: str) -> Answer:
        """`fairway-tracker WORDS`."""
        return self.checkout.run("fairway-tracker", *words, env={**self.site.environment, **env})

    def ok(self, *words: str, **env: str) -> Answer:
        """The same, and nothing is found or refused."""
        answer = self.run(*words, **env)
        assert answer.code == 0, (words, answer)
        return answer

    def found(self, *words: str, **env: str) -> list[str]:
        """The words of the findings of a call, which then is no pass."""
        answer = self.run(*words, "--json", **env)
        assert (answer.code, answer.word) == (1, "tracker_findings"), (words, answer)
        return [row["word"] for row in answer.json["findings"]]

    def configure(self, text: str) -> None:
        """Append to the configuration."""
        with open(os.path.join(self.checkout.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
            file.write(text)


def tracked(folder: Path, kind: str) -> Iterator[Tracked]:
    """A project with three tasks, of which the queue file owns two, and the tracker `t`."""
    with serving(SITES[kind]()) as site:
        made = make_checkout(folder, queue_text(task("B-1"), task("C-1", role="C-ops")), lanes=[])
        project = Tracked(made, site)
        project.configure(site.config(more=LABELS))
        made.ok("queue-add", "--task-id", "B-2", "--role", "B-ui", "--title", "Ours")
        yield project
        site.silence.set()


@pytest.fixture(params=sorted(SITES))
def every(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracked]:
    """With each kind of tracker."""
    yield from tracked(tmp_path, request.param)


@pytest.fixture(params=some(sorted(SITES), "github"))
def project(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracked]:
    """With one kind, in a full run with each."""
    yield from tracked(tmp_path, request.param)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[Tracked]:
    """With GitHub, for what no kind does otherwise."""
    yield from tracked(tmp_path, "github")
