"""Mails that tell recipients of new editions."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("engagements", "0019_front_line_pulse"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("edition", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="engagements.edition", verbose_name="edition")),
                ("share", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="mails", to="engagements.share", verbose_name="share link")),
            ],
            options={
                "verbose_name": "mail of a new edition",
                "verbose_name_plural": "mails of new editions",
                "ordering": ["-written_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("share", "edition"), name="one_mail_per_share_and_edition")],
            },
        ),
    ]
