"""Nobody ever wrote when a source last brought something new; its sightings tell."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("publisher", "0017_identities")]

    operations = [migrations.RemoveField("source", "last_new_at")]
