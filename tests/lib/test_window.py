"""The window: what the broker has taken leaves it, and tells how far all is in safe hands."""

from lib.window import Window


def test_it_is_full_at_its_size():
    window = Window(2)
    window.add(1, 10)
    assert not window.is_full()
    window.add(2, 20)
    assert window.is_full()
    assert window.taken(1) == 10
    assert not window.is_full()


def test_only_the_oldest_in_order_tells_how_far_all_has_come():
    # A later one that is taken first says nothing of the one before it; an alarm that went ahead
    # says nothing of what it overtook.
    window = Window(8)
    window.add(1, 10)
    window.add(2, 900, 899)
    window.add(3, 20)
    assert window.taken(3) == 0
    assert window.taken(1) == 10
    assert window.taken(2) == 0
    assert window.taken(2) == 0  # once more
    assert window.taken(77) == 0  # never sent


def test_what_went_ahead_is_known_until_it_is_taken():
    window = Window(8)
    window.add(1, 10)
    window.add(2, 900, 899)
    window.add(3, 45, 0)
    assert window.out_of_order() == [(899, 900), (0, 45)]
    window.taken(2)
    assert window.out_of_order() == [(0, 45)]
    window.clear()
    assert window.out_of_order() == []
