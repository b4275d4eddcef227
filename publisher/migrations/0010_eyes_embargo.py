"""An embargo can be lifted by two people."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publisher", "0009_eyes_four_eyes"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="embargo_lifted",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
