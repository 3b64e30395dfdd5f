"""The words of the events 1 to 9: see event_words.py."""

TEXT = """
1 power_up cause damaged kept asked uptime_s before
2 clock_set moved_s source uptime_s
3 config_rejected problems
4 meter_silent address
5 meter_answers address silent_s
6 reading_held channel reading why register
7 task_failed task
8 records_lost first last
9 journal_recovered refused
"""
