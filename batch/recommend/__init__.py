"""Whom should somebody follow? Ranked from who follows whom, by what the graph itself teaches."""
