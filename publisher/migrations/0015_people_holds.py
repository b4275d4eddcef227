"""Stops of a topic and of a time."""

import publisher.enums
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("publisher", "0014_audit_seals"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='hold',
            name='hold_scope_known',
        ),
        migrations.RemoveConstraint(
            model_name='hold',
            name='hold_names_what_its_scope_says',
        ),
        migrations.AddField(
            model_name='hold',
            name='channel_ids',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name='hold',
            name='ends_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='hold',
            name='starts_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='hold',
            name='words',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AlterField(
            model_name='hold',
            name='scope',
            field=models.CharField(choices=[('everything', 'everything'), ('channel', 'channel'), ('document', 'document'), ('topic', 'topic'), ('period', 'period')], default='everything', max_length=24),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('scope__in', ['everything', 'channel', 'document', 'topic', 'period'])), name='hold_scope_known'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends_at__isnull', True), ('starts_at__isnull', True), ('channel__isnull', False), ('document__isnull', True), ('scope', publisher.enums.HoldScope['CHANNEL'])), models.Q(('ends_at__isnull', True), ('starts_at__isnull', True), ('channel__isnull', True), ('document__isnull', False), ('scope', publisher.enums.HoldScope['DOCUMENT'])), models.Q(('ends_at__isnull', True), ('starts_at__isnull', True), ('channel__isnull', True), ('document__isnull', True), ('scope', publisher.enums.HoldScope['EVERYTHING'])), models.Q(('channel__isnull', True), ('document__isnull', True), ('scope', publisher.enums.HoldScope['TOPIC'])), models.Q(('channel__isnull', True), ('document__isnull', True), ('ends_at__isnull', False), ('scope', publisher.enums.HoldScope['PERIOD'])), _connector='OR'), name='hold_names_what_its_scope_says'),
        ),
        migrations.AddConstraint(
            model_name='hold',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__isnull', True), ('ends_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='hold_ends_after_it_starts'),
        ),
    ]
