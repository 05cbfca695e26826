"""Taking back single items from the customer's page, and choosing the figures at its top."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.shares import FiguresForm
from engagements.models import Edition, Section, Withdrawal
from engagements.models.share import all_sections
from engagements.public_page.content import content_from
from engagements.public_page.figures import existing_facts
from engagements.public_page.tombstones import items_in
from engagements.selectors.shareable import shareable_content
from engagements.services.editions import choose_figures
from engagements.services.withdrawals import NotShared, put_item_back, withdraw_item
from engagements.views.shares import SharingView
from fde_portal.accounts.access import PortalRequest
from fde_portal.core.messages import success_with_undo


class SharedItems(SharingView):
    """The items of one edition, each of which can be taken back in all editions."""

    def get(self, request: PortalRequest, number: int, **kwargs: Any) -> HttpResponse:
        editions = Edition.objects.visible_to(request.user).filter(engagement=self.engagement)
        edition = get_object_or_404(editions, number=number)
        names = {section.value: section.label for section in Section} | {"headline": _("Headline")}
        withdrawals = Withdrawal.objects.filter(engagement=self.engagement).select_related("withdrawn_by")
        gone = {withdrawal.item: withdrawal for withdrawal in withdrawals}
        items = [(item, names[item.section], gone.get(item.name)) for item in items_in(content_from(edition.content))]
        return self.show("engagements/share/items.html", {"edition": edition, "items": items})


class ItemWithdrawal(SharingView):
    """Lays a tombstone over one item (POST)."""

    def post(self, request: PortalRequest, item: str, **kwargs: Any) -> HttpResponse:
        try:
            withdraw_item(engagement=self.engagement, item=item, by=request.user, now=timezone.now())
        except NotShared:
            raise Http404 from None
        undo = reverse("shared_item_put_back", args=[self.engagement.slug, item])
        success_with_undo(request, _("Taken back. From the next click on every edition shows a note in its place."), undo)
        return HttpResponseRedirect(self.sharing_url())


class ItemReturn(SharingView):
    """Takes the tombstone away again (POST)."""

    def post(self, request: PortalRequest, item: str, **kwargs: Any) -> HttpResponse:
        put_item_back(engagement=self.engagement, item=item, by=request.user)
        messages.success(request, _("It is on the page again."))
        return HttpResponseRedirect(self.sharing_url())


class SharedFigures(SharingView):
    """Chooses up to three figures for the top of the next editions."""

    def get(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        return self.show_form(self.form(initial={"figures": self.engagement.shared_figures}))

    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        choose_figures(self.engagement, figures=form.cleaned_data["figures"], by=request.user)
        messages.success(request, _("Chosen. The next edition shows them."))
        return HttpResponseRedirect(self.sharing_url())

    def form(self, data: Any = None, **options: Any) -> FiguresForm:
        content = shareable_content(self.engagement, now=timezone.now())
        return FiguresForm(data, facts=dict(existing_facts(content, all_sections())), **options)

    def show_form(self, form: FiguresForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/share/figures.html", {"form": form}, status=status)
