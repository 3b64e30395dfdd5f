"""The tariff, where registers by its periods are kept."""

from books import CHANNELS


async def run(visit, arguments: list) -> tuple:
    """A line for each channel with the amount of each period, and what is apart; then which
    tariff is in force, until when its calendar reaches, and the period now.
    """
    books = visit.site.books
    rates = books.rates
    if not rates:
        raise ValueError("tariff: no registers by period are kept; 'show tariff'")
    for place, register in enumerate(books.closed_registers()):
        if register is not None:
            told = [("channel", CHANNELS[place][0])]
            for period, amount in enumerate(rates.tally.totals[place]):
                if amount:
                    told.append(("p%d" % period, amount))
            told.append(("apart", rates.tally.apart(place, register)))
            await visit.row("register", tuple(told))
    almanac = rates.almanac
    period, _, _, assumed = rates.tally.now
    return (
        ("version", almanac.version if almanac else None),
        ("until", almanac.until_s if almanac else None),
        ("period", period),
        ("assumed", bool(assumed)),
    )
