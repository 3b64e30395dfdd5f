"""Modules for one use: forgotten, they load again; what they made lives on."""

import sys

import once


def test_a_forgotten_module_comes_back_fresh():
    from lib import jitter

    made = jitter.Jitter(1)
    once.forget("lib.jitter")
    assert "lib.jitter" not in sys.modules
    assert 0 <= made.below(10) < 10
    from lib import jitter as again

    assert again is not jitter
