"""Reading ahead: what the page asks first is read before it asks; what is no longer so is not told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base.errors import CALL, FairwayError
from fairway_scripts.calls import hints
from fairway_scripts.project.project import Project
from fairway_scripts.project.work_place import elsewhere, reading_line
from fairway_scripts.terminal.reader import Reader, project_facts
from tests.support.engines import engine_variables, on_both
from tests.support.repositories import git
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.terminal.screens import Call, standing_in


@pytest.fixture
def checkout(engine: str, tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(task("B-1")))
    made.ok("queue-ready")
    return made


class Book:
    """Questions that say how often they were answered."""

    def __init__(self) -> None:
        self.answered: list[str] = []

    def one(self, _project: Project, word: str) -> str:
        self.answered.append(word)
        return word

    def other(self, _project: Project, word: str) -> str:
        self.answered.append(word)
        return f"other {word}"

    def refused(self, _project: Project) -> str:
        self.answered.append("refused")
        raise FairwayError("usage", "no")


def with_reader(folder: str, steps: Callable[[Reader], Awaitable[Any]]) -> None:
    there = engine_variables(folder)

    async def whole() -> None:
        reader = Reader(Call(queue_db=there.get("QUEUE_DB", "")))
        await steps(reader)
        reader.close()

    with standing_in(folder, **there):
        asyncio.run(whole())


@on_both
def test_what_was_read_ahead_is_told_once_and_then_read_anew(checkout: Checkout) -> None:
    book = Book()

    async def steps(reader: Reader) -> None:
        reader.read_ahead(project_facts, "")
        reader.read_ahead(book.one, "a")
        reader.read_ahead(book.other, "a")
        assert (await reader.ask(project_facts, "")).name == "gpuaas"
        assert await reader.ask(book.one, "a") == "a"
        assert await reader.ask(book.other, "a") == "other a"
        assert book.answered == ["a", "a"]
        assert await reader.ask(book.one, "a") == "a"
        assert book.answered == ["a", "a", "a"]

    with_reader(checkout.main, steps)


def test_as_soon_as_something_else_is_asked_the_rest_is_forgotten(checkout: Checkout) -> None:
    book = Book()

    async def steps(reader: Reader) -> None:
        reader.read_ahead(book.one, "a")
        reader.read_ahead(book.one, "b")
        assert await reader.ask(book.one, "c") == "c"
        assert await reader.ask(book.one, "a") == "a"
        assert await reader.ask(book.one, "b") == "b"
        assert book.answered == ["a", "b", "c", "a", "b"]

    with_reader(checkout.main, steps)


def test_a_refusal_is_told_once_and_what_follows_is_asked_again(checkout: Checkout) -> None:
    book = Book()

    async def steps(reader: Reader) -> None:
        reader.read_ahead(book.refused)
        reader.read_ahead(book.one, "a")
        with pytest.raises(FairwayError, match="no"):
            await reader.ask(book.refused)
        assert await reader.ask(book.one, "a") == "a"
        assert book.answered == ["refused", "a", "a"]

    with_reader(checkout.main, steps)


def test_each_question_knows_the_worktrees_of_its_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CALL, "spelling", lambda: hints)
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    made.ok("queue-import")

    async def steps(reader: Reader) -> None:
        assert "worktree-setup" in await reader.ask(reading_line, "A-backend", "B-1")
        made.ok("worktree-setup", "--role", "A-backend")
        assert "review-checkout" in await reader.ask(reading_line, "A-backend", "B-1")
        assert await reader.ask(elsewhere, "A-backend", "fix") != made.lanes["B-ui"]
        git(made.lanes["B-ui"], "switch", "-q", "-c", "fix")
        assert await reader.ask(elsewhere, "A-backend", "fix") == made.lanes["B-ui"]

    with_reader(made.main, steps)
