"""The drawings of the portfolio's lines are kept ready; the worker writes them all once."""

from django.db import migrations, models
from django.utils import timezone


def have_everything_computed(apps, schema_editor):
    rows = apps.get_model("engagements", "Recompute").objects
    rows.update(want=models.F("want") + 1, wanted_at=timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0008_visitors'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='portfoliorow',
            name='mosaic',
        ),
        migrations.RemoveField(
            model_name='portfoliorow',
            name='trend',
        ),
        migrations.AddField(
            model_name='portfoliorow',
            name='mosaic_svg',
            field=models.TextField(default='', verbose_name='components, drawn'),
        ),
        migrations.AddField(
            model_name='portfoliorow',
            name='trend_svg',
            field=models.TextField(default='', verbose_name='weekly scores, drawn'),
        ),
        migrations.AddField(
            model_name='portfoliorow',
            name='users_svg',
            field=models.TextField(default='', verbose_name='users against the target, drawn'),
        ),
        migrations.RunPython(have_everything_computed, migrations.RunPython.noop),
    ]
