"""Who opened a page, and who gets new editions by mail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("engagements", "0012_outcomes"),
    ]

    operations = [
        migrations.AddField(
            model_name="share",
            name="mails_editions",
            field=models.BooleanField(default=False, verbose_name="mail new editions"),
        ),
        migrations.AddField(
            model_name="share",
            name="opted_out_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="wants no mail since"),
        ),
        migrations.AddField(
            model_name="shareview",
            name="address",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
        ),
    ]
