"""Deterministic utilities: repeated loops as stable artifacts, and the reports on reviews, gates and output."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool  # noqa: TC001 - its entries come below

TOOLS: tuple[Tool, ...] = (*(),)
