"""The base of the forms for what an engagement keeps beside its plan: the log, blockers, risks, asks."""

from __future__ import annotations

from datetime import date
from typing import Any

from fde_portal.accounts.forms import RecordForm
from fde_portal.accounts.models import User


class LogForm(RecordForm):
    """The instance knows its engagement. What the form may name is what `user` sees; `today` is the engagement's day."""

    def __init__(self, *args: Any, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
