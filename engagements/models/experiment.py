"""Something tried to learn whether it is so: hypothesis, measure, result, verdict."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.log_entry import LogEntry


class Experiment(LogEntry):
    """`text` is the hypothesis. A verdict other than "running" needs the result it rests on."""

    class Verdict(models.TextChoices):
        RUNNING = "running", _("Running")
        CONFIRMED = "confirmed", pgettext_lazy("experiment", "Confirmed")
        REFUTED = "refuted", _("Refuted")
        INCONCLUSIVE = "inconclusive", _("Inconclusive")

    KEY = "experiment"
    STATE = "verdict"
    BANDS = {Verdict.CONFIRMED: "good", Verdict.REFUTED: "risk", Verdict.INCONCLUSIVE: "watch"}
    DETAILS = ("measure", "result")

    measure = models.CharField(_("measure"), max_length=300, blank=True)
    result = models.TextField(_("result"), blank=True)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict.choices, default=Verdict.RUNNING)

    class Meta(LogEntry.Meta):
        verbose_name = _("experiment")
        verbose_name_plural = _("experiments")
        constraints = [
            *LogEntry.Meta.constraints,
            models.CheckConstraint(
                name="verdict_of_an_experiment_has_a_result",
                condition=models.Q(verdict="running") | ~models.Q(result=""),
                violation_error_message=_("Write down the result that the verdict rests on."),
            ),
        ]
