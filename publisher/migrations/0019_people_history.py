"""The history is found by person and by channel."""

import django.db.models.deletion
from django.db import migrations, models


FILL = """
UPDATE publisher_event SET channel_id = CASE subject
WHEN 'channel' THEN subject_id
WHEN 'post' THEN (SELECT channel_id FROM publisher_post WHERE publisher_post.id = subject_id)
WHEN 'hold' THEN (SELECT channel_id FROM publisher_hold WHERE publisher_hold.id = subject_id)
END
WHERE subject IN ('channel', 'post', 'hold')
"""


class Migration(migrations.Migration):

    dependencies = [
        ("publisher", "0018_visits_no_last_new"),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='channel_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='event',
            name='by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='publisher.actor'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['by', '-id'], name='event_by'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('channel_id__isnull', False)), fields=['channel_id', '-id'], name='event_of_channel'),
        ),
        # The guards are down while tables are brought up to date. No hash covers the column.
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
