"""The customer's page as its recipients see it, for us."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from csp.constants import SELF
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from engagements.models import Edition, Share
from engagements.models.share import all_sections
from engagements.public_page.content import SharedContent, content_from
from engagements.public_page.page import shared_page
from engagements.selectors.given_answers import given_answers
from engagements.selectors.shareable import shareable_content
from engagements.selectors.withdrawal import withdrawn_items
from engagements.views.link_view import chosen_language, keep_private
from engagements.views.shares import SharingView
from fde_portal.accounts.access import PortalRequest


class EditionPreview(SharingView):
    """The page exactly as a recipient sees it, in the width of a desk or a phone.

    Without a number: as it would be published now. `?share=` cuts it down to one link's sections and language;
    `?width=phone` frames it, so that the page itself has the width of a phone.
    """

    def get(self, request: PortalRequest, number: int | None = None, **kwargs: Any) -> HttpResponse:
        (content, published_at), share = self.published(number), self.share()
        language = share.language if share else self.engagement.customer.language
        context = {
            "engagement": self.engagement,
            "bar": self.bar(number, share),
            "back": _("Back to Sharing"),
            "viewer_language": translation.get_language(),
            "widths": {width: self.address(width=width) for width in ("", "phone")},
            "framed_url": self.address(framed="1"),
        }
        if request.GET.get("width") == "phone":
            return keep_private(render(request, "engagements/share/preview_phone.html", context))
        zone = ZoneInfo(content.time_zone)
        given, withdrawn = given_answers(self.engagement.pk, zone, published_at), withdrawn_items(self.engagement.pk, zone)
        with translation.override(chosen_language(request, language)):
            context["page"] = shared_page(content, share.sections if share else all_sections(), given, withdrawn)
            context["framed"] = "framed" in request.GET
            response = keep_private(render(request, "engagements/share/preview.html", context))
        return allow_own_frame(response) if context["framed"] else response

    def published(self, number: int | None) -> tuple[SharedContent, datetime]:
        """What an edition says and since when; without a number what one published now would."""
        if number is None:
            now = timezone.now()
            return shareable_content(self.engagement, now=now), now
        editions = Edition.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        edition = get_object_or_404(editions, number=number)
        return content_from(edition.content), edition.published_at

    def share(self) -> Share | None:
        """The link whose recipient is asked for, None for everything in the customer's language."""
        pk = self.request.GET.get("share")
        if pk is None:
            return None
        shares = Share.objects.visible_to(self.request.user).filter(engagement=self.engagement)
        return get_object_or_404(shares, pk=pk if pk.isdecimal() else None)

    def bar(self, number: int | None, share: Share | None) -> str:
        """What the bar above the page says, in the language of the one who looks."""
        if number is not None:
            return _("Edition %(number)s, as it was published.") % {"number": number}
        if share:
            return _("As %(name)s would see it now (%(opens_for)s).") % {"name": share.name, "opens_for": share.opens_for}
        return _("As it would be published now. The customer does not see this bar.")

    def address(self, **changes: str) -> str:
        """This preview with other parameters; empty ones are left out."""
        query = self.request.GET.copy()
        for name in ("width", "framed"):
            query.pop(name, None)
        query.update({name: value for name, value in changes.items() if value})
        return f"?{query.urlencode()}"


def allow_own_frame(response: HttpResponse) -> HttpResponse:
    """Let our own page, and no other, show this one in a frame."""
    response["X-Frame-Options"] = "SAMEORIGIN"
    response._csp_replace = {"frame-ancestors": [SELF]}  # what the package's decorator sets
    return response
