"""Django's admin, for the rest: everything can be looked at, little can be changed.

What moves by a verb of the newsroom (states, approvals, holds, credentials) moves there only: the history tells of it.
"""

from typing import Any

from django.contrib import admin

from publisher import models


class LookOnly(admin.ModelAdmin):
    """Rows that nobody changes here."""

    def has_add_permission(self, *_asked: Any) -> bool:
        return False

    def has_change_permission(self, *_asked: Any) -> bool:
        return False

    def has_delete_permission(self, *_asked: Any) -> bool:
        return False


@admin.register(models.Document)
class Documents(LookOnly):
    list_display = ["title", "kind", "language", "source", "first_seen_at"]
    list_filter = ["kind", "source"]
    search_fields = ["title", "reference"]


@admin.register(models.Post)
class Posts(LookOnly):
    list_display = ["id", "channel", "state", "due_at", "published_at"]
    list_filter = ["state", "channel"]
    exclude = ["claimed_by", "claimed_until"]


@admin.register(models.Attempt)
class Attempts(LookOnly):
    list_display = ["key", "post_id", "part", "outcome", "started_at", "ended_at"]
    list_filter = ["outcome"]


@admin.register(models.Event)
class Events(LookOnly):
    list_display = ["at", "actor", "subject", "subject_id", "verb", "before", "after"]
    list_filter = ["subject", "verb"]


@admin.register(models.Channel)
class Channels(LookOnly):
    list_display = ["name", "network", "health", "active"]
    exclude = ["credentials"]


@admin.register(models.User)
class Users(LookOnly):
    list_display = ["name", "email", "role", "is_active"]
    exclude = ["password"]


@admin.register(models.Person)
class People(LookOnly):
    list_display = ["name"]
    search_fields = ["name"]


admin.site.register(
    [models.Source, models.Version, models.Identity, models.Revision, models.Approval, models.Rule, models.Hold],
    LookOnly,
)
