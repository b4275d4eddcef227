import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publisher", "0003_fetch_pace")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="edits",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="edited_by",
                to="publisher.post",
            ),
        ),
    ]
