"""Answering by contacts who signed in. They reach the pages of their own companies and nothing else."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from engagements.forms.answers import FORMS, AnswerForm
from engagements.models.response import Response
from engagements.models.share import Edition, all_sections
from engagements.public_page.answers import Item, item_on
from engagements.public_page.content import SharedContent
from engagements.public_page.rows import terms_of
from engagements.selectors.share import editions_for_contact
from engagements.selectors.withdrawal import standing_content
from engagements.services.responses import Answerer, NoLongerPossible, give_response, take_back_response
from engagements.views.link_view import keep_private
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.core.messages import success_with_undo


class ContactView(PortalView):
    """A step on the page of one's own company; other companies' pages do not exist."""

    permission = Permission.VIEW_SHARED_PAGES

    @cached_property
    def edition(self) -> Edition:
        return get_object_or_404(editions_for_contact(self.request.user), engagement__slug=self.kwargs["slug"])

    @cached_property
    def content(self) -> SharedContent:
        return standing_content(self.edition)

    @property
    def page_url(self) -> str:
        return reverse("contact_edition", args=[self.kwargs["slug"]])


class ContactAnswer(ContactView):
    """The form for one item of the page."""

    def get(self, request: PortalRequest, slug: str, topic: str, pk: int) -> HttpResponse:
        item = self.item(topic, pk)
        return self.show(FORMS[item.topic](item=item, address=None))

    def post(self, request: PortalRequest, slug: str, topic: str, pk: int) -> HttpResponse:
        item = self.item(topic, pk)
        form = FORMS[item.topic](request.POST, item=item, address=None)
        if not form.is_valid():
            return self.show(form, status=422)
        by = Answerer(request.user.name, request.user.email, is_confirmed=True, person=request.user)
        try:
            response = give_response(edition=self.edition, item=item, said=form.said, by=by, now=timezone.now())
        except NoLongerPossible:
            form.add_error(None, _("This was settled in the meantime. Go back to the page to see how."))
            return self.show(form, status=409)
        undo = reverse("contact_answer_take_back", args=[slug, response.key])
        success_with_undo(request, _("Thank you. The team has your answer."), undo)
        return HttpResponseRedirect(self.page_url)

    def item(self, topic: str, pk: int) -> Item:
        item = item_on(self.content, all_sections(), topic, pk)
        if item is None:
            raise Http404
        return item

    def show(self, form: AnswerForm, status: int = 200) -> HttpResponse:
        terms = terms_of(self.content, form.item)
        context = {"form": form, "item": form.item, "terms": terms, "page": self.content, "home": self.page_url}
        return keep_private(render(self.request, "public/contact_answer.html", context, status=status))


class ContactAnswerTakenBack(ContactView):
    """Undoes an answer of one's own (POST)."""

    def post(self, request: PortalRequest, slug: str, key: str) -> HttpResponse:
        own = Response.objects.counted().filter(person=request.user, engagement=self.edition.engagement_id)
        try:
            take_back_response(get_object_or_404(own, key=key), now=timezone.now())
        except NoLongerPossible:
            messages.error(request, _("This can no longer be taken back. Write to us if it has changed."))
        else:
            messages.success(request, _("Your answer is taken back."))
        return HttpResponseRedirect(self.page_url)
