"""`python -I -S memory_probe.py COMMAND ...`: run a command and print its peak memory in bytes.

The peak of a child counts the memory of the process that started it until the moment it runs its own program, so the
starter has to be smaller than anything it measures: this file imports next to nothing.
"""

import os
import sys

nowhere = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
nowhere += [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_pid, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
sys.exit(os.waitstatus_to_exitcode(status) != 0)
