"""Projects whose store is on the server of the tests, by their own configuration."""

from __future__ import annotations

import os
from typing import Any

from tests.support.folders import fresh_folder
from tests.support.server import SERVICE, fresh_schema, server
from tests.support.shell import GPUAAS_CONFIG, Answer, Checkout, make_checkout


class ServerCheckout(Checkout):
    """A checkout whose store is on the server of the tests."""

    def __init__(self, made: Checkout, schema: str) -> None:
        super().__init__(made.main, made.lanes)
        self.schema = schema

    @property
    def place(self) -> str:
        """The place of the store."""
        return f"postgres:{SERVICE}/{self.schema}"

    def run(self, tool: str, *arguments: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """Run a tool with the server's service file in its environment."""
        return super().run(tool, *arguments, cwd=cwd, env={**server().environment, **(env or {})})

    def make(self, *words: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """The same through make."""
        return super().make(*words, cwd=cwd, env={**server().environment, **(env or {})})


def server_checkout(
    parent: str | os.PathLike[str], queue: str, *, engine: str = "postgres", **how: Any
) -> ServerCheckout:
    """`make_checkout`, with a configuration that names a schema of its own on the server of the tests."""
    schema = fresh_schema()
    folder = fresh_folder("config-", parent)
    config = os.path.join(folder, "config.toml")
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    text += f'\n[store]\nengine = "{engine}"\nservice = "{SERVICE}"\nschema = "{schema}"\n'
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    server()
    return ServerCheckout(make_checkout(parent, queue, config=config, **how), schema)
