"""Rules that ask more of a document and say more of a post; titles of documents as they are compared."""

import re

from django.db import migrations, models


def fill_plain_titles(apps, _schema_editor):
    """As `newsroom.documents.identity.plain_title` did when this was written, cut to the column's length."""
    document = apps.get_model("publisher", "Document")
    some = []
    for row in document.objects.only("pk", "title").order_by("pk").iterator(chunk_size=500):
        row.plain_title = " ".join(re.sub(r"[\W_]+", " ", row.title.casefold()).split())[:200]
        some.append(row)
        if len(some) == 500:
            document.objects.bulk_update(some, ["plain_title"])
            some = []
    document.objects.bulk_update(some, ["plain_title"])


class Migration(migrations.Migration):
    dependencies = [
        ("publisher", "0019_people_history"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="rule",
            name="rule_mode_known",
        ),
        migrations.AddField(
            model_name="document",
            name="plain_title",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="post",
            name="counts_down",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rule",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rule",
            name="confirmed_by",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="rule",
            name="confirmed_hash",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="rule",
            name="cool_off",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="rule",
            name="ends",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rule",
            name="hashtags",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="rule",
            name="languages",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="rule",
            name="not_words",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="rule",
            name="people",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="rule",
            name="per_hour",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="rule",
            name="starts",
            field=models.TimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="rule",
            name="topics",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="rule",
            name="use_slots",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="rule",
            name="weekdays",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="rule",
            name="words",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name="rule",
            name="mode",
            field=models.CharField(
                choices=[("review", "review"), ("automatic", "automatic"), ("ignore", "ignore")],
                default="review",
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="document",
            index=models.Index(fields=["plain_title", "first_seen_at"], name="document_same_title"),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("counts_down", True)), fields=["document"], name="post_counting_down"
            ),
        ),
        migrations.AddIndex(
            model_name="post",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("rule__isnull", False)),
                fields=["rule", "due_at"],
                name="post_due_by_rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="rule",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["review", "automatic", "ignore"])), name="rule_mode_known"
            ),
        ),
        migrations.RunPython(fill_plain_titles, migrations.RunPython.noop, elidable=False),
    ]
