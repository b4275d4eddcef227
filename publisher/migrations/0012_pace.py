"""Spacing, the number of a day, best hours, money of a month and what is too late, for each channel; costs of attempts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publisher", "0011_eyes_periods"),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="cost",
            field=models.DecimalField(decimal_places=4, default=0, max_digits=8),
        ),
        migrations.AddField(
            model_name="channel",
            name="daily_cap",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="channel",
            name="late",
            field=models.CharField(
                choices=[("ask", "ask"), ("expire", "expire"), ("send", "send")], default="ask", max_length=24
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="late_by_kind",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="channel",
            name="slots",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="channel",
            name="spacing",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="channel",
            name="spend_cap",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="pace",
            field=models.CharField(
                blank=True, choices=[("asks", "asks"), ("anyway", "anyway")], default="", max_length=24
            ),
        ),
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["started_at"], name="attempt_begun"),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("late__in", ["ask", "expire", "send"])), name="channel_late_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(("pace__in", ["asks", "anyway", ""])), name="post_pace_known"
            ),
        ),
    ]
