"""The ways from an original to its caller: what it writes is handed on as it comes, and a copy is kept.

A stream of the caller that is a terminal is one for the original too (`terminal`); every other one is a pipe. Two
streams that lead to the same place share one way, so that they stay in order. `select` is loaded by whoever waits
first: the original has been started by then.
"""

from __future__ import annotations

import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fairway_scripts.cutover.shadow.terminal import Terminal

#: How much of an answer is kept (bytes): readers of the copy look no further.
MOST_KEPT = 1 << 22
_CHUNK = 1 << 16
#: What a target takes without keeping us waiting, when it was reported to take something: a page (pipe(7)).
_PAGE = 4096
#: The most that can stand in a pipe when its writer ends (bytes, /proc/sys/fs/pipe-max-size).
_MOST_LEFT = 1 << 20
#: How long (ms) what was written to a terminal may be on its way through the kernel while others keep it open, and
#: how often what was set on it is looked for.
_ON_ITS_WAY, _LOOK_AGAIN = 10, 50
READER_GONE = "its reader went away"


class Channel:
    """One way: `inlet` is the original's end, `source` ours, `target` where it leads.

    `streams` are the original's streams that go this way; `name` is the file of the copy, `copy` its descriptor.
    `left` is how much more of it is kept, `unread` says why it is not whole, "" while it is. `source` is -1 when
    nothing comes any more.
    """

    __slots__ = (
        "copy",
        "held",
        "inlet",
        "left",
        "name",
        "portion",
        "source",
        "streams",
        "target",
        "terminal",
        "unread",
    )

    def __init__(self, streams: list[int], folder: str) -> None:
        self.streams, self.name = streams, "out" if 1 in streams else "err"
        self.target, self.portion = _own_hand(streams[0])
        self.terminal: Terminal | None = None
        if os.isatty(self.target):
            from fairway_scripts.cutover.shadow.terminal import Terminal

            self.terminal = Terminal(self.target)
            self.source, self.inlet = self.terminal.master, self.terminal.slave
        else:
            self.source, self.inlet = os.pipe()
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND
        self.copy = os.open(os.path.join(folder, self.name), flags, 0o600)
        self.left, self.held, self.unread = MOST_KEPT, b"", ""

    def take(self) -> bool:
        """Read what has come; false at its end."""
        try:
            self.held = os.read(self.source, _CHUNK)
        except OSError:  # a terminal that nobody has open any more
            self.held = b""
        if not self.held:
            self.close()
            return False
        if self.terminal is not None:
            self.terminal.follow()
        self._keep(self.held)
        return True

    def give(self) -> bool:
        """Hand on what is held, as far as the target takes it; false when it takes nothing more for good."""
        try:
            self.held = self.held[os.write(self.target, self.held[: self.portion]) :]
        except BlockingIOError:
            return True
        except OSError:
            self.lose()
            return False
        return True

    def lose(self) -> None:
        """End this way because nobody reads any more what goes there."""
        self.unread = self.unread or READER_GONE
        self.close()

    def close(self) -> None:
        """End this way: who writes into it is told as the target would have told it, who reads there sees its end."""
        if self.source < 0:
            return
        if self.terminal is not None:
            self.terminal.follow()
        for number in {self.source, self.target, *self.streams}:
            os.close(number)
        self.source, self.held = -1, b""

    def _keep(self, chunk: bytes) -> None:
        if self.unread:
            return
        if len(chunk) > self.left:
            self.unread = f"it is larger than {MOST_KEPT} bytes"
        try:
            kept = os.write(self.copy, chunk[: self.left])
        except OSError as problem:
            self.unread = f"it could not be kept: {problem.strerror}"
            return
        self.left -= kept
        if kept != len(chunk) and not self.unread:
            self.unread = "it could not be kept whole"


def open_channels(folder: str) -> list[Channel]:
    """Open the ways of one call, with copies in `folder`. Raises OSError, also when a stream is closed."""
    os.fstat(0)
    first, second = os.fstat(1), os.fstat(2)
    together = (first.st_dev, first.st_ino) == (second.st_dev, second.st_ino) and _keeps_order(first.st_mode)
    if together:
        os.close(os.open(os.path.join(folder, "err"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return [Channel([1, 2], folder)]
    return [Channel([1], folder), Channel([2], folder)]


def _keeps_order(mode: int) -> bool:
    """Tell whether somebody can see the order in which two streams came to one place of this kind."""
    return not stat.S_ISCHR(mode) or os.isatty(1)


def _own_hand(stream: int) -> tuple[int, int]:
    """Return a descriptor for a stream of the caller, and how much it is given at a time.

    A pipe or terminal is opened once more, so that writing never waits (a slow reader of one stream keeps nothing from
    the other, nor a signal from the original) and the caller's own open file stays as it is.
    """
    mode = os.fstat(stream).st_mode
    if stat.S_ISFIFO(mode) or os.isatty(stream):
        try:
            return os.open(f"/dev/fd/{stream}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY), _CHUNK
        except OSError:
            return stream, _PAGE
    return stream, _CHUNK if stat.S_ISREG(mode) else _PAGE


def relay(channels: list[Channel], wake: int, gone: Callable[[int], object]) -> None:
    """Hand on until all ways have ended, or until `wake` can be read when it is not -1.

    `gone` hears the place of a way that has ended.
    """
    import select

    patience = _LOOK_AGAIN if any(channel.terminal for channel in channels) else None
    while True:
        waiting = select.poll()
        if wake >= 0:
            waiting.register(wake, select.POLLIN)
        elif all(channel.source < 0 for channel in channels):
            return
        for channel in channels:
            if channel.held:
                waiting.register(channel.target, select.POLLOUT)
            elif channel.source >= 0:
                waiting.register(channel.source, select.POLLIN)
                waiting.register(channel.target, 0)
        events = dict(waiting.poll(patience))
        for place, channel in enumerate(channels):
            if channel.source >= 0 and not _moved(channel, events):
                gone(place)
        if wake in events:
            return


def _moved(channel: Channel, events: dict[int, int]) -> bool:
    """Move what can be moved on one way; false when that was its end."""
    from select import POLLERR, POLLHUP, POLLNVAL

    if events.get(channel.target, 0) & (POLLERR | POLLHUP | POLLNVAL):
        channel.lose()
    elif channel.held:
        return not events.get(channel.target) or channel.give()
    elif events.get(channel.source):
        return channel.take() and channel.give()
    elif channel.terminal is not None:
        channel.terminal.follow()
    return channel.source >= 0


def drain(channels: Iterable[Channel], *, patient: bool) -> bool:
    """Hand on what had been written when the original ended or stopped, and nothing that others add meanwhile.

    A target that takes nothing is waited for when `patient`. Returns whether all of it was handed on.
    """
    whole = True
    for channel in channels:
        left = _MOST_LEFT
        if channel.terminal is not None and channel.source >= 0:
            channel.terminal.follow()
        while channel.source >= 0:
            if channel.held:
                if not _takes(channel, patient=patient):
                    whole = False
                    break
                channel.give()
            elif left <= 0 or not _has_more(channel) or not channel.take():
                break
            else:
                left -= len(channel.held)
    return whole


def _takes(channel: Channel, *, patient: bool) -> bool:
    import select

    waiting = select.poll()
    waiting.register(channel.target, select.POLLOUT)
    return bool(waiting.poll(None if patient else 0))


def _has_more(channel: Channel) -> bool:
    import select

    waiting = select.poll()
    waiting.register(channel.source, select.POLLIN)
    return bool(waiting.poll(0 if channel.terminal is None else _ON_ITS_WAY))
