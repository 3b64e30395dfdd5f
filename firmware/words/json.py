"""How the console answers."""


async def run(visit, arguments: list) -> tuple:
    """As objects, or as words."""
    if arguments not in (["on"], ["off"]):
        raise ValueError("json: on or off")
    visit.as_json = arguments == ["on"]
    return ()
