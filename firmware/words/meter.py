"""What the electricity meter shows now."""


async def run(visit, arguments: list) -> tuple:
    """Read it; a line for each quantity, in the units of its profile, and how the line does."""
    collector = visit.site.collector
    meter = collector.meter
    if not meter:
        raise ValueError("meter: no good profile is configured; 'show meter' and 'status'")
    if not await collector.read_meter():
        raise ValueError(
            "meter: address %d does not answer: power, A and B, 'show meter'?" % meter.address
        )
    profile = meter.profile
    for place, value in enumerate(meter.values):
        told = ("name", profile.names[place]), ("value", value), ("unit", profile.units[place])
        await visit.row("quantity", told)
    return meter.figures()
