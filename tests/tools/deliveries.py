"""Messages as a collector publishes them, and a ledger that was fed with some."""

import json

from tools.headend.ledger import Ledger

HOUR_S, START_S, NOW_S = 3600, 1_772_323_200, 1_773_000_000


def intervals(after, upto, seqs, channels, boot=7, start=START_S, **more) -> bytes:
    head = {"v": 1, "boot": boot, "after": after, "upto": upto, "start": start, "period": HOUR_S}
    columns = {"seq": seqs, "historical": 0, "channels": channels}
    return json.dumps(head | columns | more).encode()


def water(open_l, *deltas, **more) -> dict:
    return {"water": {"unit": "L", "open": open_l, "delta": list(deltas)} | more}


def events(after, upto, *entries, boot=7, time_s=START_S) -> bytes:
    common = {"boot": boot, "time": time_s}
    listed = [
        common | {"seq": seq, "type": name, "detail": detail} for seq, name, detail in entries
    ]
    head = {"v": 1, "boot": boot, "after": after, "upto": upto}
    return json.dumps(head | {"events": listed}).encode()


def day_closed(litres, **more) -> tuple[str, dict]:
    """The type and the detail of the event at the end of a day of a house that meters water."""
    unread = {"electricity_delivered": -1, "electricity_received": -1, "water": litres, "gas": -1}
    return "day_closed", unread | {"residual": 0} | more


def status(**more) -> bytes:
    about = {"time": NOW_S, "firmware": "0.1.0", "board": "esp32_devkit"}
    figures = {"heap_free": 31_200, "heap_low": 29_808, "acked": 0, "newest": 0}
    return json.dumps({"v": 1, "state": "online", "boot": 7} | about | figures | more).encode()


def will(boot=7) -> bytes:
    return json.dumps({"v": 1, "state": "offline", "boot": boot}).encode()


def fed(*messages: tuple[str, bytes]) -> Ledger:
    ledger = Ledger()
    for kind, payload in messages:
        ledger.receive(f"ami/h1/{kind}", payload, NOW_S)
    return ledger


def ack(upto: int) -> list[tuple[str, bytes]]:
    return [("ami/h1/ack", b'{"v":1,"upto":%d}' % upto)]
