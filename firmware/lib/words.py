"""A line that somebody typed, in words."""


def split(line: str) -> list:
    """The words between spaces; what stands in quotation marks is one, and in it a backslash takes
    the next character as it is. ValueError when a quotation mark is not closed.
    """
    words = []
    word = None
    quoted = escaped = False
    for char in line:
        if escaped:
            word = (word or "") + char
            escaped = False
        elif char == "\\" and quoted:
            escaped = True
        elif char == '"':
            quoted = not quoted
            word = word or ""
        elif char == " " and not quoted:
            if word is not None:
                words.append(word)
            word = None
        else:
            word = (word or "") + char
    if quoted:
        raise ValueError('a quotation mark (") is not closed')
    if word is not None:
        words.append(word)
    return words


def number(text: str) -> int | None:
    """The integer that somebody typed; None when it is none."""
    digits = text[1:] if text[:1] == "-" else text
    return int(text) if digits.isdigit() and len(digits) < 20 else None
