"""Handing the dossier out: one archive, and a note in the trail of what left the house."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.db import transaction

from engagements.dossier.content import Dossier, dossier_json
from engagements.models import Engagement
from engagements.public_page.content import hash_of
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

# The same dossier is the same archive, byte by byte: its files bear the day it was made on.
NOON = (12, 0, 0)


@transaction.atomic
def export_dossier(dossier: Dossier, *, page: str, engagement: Engagement, by: User) -> bytes:
    """Return a ZIP of `dossier.json` and `page` as `dossier.html`, and record that it was handed out, with its hash."""
    text = dossier_json(dossier)
    audit.record("export_dossier", engagement, by=by, hash=hash_of(text), gates=len(dossier.gates), incidents=len(dossier.incidents))
    return archive_of({"dossier.json": text, "dossier.html": page}, dossier)


def archive_of(files: dict[str, str], dossier: Dossier) -> bytes:
    content = BytesIO()
    made = (dossier.made_on.year, dossier.made_on.month, dossier.made_on.day, *NOON)
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(ZipInfo(name, made), text.encode(), ZIP_DEFLATED)
    return content.getvalue()
