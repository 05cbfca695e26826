"""The reading a guardrail has becomes the first of its history."""

from django.db import migrations


def carry(apps, schema_editor):
    guardrails = apps.get_model("engagements", "Guardrail").objects.exclude(reading=None)
    readings = apps.get_model("engagements", "GuardrailReading").objects
    readings.bulk_create(
        (readings.model(guardrail=rail, value=rail.reading, limit=rail.limit, read_on=rail.read_on) for rail in guardrails.iterator()), batch_size=500
    )


class Migration(migrations.Migration):
    dependencies = [("engagements", "0018_guardrail_readings")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
