"""What does a person see? Plain pages over the same parts as the JSON; they need no script."""
