"""The records in flash."""


async def run(visit, arguments: list) -> tuple:
    """Sequences of the oldest and newest, of what the head-end has, and the boot."""
    journal = visit.site.journal
    return (
        ("oldest", journal.oldest),
        ("newest", journal.newest),
        ("acked", visit.site.uplink.acked),
        ("boot", journal.boot),
        ("trouble", visit.site.books.trouble or None),
    )
