"""How a command ends whose output nobody reads any more, as before `| head`: at once, and quietly.

The status is 1 then: what it would have said in the end is not known.
"""

import os
import select
import sys
from collections.abc import Callable

_OUTPUTS = (1, 2)


def status(main: Callable[[], int]) -> int:
    """Exit status of a command, for `sys.exit`."""
    try:
        try:
            return main()
        finally:
            sys.stdout.flush()  # the interpreter's own, at the exit, would complain
    except BrokenPipeError:
        if not _reader_is_gone():
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _reader_is_gone() -> bool:
    """It may as well have been a broker or a database that broke off: that is no quiet end."""
    poll = select.poll()
    for output in _OUTPUTS:
        poll.register(output, 0)  # an error is told unasked
    return bool(poll.poll(0))
