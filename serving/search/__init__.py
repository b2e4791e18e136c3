"""Searching: what a query says (`query`), and which tweets it finds."""
