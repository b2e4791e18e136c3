"""What may a model know of a user, of a tweet, of a viewer beside an author, and from when on?

    activity.py     what happens, per epoch: views that Flink and Spark fold
    windows.py      which epochs a window holds at a time, and when a value could be known
    tables.py       the features: each a measure of an activity in a window
    tiles.py        the answer at the seam, from batch's tiles and the speed layer's epochs
    history.py      all values a feature ever had, as SQL over the same activity
    stored.py       how both lie in Redis
    page.py         docs/features.md

Everything online and offline follows from `tables.FEATURE_TABLES`.
"""
