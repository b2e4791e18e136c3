"""A made-up world whose people behave as was measured: for the demo, the tests and the benches."""
