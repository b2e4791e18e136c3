"""SPEED LAYER: PyFlink jobs that keep Redis and Cassandra within a second of the log.

fanout   who must see this tweet?         -> home and user timelines in Redis
state    what holds for this key now?     -> rows in Cassandra and Redis
folds    what do this epoch's events add? -> absolute totals in Redis
"""
