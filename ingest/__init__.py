"""WHAT HAPPENED: events, the codec, topics, the producer, the archiver to the lake."""
