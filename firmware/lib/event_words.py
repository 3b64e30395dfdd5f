"""The words of the events on the wire. Needed when one is sent: see once.py. In the heap they
would be a kilobyte.
"""

# The type's number, its word on the wire, and the names of its integers. As tables they take three
# times the heap; as one text it must have a kilobyte in one piece.
TYPES = (
    """
1 power_up cause damaged kept asked uptime_s before
2 clock_set moved_s source uptime_s
3 config_rejected problems
""",
    """
4 meter_silent address
5 meter_answers address silent_s
6 reading_held channel reading why register
""",
    """
7 task_failed task
8 records_lost first last
9 journal_recovered refused
""",
    """
10 reading_trusted channel reading refused
11 meter_changed channel offset before
12 pulses_held channel pulses elapsed_s
""",
    """
13 pulses_trusted channel held
14 input_fault channel fault
15 input_good channel
""",
    """
16 backflow channel pulses
17 mains_lost
18 mains_back lasted_s lost_s back_s restarts class meter
""",
    """
19 clock_doubted off_s
20 day_closed electricity_delivered electricity_received water gas residual
21 tariff_set version until
""",
    """
22 tariff_refused version reason
23 tariff_period period start version assumed
24 period_registers channel register apart until p0 p1 p2 p3 p4 p5 p6 p7
""",
    """
25 demand month delivered_w delivered_at received_w received_at left_out
26 export_unapproved energy_wh
27 export_above power_w approved_w
""",
    """
28 export_within lasted_s peak_w
29 config_set source key before after
30 leak_began channel rule lasted_s rate volume paused
""",
    """
31 leak_ended channel rule lasted_s rate volume cleared
32 voltage_out phase kind dv
33 voltage_over phase kind lasted_s worst_dv
""",
    """
34 valve_moved closed by
35 valve_checked flows volume
""",
)


def number(word: str) -> int:
    """The number of the type with this word; 0: there is none."""
    for text in TYPES:
        for line in text.split("\n"):
            names = line.split()
            if names[1:2] == [word]:
                return int(names[0])
    return 0


def of(kind: int) -> list:
    """The word and the names of a type; of one that is not known, its number."""
    for text in TYPES:
        start = text.find("\n%d " % kind)
        if start >= 0:
            return text[start : text.find("\n", start + 1)].split()[1:]
    return ["event_%d" % kind]
