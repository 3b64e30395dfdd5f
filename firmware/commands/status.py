"""The status, with fresh figures."""


async def run(site, arguments: dict) -> tuple:
    """It is told soon."""
    site.uplink.tell_status()
    return ()
