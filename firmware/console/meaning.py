"""What a line asks for."""

from lib import words

# for everybody, and for who has unlocked
_OPEN = "help json unlock claim ping"
_WORDS = (
    _OPEN + " lock status show set site events journal wifi time tariff meter scan identify pulses"
    " dial swap file part selftest commission factory-reset repl"
)
# those of the head-end (commands/), with the names of their arguments
_COMMANDS = {
    "ping": "",
    "read": "",
    "outages": "",
    "resend": "after upto",
    "leak": "channel away",
    "valve": "closed",
    "reboot": "",
}


def of(text: str, is_locked: bool) -> tuple:
    """(package, word, arguments): a list for words/, a dict for commands/. ValueError when it
    means nothing, or may not be asked while the console `is_locked`.
    """
    word, *arguments = words.split(text)
    if word not in _COMMANDS and word not in _WORDS.split():
        raise ValueError("'%s': there is no such word; 'help' lists them" % word[:20])
    if is_locked and word not in _OPEN.split():
        raise ValueError("locked: 'unlock' tells how to open it")
    if word == "site":  # what a billing system has of it: a group of settings
        return "words.", "show", ["site"]
    if word not in _COMMANDS:
        return "words.", word.replace("-", "_"), arguments
    names = _COMMANDS[word].split()
    if len(arguments) > len(names):
        raise ValueError("%s: at most these: %s" % (word, " ".join(names) or "none"))
    return "commands.", word, {name: _value(each) for name, each in zip(names, arguments)}


def _value(text: str) -> int | str:
    value = words.number(text)
    return text if value is None else value
