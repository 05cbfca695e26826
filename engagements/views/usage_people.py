"""The people in the data of an engagement's customer: what kind they are, who is who, and erasing one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.usage_people import FindPersonForm, PersonKindForm, SamePersonForm
from engagements.models import Actor
from engagements.services.actors import AliasOfItself, erase_actor, hashes_of, set_actor_kind, set_alias
from engagements.views.usages import DataView
from fde_portal.accounts.access import PortalRequest

MARKED_SHOWN = 50


class PeopleView(DataView):
    """Finds actors of the engagement's customer, by number or by the name they have in the data."""

    def actors(self) -> QuerySet[Actor]:
        actors = Actor.objects.visible_to(self.request.user).filter(customer=self.engagement.customer_id)
        return actors.select_related("alias_of", "customer")

    def named(self, name: str) -> Actor | None:
        key_hash = hashes_of(self.engagement.customer_id, [name])[name]
        return self.actors().filter(key_hash=key_hash).first()

    @cached_property
    def actor(self) -> Actor:
        return get_object_or_404(self.actors(), pk=self.kwargs["pk"])

    def back(self) -> HttpResponse:
        """To the person again: the name is in the address, since the data may hold only its hash."""
        name = self.request.POST.get("name", "")
        return redirect(f"{reverse('usage_people', args=[self.engagement.slug])}?{urlencode({'name': name})}")


class UsagePeople(PeopleView):
    """Find one person; the people who do not count as usual are listed."""

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = FindPersonForm(request.GET if request.GET.get("name") else None)
        found = self.named(form.cleaned_data["name"]) if form.is_valid() else None
        context = {
            "form": form,
            "asked": form.is_bound,
            "person": found,
            "kind_form": found and PersonKindForm(initial={"kind": found.kind}),
            "same_form": SamePersonForm(),
            "marked": marked(self.actors())[:MARKED_SHOWN],
        }
        return self.show("engagements/usage/people.html", context)


def marked(actors: QuerySet[Actor]) -> QuerySet[Actor]:
    """Staff, robots and aliases."""
    return (actors.exclude(kind=Actor.Kind.PERSON) | actors.exclude(alias_of=None)).order_by("kind", "ordinal")


class UsagePersonKind(PeopleView):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        actor, form = self.actor, PersonKindForm(request.POST)
        if form.is_valid():
            set_actor_kind(actor, form.cleaned_data["kind"], by=request.user)
            messages.success(request, _("Saved. The figures update in a few seconds."))
        return self.back()


class UsagePersonAlias(PeopleView):
    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        actor, form = self.actor, SamePersonForm(request.POST)
        if form.is_valid():
            self.join(actor, form.cleaned_data["same_as"])
        return self.back()

    def join(self, actor: Actor, name: str) -> None:
        other = self.named(name) if name else None
        if name and other is None:
            messages.error(self.request, _("Nobody in the data is called “%(name)s”. Nothing changed.") % {"name": name})
            return
        try:
            set_alias(actor, other, by=self.request.user)
        except AliasOfItself:
            messages.error(self.request, _("These are one person already. Nothing changed."))
        else:
            messages.success(self.request, _("Saved. The figures update in a few seconds."))


class UsagePersonErasure(PeopleView):
    """Asks first: nothing brings the rows back."""

    def get(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        return self.show("engagements/usage/person_erase.html", {"person": self.actor, "name": request.GET.get("name", "")})

    def post(self, request: PortalRequest, slug: str, pk: int) -> HttpResponse:
        gone = erase_actor(self.actor, by=request.user)
        text = ngettext("The person is erased, with %(count)d row.", "The person is erased, with %(count)d rows.", gone)
        messages.success(request, text % {"count": gone})
        return redirect("usage_people", slug)
