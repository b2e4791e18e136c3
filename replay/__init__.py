"""WHAT REALLY HAPPENED: activity from files, played through the log; an oracle knows the end.

The oracle computes from the files alone, in SQL of its own; it shares no code with the views.
"""
