"""What a collector said, as it may be shown on a terminal."""


def plain(text: str) -> str:
    """Without what moves the cursor, or cannot be encoded."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)
