"""Waiting for an original as if its caller did: signals go where they would have gone, stops and ends come back."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.cutover.shadow.terminal import Terminal

#: Signals that nobody can hold back, or that say that this very process is broken.
_OURS = ("SIGKILL", "SIGSTOP", "SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
#: What the kernel sends to the whole foreground group: the original has heard of it.
_FROM_TERMINAL = ("SIGINT", "SIGQUIT", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGHUP", "SIGCONT", "SIGWINCH")
_SI_KERNEL = 0x80  # siginfo's si_code of a signal that no process sent (sigaction(2))
_TOLD = b"!"
#: Where Linux says which signals wait for a process as a whole (proc(5)).
_WAITING = "ShdPnd:"


class Watch:
    """Holds back every signal of this process, and later passes on what comes to the process it is given.

    `changed` can be read when the original has stopped or ended, `next_change` gives how.
    """

    def __init__(self, terminals: list[Terminal]) -> None:
        """`terminals` are those of the original that follow the size of the caller's window."""
        self._terminals = terminals
        self.held = _signal.valid_signals() - {int(getattr(_signal, name, 0)) for name in _OURS}
        self._group = {int(getattr(_signal, name, 0)) for name in _FROM_TERMINAL}
        self.before: list[int] = sorted(_signal.pthread_sigmask(_signal.SIG_BLOCK, self.held))
        if _signal.getsignal(_signal.SIGINT) == _signal.default_int_handler:
            _signal.signal(_signal.SIGINT, _signal.SIG_DFL)  # the interpreter's own
        _signal.signal(_signal.SIGCHLD, lambda *_: None)  # where it was ignored, nobody could say how a child ended
        self.changed, self._tell = os.pipe()
        self._child = 0
        self._changes: list[int] = []

    def over(self, child: int, beside: int, clear: Callable[[], object]) -> None:
        """Begin to watch a process that was started with the signals `before` held back.

        `beside` is a process of the same group that holds back every signal, 0 for none: what waits there was sent to
        the whole group, so the original has it. `clear` lets it forget them.
        """
        self._child, self._beside, self._clear = child, beside, clear
        _thread.start_new_thread(self._listen, ())

    def _listen(self) -> None:
        wait = getattr(_signal, "sigwaitinfo", None)
        own = os.getpid()
        while True:
            info = wait(self.held) if wait else None
            number = info.si_signo if info else _signal.sigwait(self.held)
            from_kernel = info.si_code == _SI_KERNEL if info else number in self._group
            if number == _signal.SIGCHLD:
                self._look()
            elif not self._child:
                self.come_to(number)  # the original has ended, and what it left is still being handed on
            elif number == _signal.SIGWINCH and (from_kernel or (info and info.si_pid == own)):
                if from_kernel:
                    self._resize()
            elif not self._went_to_all(number) and not (from_kernel and number in self._group):
                os.kill(self._child, number)

    def _went_to_all(self, number: int) -> bool:
        try:
            with open(f"/proc/{self._beside}/status", encoding="ascii", errors="replace") as file:
                waiting = next(int(line.split()[1], 16) for line in file if line.startswith(_WAITING))
        except (OSError, StopIteration):
            return False
        if waiting:
            self._clear()
        return bool(waiting >> (number - 1) & 1)

    def _resize(self) -> None:
        for terminal in self._terminals:
            terminal.resize()
        if self._terminals:
            os.killpg(0, _signal.SIGWINCH)  # who was told before the size had changed looks again

    def _look(self) -> None:
        """Find out what became of the child; only here it is waited for, so its number is never somebody else's."""
        if not self._child:
            return
        found, status = os.waitpid(self._child, os.WNOHANG | os.WUNTRACED)
        if found:
            if not os.WIFSTOPPED(status):
                self._child = 0
            self._changes.append(status)
            os.write(self._tell, _TOLD)

    def next_change(self) -> int:
        """Return the change that made `changed` readable, as waitpid(2) gives it."""
        os.read(self.changed, len(_TOLD))
        return self._changes.pop(0)

    def come_to(self, number: int) -> None:
        """Let this process be stopped or ended by a signal as if nobody held it back. Comes back when it goes on."""
        _signal.pthread_sigmask(_signal.SIG_UNBLOCK, {number})
        os.kill(os.getpid(), number)
        _signal.pthread_sigmask(_signal.SIG_BLOCK, {number})
