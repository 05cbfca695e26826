"""Acts on attachments, and the sweep that removes files nobody needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from engagements.models import Attachment, Deliverable, EvidenceLink, StakeholderNote
from engagements.models.attachment import FOLDER, FileOwner
from fde_portal.accounts import audit
from fde_portal.accounts.models import User

# A removed file can be put back for this long, and a file without a row may belong to a request that is not over.
KEPT_AFTER_REMOVAL = timedelta(days=1)
# The column that names the record of a file.
SIDES: dict[type, str] = {StakeholderNote: "note", Deliverable: "deliverable", EvidenceLink: "evidence"}


def attach(owner: FileOwner, uploads: Iterable[UploadedFile], *, by: User) -> list[Attachment]:
    """Keep checked uploads (AttachmentForm) with a record: all of them or, when writing fails, none."""
    made: list[Attachment] = []
    try:
        with transaction.atomic():
            # One by one: what was written before a failure stands in the list.
            made.extend(_keep(owner, upload, by=by) for upload in uploads)
    except BaseException:
        for attachment in made:
            attachment.file.storage.delete(attachment.file.name)
        raise
    return made


def _keep(owner: FileOwner, upload: UploadedFile, *, by: User) -> Attachment:
    side = {SIDES[type(owner)]: owner}
    attachment = Attachment.objects.create(**side, file=upload, name=upload.name, size=upload.size, added_by=by)
    _record("attach", attachment, by=by)
    return attachment


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by: User, now: datetime) -> None:
    """Take a file off its record. It can be put back until the sweep deletes it. Twice changes nothing."""
    if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=now):
        _record("remove_attachment", attachment, by=by)


@transaction.atomic
def put_back(attachment: Attachment, *, by: User) -> None:
    """Undo a removal. Twice changes nothing."""
    if Attachment.objects.filter(pk=attachment.pk, removed_at__isnull=False).update(removed_at=None):
        _record("put_back", attachment, by=by)


def _record(verb: str, attachment: Attachment, *, by: User) -> None:
    owner: Any = attachment.owner
    customer_id = getattr(owner, "customer_id", None)
    audit.record(verb, attachment, by=by, customer_id=customer_id, engagement_id=owner.engagement_id, size=attachment.size)


def sweep_attachments(*, now: datetime, storage: Storage = default_storage) -> int:
    """Delete what was removed a day ago, and files whose rows are gone with their records. Gives the number of files."""
    before = now - KEPT_AFTER_REMOVAL
    Attachment.objects.filter(removed_at__lt=before).delete()
    old = [path for path in _files(storage, FOLDER) if storage.get_modified_time(path) < before]
    kept = set(Attachment.objects.values_list("file", flat=True)) if old else set()
    orphans = [path for path in old if path not in kept]
    for path in orphans:
        storage.delete(path)
    return len(orphans)


def _files(storage: Storage, folder: str) -> Iterator[str]:
    if not storage.exists(folder):
        return
    folders, files = storage.listdir(folder)
    yield from (f"{folder}/{name}" for name in files)
    for inner in folders:
        yield from _files(storage, f"{folder}/{inner}")
