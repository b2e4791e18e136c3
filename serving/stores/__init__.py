"""One file a store. Every call has a time limit and a breaker, and fails as `StoreUnavailable`."""
