"""The logo on customers' pages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Logo(models.Model):
    """One picture, named by the digest of its bytes and never changed: editions that show it keep it."""

    MOST_BYTES = 20_000
    # Pictures that hold no program, told by how they begin; not SVG, which may hold one.
    KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}

    digest = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16)
    content = models.BinaryField()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return self.digest[:8]

    @classmethod
    def kind_of(cls, content: bytes) -> str:
        """The type of a picture by its own bytes, whatever its name says; "" for everything else."""
        return next((kind for start, kind in cls.KINDS.items() if content.startswith(start)), "")
