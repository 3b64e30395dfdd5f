"""What several settings promise together."""

# Keys whose values are held against each other.
TOGETHER = (
    "checkpoint_pulses",
    "water.most_per_min",
    "gas.most_per_min",
    "water.leak",
    "water.pulse_num",
    "water.pulse_den",
    "gas.leak",
    "gas.pulse_num",
    "gas.pulse_den",
    "events.classes",
)
# checkpoint_pulses at the highest rate lasts for so many seconds at least; below, no look at the
# counters could be soon enough (pulses.py)
_PROMISE_S = 6


def keep(values: dict, keys: list) -> list:
    """Let what several values promise together be kept, and what takes code of its own to check;
    what was wrong with them. keys: what was set.
    """
    wanted = values["checkpoint_pulses"]
    rate = max(values["water.most_per_min"], values["gas.most_per_min"])
    least = (rate * _PROMISE_S + 59) // 60 + 2
    problems = []
    if wanted < least:
        values["checkpoint_pulses"] = least
        told = "checkpoint_pulses: %d is wrong; at %d pulses a minute it must be %d or more"
        problems.append(told % (wanted, rate, least))
    if any(key[-5:] == ".leak" or ".pulse_" in key for key in keys):
        from lib import leak_rules

        problems += leak_rules.keep(values)
    if "events.classes" in keys:
        from lib import event_classes

        problems += event_classes.keep(values)
    return problems
