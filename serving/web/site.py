"""Which pages are there? Importing a module puts its pages at their addresses."""

from serving.web import accounts, apps, consent, settings
from serving.web.pages import blueprint

PAGES = (accounts, settings, apps, consent)

__all__ = ["PAGES", "blueprint"]
