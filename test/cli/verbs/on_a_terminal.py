"""Runs a command on a terminal of its own, and prints what it shows there.

usage: on_a_terminal.py columns command...
"""

import fcntl
import os
import pty
import struct
import sys
import termios

columns = int(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    size = struct.pack("HHHH", 24, columns, 0, 0)
    fcntl.ioctl(sys.stdout.fileno(), termios.TIOCSWINSZ, size)
    os.execvp(sys.argv[2], sys.argv[2:])

while True:
    try:
        shown = os.read(terminal, 65536)
    except OSError:  # what Linux says when the other side has closed it
        break
    if not shown:
        break
    sys.stdout.buffer.write(shown)

sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
