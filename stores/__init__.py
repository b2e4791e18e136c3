"""ON WHICH SERVER: how the layers reach a store that is more than one server."""
