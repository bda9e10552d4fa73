"""watcher-packet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.packets.packet_call import add_entry_flags, run_packet

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from fairway_scripts.calls.tool_calls import WatcherPacket


def arguments(parser: ArgumentParser) -> None:
    """The flags that add one entry to a list."""
    add_entry_flags(parser, "watcher")


def run(args: WatcherPacket) -> int:
    """Print the packet."""
    return run_packet(args, "watcher")
