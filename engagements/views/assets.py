"""What stays with the customer, each with its owner."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from engagements.forms.gates import AssetForm
from engagements.models import Asset
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore


class EngagementAssets(EngagementView):
    tab = "engagement_gates"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        assets = Asset.objects.visible_to(request.user).filter(engagement=self.engagement).select_related("owner")
        current = list(assets.current())
        context = {"assets": current, "ownerless": sum(not row.has_owner for row in current), "archived": assets.archived()}
        return self.show("engagements/gate/assets.html", context)


def visible_asset(view: PortalView) -> Asset:
    """The asset the address names, if it belongs to the engagement named and the viewer sees it."""
    assets = Asset.objects.visible_to(view.request.user).select_related("engagement")
    return get_object_or_404(assets, pk=view.kwargs["pk"], engagement__slug=view.kwargs["slug"])


class AssetPlace:
    """Where the pages of an asset lead back to."""

    def get_record(self) -> Asset:
        return visible_asset(self)

    def done_url(self, record: Asset) -> str:
        return reverse("engagement_assets", args=[record.engagement.slug])


class AssetNew(AssetPlace, RecordFormPage):
    form_class = AssetForm

    def get_record(self) -> Asset:
        return Asset(engagement=visible_engagement(self))

    def title(self, record: Asset) -> str:
        return _("New asset")


class AssetEdit(AssetPlace, RecordFormPage):
    form_class = AssetForm

    def title(self, record: Asset) -> str:
        return _("Edit asset")


class AssetArchive(AssetPlace, RecordArchive):
    def restore_url(self, record: Asset) -> str:
        return reverse("asset_restore", args=[record.engagement.slug, record.pk])


class AssetRestore(AssetPlace, RecordRestore):
    pass
