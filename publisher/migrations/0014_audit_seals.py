"""What was written before the chain held hashes of versions, revisions and attempts is sealed once, as it stands."""

from typing import Any

from django.db import migrations


def seal(apps: Any, editor: Any) -> None:
    """Some events that tell of every row there is."""
    from django.utils import timezone

    from publisher.newsroom.record import chain, seals

    Actor, Event = apps.get_model("publisher", "Actor"), apps.get_model("publisher", "Event")
    for sealed in seals.of_all():
        by, _ = Actor.objects.get_or_create(name="publisher")
        last = Event.objects.order_by("-id").values_list("id", "hash").first()
        number, previous = (last[0] + 1, last[1]) if last else (1, "")
        content = {
            **{"at": timezone.now(), "subject": "history", "subject_id": 0, "verb": "seal"},
            **{"before": "", "after": "", "reason": "", "data": {seals.KEY: sealed}},
        }
        hash_ = chain.event_hash(number, by.name, content, previous)
        Event.objects.create(id=number, by=by, previous_hash=previous, hash=hash_, **content)
    if editor.connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else no table could be altered after this


class Migration(migrations.Migration):
    dependencies = [("publisher", "0013_sessions_end")]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop, elidable=True)]
