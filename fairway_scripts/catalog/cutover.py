"""Cutting over from the scripts that were there before: learning, installing, engines, shadow, parity."""

from __future__ import annotations

from fairway_scripts.catalog.tool import Tool  # noqa: TC001 - its entries come below

TOOLS: tuple[Tool, ...] = (*(),)
