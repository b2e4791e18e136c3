"""What does the API promise, for machines to read? Made of the declarations that guard it."""
