"""Records once more."""

from lib.arguments import SEQ_MAX, integer


async def run(site, arguments: dict) -> tuple:
    """Send what lies in `after` < seq <= `upto` again, soon; which records there are."""
    after = integer(arguments, "after", 0, SEQ_MAX)
    upto = integer(arguments, "upto", after + 1, SEQ_MAX)
    if not site.uplink.feed.ahead(upto, after):
        raise ValueError("not now: four stretches wait, or there is nothing behind %d" % after)
    return (("oldest", site.journal.oldest), ("newest", site.journal.newest))
