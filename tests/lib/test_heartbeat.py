"""Hearts: who feeds the watchdog, and who starves it."""

from lib.heartbeat import Hearts


def test_a_task_is_silent_only_after_its_own_promise():
    hearts = Hearts()
    hearts.expect("collector", 60, 1000)
    hearts.expect("uplink", 600, 1000)
    assert hearts.silent(1060) == []
    assert hearts.silent(1061) == ["collector"]
    hearts.beat("collector", 1061)
    assert hearts.silent(1121) == []
    assert hearts.silent(1601) == ["collector", "uplink"]
