"""A process that receives the batches of a plan one after the other: to be killed and started again.

Started again it begins at the start of the plan, as a customer's script does that does not know how
far it came: batches that were received already are recognised by their keys.
"""

import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import django


def receive(path: str) -> None:
    from django.utils import timezone  # all of these need django.setup()

    from engagements.intake.rows import UsageLine
    from engagements.models import UsageSource
    from engagements.services.usages import receive_usage_batch

    for batch in json.loads(Path(path).read_text()):
        rows = [UsageLine(actor, date.fromisoformat(day), events=events) for actor, day, events in batch["rows"]]
        receive_usage_batch(
            source=UsageSource.objects.select_related("deliverable__engagement").get(pk=batch["source"]),
            rows=rows,
            key=batch["key"],
            content_hash=sha256(json.dumps(batch).encode()).hexdigest(),
            by=None,
            now=timezone.now(),
        )


if __name__ == "__main__":
    django.setup()
    receive(sys.argv[1])
