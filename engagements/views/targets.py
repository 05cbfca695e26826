"""Target users: how many, or which people are meant to use a deliverable."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.forms.targets import TargetFileForm, TargetForm, TargetNamesForm
from engagements.models import TargetPopulation
from engagements.selectors.usage import targets_of
from engagements.services.targets import archive_target, name_targets, restore_target, save_target, take_targets
from engagements.views.engagements import visible_engagement
from engagements.views.pages import EngagementView
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore


def visible_target(view: PortalView) -> TargetPopulation:
    """The target users the address names, if they belong to the engagement named and the viewer sees them."""
    return get_object_or_404(targets_of(visible_engagement(view), view.request.user), pk=view.kwargs["pk"])


class TargetPlace:
    """Where the pages of target users lead back to."""

    def done_url(self, record: TargetPopulation) -> str:
        return reverse("engagement_data", args=[self.kwargs["slug"]])


class TargetFormPage(TargetPlace, RecordFormPage):
    form_class = TargetForm

    def form_options(self) -> dict[str, Any]:
        return {"engagement": visible_engagement(self), "user": self.request.user}

    def extra_context(self, record: TargetPopulation) -> dict[str, Any]:
        return {"lead": visible_engagement(self)}

    def save(self, form: TargetForm) -> TargetPopulation:
        return save_target(form, by=self.request.user)


class TargetNew(TargetFormPage):
    def get_record(self) -> TargetPopulation:
        visible_engagement(self)
        return TargetPopulation()

    def initial(self) -> dict[str, Any]:
        return {"starts_on": timezone.localdate(timezone=visible_engagement(self).zone)}

    def title(self, record: TargetPopulation) -> str:
        return _("New target users")


class TargetEdit(TargetFormPage):
    def get_record(self) -> TargetPopulation:
        return visible_target(self)

    def title(self, record: TargetPopulation) -> str:
        return _("Edit target users") if record.actor is None else _("Edit target user %(actor)s") % {"actor": record.actor.shown_as}


class TargetArchive(TargetPlace, RecordArchive):
    def get_record(self) -> TargetPopulation:
        return visible_target(self)

    def archive(self, record: TargetPopulation) -> None:
        archive_target(record, by=self.request.user, now=timezone.now())

    def restore_url(self, record: TargetPopulation) -> str:
        return reverse("target_restore", args=[self.kwargs["slug"], record.pk])


class TargetRestore(TargetPlace, RecordRestore):
    def get_record(self) -> TargetPopulation:
        return visible_target(self)

    def restore(self, record: TargetPopulation) -> None:
        restore_target(record, by=self.request.user)


class TargetNames(EngagementView):
    """Adds named people from a pasted list."""

    tab = "engagement_adoption"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show_form(self.form(initial={"starts_on": self.today}))

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show_form(form, status=422)
        added = name_targets(**form.cleaned_data, by=request.user)
        text = ngettext("%(count)d person added to the target users.", "%(count)d people added to the target users.", added)
        messages.success(request, text % {"count": added})
        return redirect("engagement_data", slug)

    def form(self, *args: Any, **kwargs: Any) -> TargetNamesForm:
        return TargetNamesForm(*args, engagement=self.engagement, user=self.request.user, **kwargs)

    def show_form(self, form: TargetNamesForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/usage/target_names.html", {"form": form}, status=status)


class TargetFile(EngagementView):
    """Takes the target users of a deliverable from a CSV file."""

    tab = "engagement_adoption"

    def get(self, request: PortalRequest, slug: str) -> HttpResponse:
        return self.show_form(self.form())

    def post(self, request: PortalRequest, slug: str) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show_form(form, status=422)
        count = take_targets(deliverable=form.cleaned_data["deliverable"], lines=form.lines, by=request.user, now=timezone.now())
        text = ngettext("The list now has %(count)d row.", "The list now has %(count)d rows.", count)
        messages.success(request, text % {"count": count})
        return redirect("engagement_data", slug)

    def form(self, *args: Any, **kwargs: Any) -> TargetFileForm:
        return TargetFileForm(*args, engagement=self.engagement, user=self.request.user, **kwargs)

    def show_form(self, form: TargetFileForm, status: int = 200) -> HttpResponse:
        return self.show("engagements/usage/target_file.html", {"form": form}, status=status)
