"""The form that takes files. Its errors name the file they are about."""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 150

# What files of these types begin with: a name alone could claim anything.
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "gif": (b"GIF87a", b"GIF89a"),
    **dict.fromkeys(("zip", "docx", "xlsx", "pptx", "odt", "ods", "odp"), _ZIP),
}


def safe_name(name: str) -> str:
    """A name without folders, control and direction characters, at most LONGEST_NAME long, its ending kept."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    name = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip(" .")
    path = PurePosixPath(name or "file")
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, each within the limits of ATTACHMENT_MAX_BYTES, ATTACHMENT_MAX_FILES and ATTACHMENT_TYPES."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        uploads = [upload for upload in data or [] if upload]
        if not uploads:
            raise forms.ValidationError(_("Choose a file."))
        if len(uploads) > settings.ATTACHMENT_MAX_FILES:
            raise forms.ValidationError(_("At most %(count)s files at once."), params={"count": settings.ATTACHMENT_MAX_FILES})
        for upload in uploads:
            upload.name = safe_name(upload.name)
        faults = [fault for upload in uploads for fault in faults_of(upload)]
        if faults:
            raise forms.ValidationError(faults)
        return uploads


def faults_of(upload: UploadedFile) -> list[forms.ValidationError]:
    """What is wrong with one file; its name stands in each sentence."""
    named = {"file": upload.name, "limit": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}
    ending = PurePosixPath(upload.name).suffix.removeprefix(".").lower()
    if ending not in settings.ATTACHMENT_TYPES:
        return [forms.ValidationError(_("%(file)s: files of this type are not taken."), params=named)]
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        return [forms.ValidationError(_("%(file)s is larger than %(limit)s."), params=named)]
    if not upload.size:
        return [forms.ValidationError(_("%(file)s is empty."), params=named)]
    beginning = upload.read(16)
    upload.seek(0)
    if not beginning.startswith(_BEGINNINGS.get(ending, (b"",))):
        return [forms.ValidationError(_("%(file)s is not what its name says."), params=named)]
    return []


class AttachmentForm(forms.Form):
    files = FilesField(label=_("Files"))
