"""The words of the events 30 to 39: see event_words.py."""

TEXT = """
30 leak_began channel rule lasted_s rate volume paused
31 leak_ended channel rule lasted_s rate volume cleared
32 voltage_out phase kind dv
33 voltage_over phase kind lasted_s worst_dv
34 valve_moved closed by
35 valve_checked flows volume
36 register_opened channel register before
37 meter_swapped channel closing opening register
38 collector_reset journal
39 pulses_proven channel pulses moved fits
"""
