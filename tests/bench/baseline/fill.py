"""python -m tests.bench.baseline.fill: the table of the yardstick, 10,000 rows, 100 in each group."""

import os
from datetime import date

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.baseline.settings"
django.setup()

from django.db import connection  # noqa: E402  (after the set-up)

from tests.bench.baseline.models import Item  # noqa: E402

ROWS, GROUPS = 10_000, 100

with connection.schema_editor() as editor:
    editor.create_model(Item)
Item.objects.bulk_create(
    Item(group=n % GROUPS, name=f"Item {n}", owner=f"Owner {n % 20}", state="open", amount=n, due=date(2026, 1, 5), note="A note")
    for n in range(ROWS)
)
connection.cursor().execute("ANALYZE")
