"""On what does it run: the real servers, their files, their environments, their supervisor."""
