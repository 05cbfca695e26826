"""The abstract base of the other apps' models, and the rows that the machinery itself needs."""

from django.db import models


class TimeStamped(models.Model):
    """Adds when a row was made and last saved (UTC)."""

    created_at = models.DateTimeField(auto_now_add=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True, editable=False)

    class Meta:
        abstract = True


class RecordQuerySet(models.QuerySet):
    """Rows that people archive instead of deleting."""

    def current(self) -> "RecordQuerySet":
        return self.filter(archived_at__isnull=True)

    def archived(self) -> "RecordQuerySet":
        return self.filter(archived_at__isnull=False)


class Record(TimeStamped):
    """A row people edit in forms: it can be archived, and counts its versions.

    `version` lets a form notice that somebody else saved in between.
    """

    version = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None


class Heartbeat(models.Model):
    """When a part of the installation last showed that it is alive (UTC)."""

    name = models.CharField(max_length=50, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class StoredMail(models.Model):
    """A message of the demo, kept for its mailbox page instead of being sent."""

    sent_at = models.DateTimeField(auto_now_add=True)
    sender = models.CharField(max_length=320)
    recipients = models.TextField()
    subject = models.TextField()
    body = models.TextField()

    class Meta:
        ordering = ["-sent_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class SearchEntry(models.Model):
    """What one record is found by. Titles and texts stand in it as words of the index: see core/search/words.py.

    The full-text index beside it (generated columns, or an FTS5 table with triggers) is made by the migration.
    """

    kind = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    tags = models.TextField()
    title = models.TextField()
    words = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="search_entry_kind_id")]
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="search_entry_once_per_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"
