"""Runs inside MicroPython: calls functions of one plain test file, reports each in a line of JSON.

    micropython tests/vm_main.py FILE FUNCTION...

Written in MicroPython's subset. A report starts with a mark: what the tests print does no harm.
"""

import gc
import io
import json
import sys

sys.path.pop(0)  # this folder, whose `lib` is not the firmware's


def _load(path):
    """The file's names, run as a module of that path, so that tracebacks point into it."""
    names = {"__name__": "__plain_test__", "__file__": path}
    with open(path) as source:
        code = compile(source.read(), path, "exec")
    exec(code, names)
    return names


def _traceback(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return text.getvalue()


def _report(name, failure):
    print("\x1e" + json.dumps({"name": name, "failure": failure}))


def _main(path, wanted):
    try:
        names = _load(path)
    except Exception as error:
        for name in wanted:
            _report(name, _traceback(error))
        return
    for name in wanted:
        failure = None
        gc.collect()  # each function starts with the heap that the file leaves
        try:
            names[name]()
        except Exception as error:
            failure = _traceback(error)
        _report(name, failure)


_main(sys.argv[1], sys.argv[2:])
