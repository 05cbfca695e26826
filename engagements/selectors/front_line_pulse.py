"""What the front line answered, and the question behind a link."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch

from engagements.models.engagement import Engagement
from engagements.models.front_line_pulse import FrontLineAnswer, FrontLinePulse
from fde_portal.accounts.tokens import digest_of

FEWEST_FOR_A_SCORE = 10
SHOWN = 20


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """How often a score was given. `share` is its bar in whole percent of the score given most often."""

    score: int
    count: int
    share: int


@dataclass(frozen=True, slots=True)
class FrontLineResult:
    """A question with how often each score from 1 to 5 was given, and the newest comments."""

    pulse: FrontLinePulse
    counts: tuple[int, ...]
    comments: tuple[FrontLineAnswer, ...]

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def score(self) -> Decimal | None:
        """The mean; None below ten answers, which are no score."""
        if self.answered < FEWEST_FOR_A_SCORE:
            return None
        return Decimal(sum(score * count for score, count in enumerate(self.counts, 1))) / self.answered

    @property
    def rows(self) -> list[ScoreRow]:
        """The best score first."""
        most = max(self.counts) or 1
        return [ScoreRow(score, count, round(100 * count / most)) for score, count in enumerate(self.counts, 1)][::-1]


def front_line_results(engagement: Engagement) -> list[FrontLineResult]:
    """The questions asked in an engagement, the newest first: two statements however many answers."""
    answers = Prefetch("answers", FrontLineAnswer.objects.order_by("-given_on", "-id"))
    return [_result(pulse) for pulse in FrontLinePulse.objects.filter(engagement=engagement).prefetch_related(answers)]


def _result(pulse: FrontLinePulse) -> FrontLineResult:
    answers = list(pulse.answers.all())
    counts = tuple(sum(answer.score == score for answer in answers) for score in range(1, 6))
    return FrontLineResult(pulse, counts, tuple(answer for answer in answers if answer.comment or answer.name)[:SHOWN])


def open_pulse(token: str) -> FrontLinePulse | None:
    """The question behind a link, or None: unknown and closed look the same."""
    rows = FrontLinePulse.objects.open().select_related("engagement")
    return rows.filter(token_digest=digest_of(token)).first()
