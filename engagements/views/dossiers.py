"""The dossier for the customer's security team: looked at first, then handed out in one act."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from engagements.dossier.content import Dossier
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


class DossierPreview(DossierView):
    """Shows it before it leaves."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        content = self.told("engagements/dossier/_content.html")
        return self.show("engagements/dossier/preview.html", {"content": content, "language": self.language})


class DossierExport(DossierView):
    """Hands it out (POST)."""

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        page = self.told("engagements/dossier/document.html")
        content = export_dossier(self.dossier, page=page, engagement=self.engagement, by=request.user)
        answer = HttpResponse(content, content_type="application/zip")
        answer["Content-Disposition"] = f'attachment; filename="dossier-{slug}-{self.today.isoformat()}.zip"'
        return answer
