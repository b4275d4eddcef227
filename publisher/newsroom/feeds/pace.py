"""How many documents a source usually brings in a week, by the dates of those that it brought."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from publisher.models import Source

PERIOD = timedelta(days=28)
_ENOUGH = 3
"""Fewer documents tell nothing."""
_NEWEST = """
SELECT count(*), min(day), count(CASE WHEN day > %s THEN 1 END) FROM (
  SELECT COALESCE(published_at, first_seen_at) AS day FROM publisher_document
  WHERE source_id = %s AND (published_at IS NOT NULL OR NOT baseline)
  ORDER BY first_seen_at DESC, id DESC LIMIT 500
) AS newest WHERE day <= %s"""
"""Asked after each look that found something. All of a first sight was first seen at once: that is no date."""


def per_week(source: Source, now: datetime) -> float | None:
    """None where too little is known. A source that was loud once and is silent now becomes slow again."""
    adapted = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [adapted(now - PERIOD), source.pk, adapted(now)])
        count, first, recent = cursor.fetchone()
    if count < _ENOUGH:
        return None
    if isinstance(first, str):  # as SQLite keeps it
        first = datetime.fromisoformat(first).replace(tzinfo=UTC)
    # A feed shows its last few items only: before the oldest of them, nothing is known.
    span = min(PERIOD, max(now - first, timedelta(days=1)))
    return float(recent / (span / timedelta(days=7)))
