"""Which tags are used by more people now than is usual?

    uses.py       which tags does an event use, and by whom?
    windows.py    how many people used a tag in the last hour, four hours, day?
    baseline.py   how many are usual at this hour of the week?
    scores.py     is that more than usual?
    board.py      what is shown: blocked tags out, tags that go together as one, and since when
    sketch.py     how often was a tag used that hardly anybody uses?

The speed layer, the batch layer and the replay of a file run these same files.
"""
