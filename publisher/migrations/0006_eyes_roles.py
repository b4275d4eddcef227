"""Four roles instead of three, and roles on single channels.

Editors could approve until now, so they become approvers: nobody can do less than before. Readers are viewers.
"""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BEFORE_TO_AFTER = {"editor": "approver", "reader": "viewer"}
ROLES = ["administrator", "approver", "editor", "viewer"]
CHOICES = [(role, role) for role in ROLES]


def forwards(apps: Any, _editor: Any) -> None:
    _rename(apps, BEFORE_TO_AFTER)


def backwards(apps: Any, _editor: Any) -> None:
    """Whoever wrote or approved is an editor again."""
    _rename(apps, {"approver": "editor", "viewer": "reader"})


def _rename(apps: Any, names: dict[str, str]) -> None:
    for model in ("User", "Invitation"):
        for before, after in names.items():
            apps.get_model("publisher", model).objects.filter(role=before).update(role=after)


class Migration(migrations.Migration):
    dependencies = [("publisher", "0005_intake_one_document")]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_role_known"),
        migrations.AlterField("user", "role", models.CharField(choices=CHOICES, default="editor", max_length=24)),
        migrations.AlterField("invitation", "role", models.CharField(choices=CHOICES, default="editor", max_length=24)),
        migrations.RunPython(forwards, backwards),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(condition=models.Q(role__in=ROLES), name="user_role_known"),
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=CHOICES, default="editor", max_length=24)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="publisher.channel"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["channel__network", "channel__name", "id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(role__in=ROLES), name="grant_role_known"),
                    models.UniqueConstraint(fields=("user", "channel"), name="grant_once_per_channel"),
                ],
            },
        ),
    ]
