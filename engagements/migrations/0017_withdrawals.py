"""Items taken back from the customer’s page, and the figures chosen for its top."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("engagements", "0016_usage_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="engagement",
            name="shared_figures",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="figures of the customer’s page"),
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=48, verbose_name="item")),
                ("withdrawn_at", models.DateTimeField(verbose_name="taken back")),
                ("engagement", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="withdrawals", to="engagements.engagement", verbose_name="engagement")),
                ("withdrawn_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="taken back by")),
            ],
            options={
                "verbose_name": "item taken back",
                "verbose_name_plural": "items taken back",
                "constraints": [models.UniqueConstraint(fields=("engagement", "item"), name="item_withdrawn_once")],
            },
        ),
    ]
