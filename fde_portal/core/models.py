"""The abstract base of the other apps' models, and the rows that the machinery itself needs."""

from email import message_from_bytes
from email.policy import default

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Versioned(TimeStamped):
    """A row that counts its versions, so that a form notices that somebody else saved in between."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True


class Record(Versioned):
    """A row people edit in forms: it can be archived, and counts its versions."""

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


class Fault(models.Model):
    """A step that the last run of a periodic task left out because it failed, since when (UTC) and why; see faults.py."""

    part = models.CharField(_("part"), max_length=40)
    step = models.CharField(_("step"), max_length=80)
    error = models.TextField(_("error"))
    since = models.DateTimeField(_("since"))
    at = models.DateTimeField(_("last tried"))

    class Meta:
        verbose_name = _("fault")
        verbose_name_plural = _("faults")
        ordering = ["part", "step"]
        constraints = [models.UniqueConstraint(fields=["part", "step"], name="fault_once_per_step")]

    def __str__(self) -> str:
        return f"{self.part}: {self.step}"


class QueueRow(models.Model):
    """Work for the background worker, with its lease and its failures (see queue.py)."""

    wanted_at = models.DateTimeField(_("wanted since"), null=True, blank=True)
    lease_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tries since the last success"), default=0)
    next_try_at = models.DateTimeField(_("next try"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)

    class Meta:
        abstract = True


class OutgoingMail(QueueRow):
    """One message to one address, written in the transaction that caused it and sent by the worker.

    `source` is the whole message as it goes over the wire. It is erased once sent, because links in it
    are keys; the demo keeps it for its mailbox page. `wanted_at` is when it was written, `bounced_at` when a
    notice said that it came back after the server had taken it.
    """

    message_id = models.CharField(max_length=255)
    sender = models.CharField(max_length=320)
    recipient = models.CharField(_("recipient"), max_length=320)
    subject = models.TextField(_("subject"))
    source = models.BinaryField()
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back"), null=True, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-wanted_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["message_id", "recipient"], name="mail_once_per_recipient")]
        indexes = [
            models.Index(fields=["wanted_at"], condition=models.Q(sent_at=None), name="mail_to_send"),
            models.Index(fields=["sent_at"], name="mail_by_sending"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def text(self) -> str:
        """The readable part of the message; "" once it is erased."""
        body = message_from_bytes(bytes(self.source), policy=default).get_body(("plain", "html"))
        return body.get_content() if body else ""


class TryCount(models.Model):
    """How often something guessable was tried since an instant (UTC); see core/tries.py."""

    key = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.count}"


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
