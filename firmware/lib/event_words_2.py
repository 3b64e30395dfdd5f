"""The words of the events 20 to 29: see event_words.py."""

TEXT = """
20 day_closed electricity_delivered electricity_received water gas residual
21 tariff_set version until
22 tariff_refused version reason
23 tariff_period period start version assumed
24 period_registers channel register apart until p0 p1 p2 p3 p4 p5 p6 p7
25 demand month delivered_w delivered_at received_w received_at left_out
26 export_unapproved energy_wh
27 export_above power_w approved_w
28 export_within lasted_s peak_w
29 config_set source key before after
"""
