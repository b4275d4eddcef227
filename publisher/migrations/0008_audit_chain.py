"""People stand in the history by number, events are numbered without gaps, and the chain is written anew that way once."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


def restate(apps: Any, editor: Any) -> None:
    """Every event as the chain holds it from now on. A break in the old chain is told, not mended: the last event
    keeps the old chain's head, and where it did not hold."""
    from django.utils import timezone

    from publisher.newsroom.record import chain
    from publisher.types import digest, to_json

    Actor = apps.get_model("publisher", "Actor")
    Event = apps.get_model("publisher", "Event")
    names = ("at", "actor", "subject", "subject_id", "verb", "before", "after", "reason", "data")
    actors: dict[str, tuple[int, str]] = {}
    number, hash_, old_head, broken_at = 0, "", "", None
    for event in Event.objects.order_by("id").iterator(2000):
        whole = event.hash == digest([event.previous_hash, {name: to_json(getattr(event, name)) for name in names}])
        if broken_at is None and not (whole and event.previous_hash == old_head):
            broken_at = event.pk
        old_head = event.hash
        by, reference = _actor(Actor, actors, event.actor)
        content = {name: getattr(event, name) for name in chain.FIELDS}
        number, previous = number + 1, hash_
        hash_ = chain.event_hash(number, reference, content, previous)
        Event.objects.filter(pk=event.pk).update(id=number, by_id=by, previous_hash=previous, hash=hash_)
    if number:
        by, reference = _actor(Actor, actors, "publisher")
        content = {
            "at": timezone.now(),
            "subject": "history",
            "subject_id": 0,
            "verb": "restate",
            "before": "",
            "after": "",
            "reason": "",
            "data": {"events": number, "head": old_head, "broken_at": broken_at},
        }
        fields = {"previous_hash": hash_, "hash": chain.event_hash(number + 1, reference, content, hash_)}
        Event.objects.create(id=number + 1, by_id=by, actor="", **content, **fields)
    if editor.connection.vendor == "postgresql":
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else the table could not be altered after this


def _actor(model: Any, known: dict[str, tuple[int, str]], name: str) -> tuple[int, str]:
    import secrets

    from publisher.newsroom.record import chain

    if name not in known:
        salt = secrets.token_hex(16) if "@" in name and not name.startswith("rule: ") else ""
        mark = chain.mark(salt, name) if salt else ""
        made = model.objects.create(name=name, salt=salt, mark=mark)
        known[name] = made.pk, f"person {made.pk}, {mark}" if mark else name
    return known[name]


class Migration(migrations.Migration):
    dependencies = [("publisher", "0007_notify_people")]

    operations = [
        migrations.CreateModel(
            name="Actor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(blank=True, max_length=254)),
                ("salt", models.CharField(blank=True, max_length=64)),
                ("mark", models.CharField(blank=True, max_length=64)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(condition=~Q(name=""), fields=("name",), name="actor_named_once")
                ],
            },
        ),
        migrations.AddField(
            "event",
            "by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="publisher.actor",
            ),
        ),
        migrations.RunPython(restate, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("event", "actor", models.CharField(default="", max_length=200)),
        migrations.RemoveField("event", "actor"),
        migrations.AlterField(
            "event",
            "by",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="events", to="publisher.actor"
            ),
        ),
        migrations.AddIndex("event", models.Index(fields=["at"], name="event_at")),
        migrations.AddField("revision", "template_hash", models.CharField(blank=True, max_length=64)),
    ]
