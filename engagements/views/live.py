"""Pages that follow the figures: an open page shows what the worker computed within two seconds.

The page's content is a named fragment in an element that asks for it again with the version it
shows. As long as nothing was computed since, the answer is 204 and costs next to nothing.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse

from engagements.selectors.live import PROGRESS, progress_of
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest


class LiveEngagementView(EngagementView):
    """A tab whose fragment renews itself: `template_name` includes engagements/_live.html."""

    template_name: ClassVar[str]
    fragment_name: ClassVar[str]
    along = EngagementView.along | PROGRESS

    def content(self) -> dict[str, Any]:
        """What the fragment shows."""
        raise NotImplementedError

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        progress = progress_of(self.engagement)
        if request.htmx and request.GET.get("seen") == str(progress.computed):
            return HttpResponse(status=204)
        context = self.content() | {
            "version": progress.computed,
            "pending": progress.is_pending,
            "fragment": self.fragment_name,
        }
        return self.show("engagements/_live.html" if request.htmx else self.template_name, context)
