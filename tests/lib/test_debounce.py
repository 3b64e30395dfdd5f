"""A contact that bounces is counted once, whatever the bounce; two pulses are two."""

from lib.debounce import Debounce
from tests.lib.levels import counted


def test_a_clean_pulse():
    contact = Debounce(20, 50, False)
    assert counted(contact, [(True, 100), (False, 400), (True, 100), (False, 400)]) == 2
    assert contact.bounces == 0


def test_it_counts_as_soon_as_it_has_lasted():
    contact = Debounce(20, 50, False)
    contact.edge(True)
    contact.settle(19)
    assert contact.pulses == 0
    contact.settle(20)
    contact.settle(5000)
    assert contact.pulses == 1


def test_bounces_at_both_edges_are_told_and_not_counted():
    contact = Debounce(20, 50, False)
    closing = [(True, 2), (False, 1), (True, 3), (False, 1), (True, 90)]
    opening = [(False, 10), (True, 4), (False, 30), (True, 1), (False, 400)]
    assert counted(contact, closing + opening) == 1
    assert contact.bounces == 4  # away and back is one


def test_each_edge_has_a_time_of_its_own():
    # A reed that opens slowly: 30 ms open is bounce for an opening that must last 50.
    slow = [(True, 100), (False, 30), (True, 100), (False, 400)]
    assert counted(Debounce(20, 50, False), slow) == 1
    assert counted(Debounce(20, 20, False), slow) == 2
    short = [(True, 15), (False, 400), (True, 25), (False, 400)]
    assert counted(Debounce(20, 50, False), short) == 1
    assert counted(Debounce(10, 50, False), short) == 2


def test_a_contact_that_is_closed_at_boot_was_counted_before():
    contact = Debounce(20, 50, True)
    contact.settle(10000)
    assert contact.pulses == 0
    assert counted(contact, [(False, 100), (True, 100), (False, 400)]) == 1


def test_two_edges_that_came_unseen_are_a_bounce():
    # While flash is erased one interrupt stands for all: the level is as it was.
    contact = Debounce(20, 50, False)
    contact.edge(False)
    contact.settle(400)
    assert (contact.pulses, contact.bounces) == (0, 1)


def test_without_a_minimum_every_closing_counts():
    contact = Debounce(0, 0, False)
    assert counted(contact, [(True, 0), (False, 0), (True, 0), (False, 0)]) == 2
