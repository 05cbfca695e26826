"""The dossier for the customer's security team: looked at first, then handed out in one act."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from engagements.dossier.content import Dossier, dossier_json
from engagements.public_page.content import hash_of
from engagements.selectors.dossier import dossier_of
from engagements.services.dossiers import export_dossier
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.permissions import Permission


class DossierView(EngagementView):
    """What the file holds, word for word, in the customer's language."""

    permission = Permission.SHARE
    write_permission = Permission.SHARE
    tab = "engagement_gates"

    @property
    def language(self) -> str:
        return self.engagement.customer.language

    @cached_property
    def dossier(self) -> Dossier:
        return dossier_of(self.engagement, today=self.today)

    def told(self, template: str) -> str:
        with translation.override(self.language):
            return render_to_string(template, {"dossier": self.dossier, "language": self.language})

    def preview(self, status: int = 200, **extra: bool) -> HttpResponse:
        content = self.told("engagements/dossier/_content.html")
        context = {"content": content, "language": self.language, "hash": self.hash_of(content)}
        return self.show("engagements/dossier/preview.html", context | extra, status=status)

    def hash_of(self, content: str) -> str:
        """Of all that the file holds: what is shown, and what the JSON says beside it."""
        return hash_of(content + dossier_json(self.dossier))


class DossierPreview(DossierView):
    """Shows it before it leaves."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.preview()


class DossierExport(DossierView):
    """Hands out (POST) what was looked at, which `seen` names; shows it again when it changed since."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        if request.POST.get("seen") != self.hash_of(self.told("engagements/dossier/_content.html")):
            return self.preview(status=409, has_changed=True)
        page = self.told("engagements/dossier/document.html")
        content = export_dossier(self.dossier, page=page, engagement=self.engagement, by=request.user)
        answer = HttpResponse(content, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="dossier-{slug}-{self.today.isoformat()}.zip"'
        return answer
