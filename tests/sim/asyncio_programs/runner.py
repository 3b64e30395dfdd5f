"""Run random programs in this process: `runner.py HOST_SIM ASYNCIO FIRST_SEED COUNT [trace]`.

ASYNCIO is `ours`, the simulator's `_asyncio` and on CPython its `asyncio` too, or `genuine`,
MicroPython's C `_asyncio` (32-bit x86 only). Prints `seed steps checksum` per program, or with
`trace` all of its trace.
"""

import binascii
import sys


def prepare(host_sim, kind):
    """Put virtual time and the wanted asyncio in place, before asyncio is imported."""
    import poller
    import timeline

    sys.modules["select"] = poller
    if kind == "genuine":
        import genuine

        genuine.take_over()
        return
    sys.modules["time"] = timeline
    if sys.implementation.name == "cpython":
        sys.path.insert(0, host_sim)
    else:
        sys.path.append(host_sim)  # behind the frozen asyncio
    from shims import _asyncio

    sys.modules["_asyncio"] = _asyncio


def main():
    host_sim, kind, first_seed, count = sys.argv[1:5]
    prepare(host_sim, kind)
    from interpreter import Program

    for seed in range(int(first_seed), int(first_seed) + int(count)):
        trace = Program(seed).run()
        if sys.argv[5:] == ["trace"]:
            print("\n".join(trace))
        else:
            print(seed, len(trace), binascii.crc32("\n".join(trace).encode()))


if __name__ == "__main__":
    main()
    if sys.implementation.name == "cpython":
        # The programs left tasks behind; a normal exit would run their `finally` blocks.
        import os

        sys.stdout.flush()
        os._exit(0)
