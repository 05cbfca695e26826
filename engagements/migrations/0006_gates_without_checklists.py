"""The checklist went into the gates."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("engagements", "0005_gates_from_checklists")]

    operations = [migrations.DeleteModel(name="ChecklistItem")]
