"""The window: what the broker has taken leaves it, and tells how far all is in safe hands."""

from lib.window import Window


def test_it_knows_how_many_there_are():
    window = Window(3)
    assert not window
    window.add(1, 10)
    window.add(2, 20)
    assert len(window) == 2
    assert window.taken(1) == 10
    assert len(window) == 1


def test_only_the_oldest_in_order_tells_how_far_all_has_come():
    # A later one that is taken first says nothing of the one before it; an alarm that went ahead
    # says nothing of what it overtook.
    window = Window(3)
    window.add(1, 10)
    window.add(2, 900, 899)
    window.add(3, 20)
    assert window.taken(3) == 0
    assert window.taken(1) == 10
    assert window.taken(2) == 0
    assert window.taken(2) == 0  # once more
    assert window.taken(77) == 0  # never sent


def test_what_went_ahead_is_known_until_it_is_taken():
    window = Window(3)
    window.add(1, 10)
    window.add(2, 900, 899)
    window.add(3, 45, 0)
    window.taken(1)
    assert window.dropped() == [(900, 899), (45, 0)]
    assert window.dropped() == [] and not window
    window.add(4, 901, 900)
    window.taken(4)
    assert window.dropped() == []


def test_there_is_room_for_so_many_and_what_is_taken_makes_room():
    window = Window(2)
    window.add(1, 10)
    window.add(2, 20)
    try:
        window.add(3, 30)
        raise AssertionError("a third one")
    except IndexError:
        pass
    assert window.taken(1) == 10
    window.add(65535, 4294967295, 4294967294)
    assert window.taken(2) == 20
    assert window.dropped() == [(4294967295, 4294967294)]
