"""Who wanted no reminders has muted them: the column of the person goes after this (accounts 0005)."""

from django.db import migrations


def carry(apps, schema_editor):
    people = apps.get_model("accounts", "User").objects.filter(wants_reminders=False)
    mute = apps.get_model("engagements", "NoticeMute")
    mute.objects.bulk_create(mute(person_id=pk, kind="reminder") for pk in people.values_list("pk", flat=True))


def carry_back(apps, schema_editor):
    muted = apps.get_model("engagements", "NoticeMute").objects.filter(kind="reminder")
    apps.get_model("accounts", "User").objects.filter(pk__in=muted.values("person")).update(wants_reminders=False)


class Migration(migrations.Migration):
    dependencies = [("engagements", "0013_notices"), ("accounts", "0003_kept_texts")]

    operations = [migrations.RunPython(carry, carry_back)]
