"""Which pages are there? Importing a module puts its pages at their addresses."""

from serving.web import accounts, apps, consent, moderation, settings
from serving.web.pages import blueprint

PAGES = (accounts, settings, apps, consent, moderation)

__all__ = ["PAGES", "blueprint"]
