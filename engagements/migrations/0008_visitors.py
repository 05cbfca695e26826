"""Whom a share is for, and readers who proved an address by a mailed code."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("engagements", "0007_the_log"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AddressProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("code_digest", models.CharField(blank=True, editable=False, max_length=64)),
                ("code_ends_at", models.DateTimeField(verbose_name="code works until")),
                ("tries", models.PositiveSmallIntegerField(default=0, verbose_name="tries")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed")),
            ],
            options={
                "verbose_name": "confirmed address",
                "verbose_name_plural": "confirmed addresses",
            },
        ),
        migrations.AddField(
            model_name="share",
            name="audience",
            field=models.CharField(choices=[("recipient", "One person"), ("domain", "People of one company"), ("open", "Whoever has the link")], default="open", max_length=16, verbose_name="opens for"),
        ),
        migrations.AddField(
            model_name="share",
            name="domain",
            field=models.CharField(blank=True, max_length=253, verbose_name="company domain"),
        ),
        migrations.AddField(
            model_name="share",
            name="passcode",
            field=models.CharField(blank=True, editable=False, max_length=128, verbose_name="passcode"),
        ),
        migrations.AddField(
            model_name="share",
            name="recipient",
            field=models.EmailField(blank=True, max_length=254, verbose_name="e-mail"),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.CheckConstraint(condition=models.Q(("audience", "open"), models.Q(("audience", "recipient"), models.Q(("recipient", ""), _negated=True)), models.Q(("audience", "domain"), models.Q(("domain", ""), _negated=True)), _connector="OR"), name="share_says_for_whom"),
        ),
        migrations.AddField(
            model_name="addressproof",
            name="share",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="proofs", to="engagements.share", verbose_name="share link"),
        ),
        migrations.AddConstraint(
            model_name="addressproof",
            constraint=models.UniqueConstraint(fields=("share", "address"), name="one_proof_per_share_and_address"),
        ),
    ]
