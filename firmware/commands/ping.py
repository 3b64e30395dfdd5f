"""What an outage system asks."""


async def run(site, arguments: dict) -> tuple:
    """Whether mains is there (None: nothing senses it), and how long the collector has been up."""
    mains = site.mains and int(site.mains.is_there())
    return (("mains", mains), ("uptime_s", site.clock.uptime_s()))
