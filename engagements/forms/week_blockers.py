"""One choice for each blocker in the form of a week: still open, worse, or resolved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from engagements.models.blocker import Blocker

State = Blocker.State


class CarriedBlockersForm(forms.Form):
    STATES = ((State.OPEN, pgettext_lazy("blocker", "Open")), (State.ESCALATED, _("Worse")), (State.CLEARED, _("Resolved")))

    def __init__(self, *args: Any, blockers: Sequence[Blocker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.blockers = blockers
        for blocker in blockers:
            # What was on the screen: a form left open must not undo what a colleague did meanwhile.
            self.fields[f"was-{blocker.pk}"] = forms.CharField(initial=blocker.state, required=False, widget=forms.HiddenInput)
            self.fields[f"blocker-{blocker.pk}"] = forms.ChoiceField(
                label=blocker.text, choices=self.STATES, initial=blocker.state, required=False, widget=forms.RadioSelect
            )

    def rows(self) -> list[tuple[Blocker, forms.BoundField]]:
        return [(blocker, self[f"blocker-{blocker.pk}"]) for blocker in self.blockers]

    def states(self) -> dict[Blocker, State]:
        """What was chosen, without the blockers nobody touched."""
        chosen = {blocker: self.cleaned_data.get(f"blocker-{blocker.pk}") for blocker in self.blockers}
        return {blocker: State(state) for blocker, state in chosen.items() if state and state != self._seen(blocker)}

    def _seen(self, blocker: Blocker) -> str:
        return self.cleaned_data.get(f"was-{blocker.pk}") or blocker.state
