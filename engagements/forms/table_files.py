"""What forms for a small table in a file share: it is taken in whole, or its faults are named row by row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from engagements.intake.rows import RowError, RowsRejected

MOST_BYTES = 1024 * 1024


class TableFileForm(forms.Form):
    """Invalid, `faults` names row, column and what is wrong; valid, the form holds what it took in."""

    file = forms.FileField(label=_("CSV file"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faults: list[RowError] = []

    def take_in(self, content: bytes) -> None:
        """Read the table. Raises RowsRejected, or notes `faults`."""
        raise NotImplementedError

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 1 MB."))
        try:
            self.take_in(file.read())
        except RowsRejected as refused:
            self.faults = list(refused.errors)
        if self.faults:
            raise forms.ValidationError(_("Nothing was taken in. Correct these rows and send the file again."))
        return file
