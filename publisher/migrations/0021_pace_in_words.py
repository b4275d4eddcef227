"""What a pace has done with a post, and messages about money that is spent."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publisher', '0020_rules_that_tell'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='notice',
            name='notice_kind_known',
        ),
        migrations.RemoveConstraint(
            model_name='post',
            name='post_pace_known',
        ),
        migrations.AlterField(
            model_name='notice',
            name='kind',
            field=models.CharField(choices=[('failed', 'failed'), ('uncertain', 'uncertain'), ('expired', 'expired'), ('blocked', 'blocked'), ('spend', 'spend'), ('unreachable', 'unreachable'), ('expiring', 'expiring'), ('silence', 'silence'), ('waiting', 'waiting'), ('gap', 'gap'), ('mass_change', 'mass change'), ('layout', 'layout'), ('moved', 'moved'), ('correction', 'correction'), ('vanished', 'vanished'), ('alarm', 'alarm'), ('emergency', 'emergency'), ('personal', 'personal'), ('anchor', 'anchor'), ('digest', 'digest'), ('test', 'test')], default='', max_length=24),
        ),
        migrations.AlterField(
            model_name='post',
            name='pace',
            field=models.CharField(blank=True, choices=[('waits', 'waits'), ('asks', 'asks'), ('anyway', 'anyway')], default='', max_length=24),
        ),
        migrations.AddConstraint(
            model_name='notice',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['failed', 'uncertain', 'expired', 'blocked', 'spend', 'unreachable', 'expiring', 'silence', 'waiting', 'gap', 'mass_change', 'layout', 'moved', 'correction', 'vanished', 'alarm', 'emergency', 'personal', 'anchor', 'digest', 'test'])), name='notice_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='post',
            constraint=models.CheckConstraint(condition=models.Q(('pace__in', ['waits', 'asks', 'anyway', ''])), name='post_pace_known'),
        ),
    ]
