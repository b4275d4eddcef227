"""Where Django looks for the admin's pages; they are the desk's."""

from publisher.web import admin

__all__ = ["admin"]
