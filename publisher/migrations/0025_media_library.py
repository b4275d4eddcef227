"""The media library, with what the posts that are there hold."""

import django.db.models.deletion
from django.db import migrations, models


def bring_in(apps, _schema_editor):
    """What any revision holds. Sizes are not told: the files may be elsewhere while the database is brought up to date."""
    revisions = apps.get_model("publisher", "Revision").objects.order_by("id")
    assets, uses = apps.get_model("publisher", "Asset"), apps.get_model("publisher", "AssetUse")
    found, held = {}, {}
    for post, language, parts, at in revisions.values_list("post_id", "language", "parts", "created_at").iterator():
        for part in parts:
            card = (part.get("card") or {}).get("image")
            for item in [*part.get("media", ()), *([card] if card else ())]:
                if sha := item.get("sha256"):
                    alts = {language.lower().split("-")[0]: item["alt"]} if item.get("alt") else {}
                    shape = {name: item.get(name) or 0 for name in ("width", "height", "seconds")}
                    said = {"type": item.get("type", ""), "url": item.get("url", "")[:2000], "alts": alts}
                    said |= {"name": item.get("url", "").rpartition("/")[2][:255], "words": item.get("alt", "").casefold()}
                    found.setdefault(sha, assets(sha256=sha, added_at=at, **shape, **said))
                    held[sha, post] = None
    assets.objects.bulk_create(found.values(), batch_size=500)
    known = dict(assets.objects.values_list("sha256", "id"))
    uses.objects.bulk_create([uses(asset_id=known[sha], post_id=post) for sha, post in held], batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ('publisher', '0024_connect_by_signing_in'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, unique=True)),
                ('type', models.CharField(max_length=40)),
                ('name', models.CharField(blank=True, max_length=255)),
                ('size', models.PositiveBigIntegerField(default=0)),
                ('width', models.PositiveIntegerField(default=0)),
                ('height', models.PositiveIntegerField(default=0)),
                ('seconds', models.FloatField(default=0)),
                ('codecs', models.CharField(blank=True, max_length=100)),
                ('probed', models.BooleanField(default=False)),
                ('credit', models.CharField(blank=True, max_length=500)),
                ('url', models.URLField(blank=True, max_length=2000)),
                ('alts', models.JSONField(default=dict)),
                ('captions', models.JSONField(default=dict)),
                ('focus', models.CharField(blank=True, max_length=16)),
                ('words', models.TextField(blank=True)),
                ('added_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-added_at', '-id'],
                'indexes': [models.Index(fields=['-added_at', '-id'], name='asset_newest')],
            },
        ),
        migrations.CreateModel(
            name='AssetUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asset', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='publisher.asset')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assets', to='publisher.post')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('asset', 'post'), name='asset_used_once')],
            },
        ),
        migrations.RunPython(bring_in, migrations.RunPython.noop, elidable=True),
    ]
