"""ANSWERS: the API. Reads merge what both layers wrote; writes go to the log first."""
