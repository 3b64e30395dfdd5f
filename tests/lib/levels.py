"""A contact that closes and opens."""


def counted(contact, levels):
    """Let levels (closed, ms it lasts) happen one after the other; the pulses then."""
    quiet_ms = 1000
    for closed, lasts_ms in levels:
        contact.settle(quiet_ms)
        contact.edge(closed)
        quiet_ms = lasts_ms
    contact.settle(quiet_ms)
    return contact.pulses
