"""The words of the events 10 to 19: see event_words.py."""

TEXT = """
10 reading_trusted channel reading refused
11 meter_changed channel offset before
12 pulses_held channel pulses elapsed_s
13 pulses_trusted channel held
14 input_fault channel fault
15 input_good channel
16 backflow channel pulses
17 mains_lost
18 mains_back lasted_s lost_s back_s restarts class meter
19 clock_doubted off_s
"""
