"""The settings page of what health is computed with: try other numbers, save them, go back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from engagements.forms.health_model import HealthModelForm
from engagements.models import HealthModelVersion
from engagements.selectors.health_preview import Preview, preview
from engagements.services.health_models import changed_numbers, restore_health_model, save_health_model
from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.records import Conflict
from fde_portal.accounts.views.settings import SettingsView
from fde_portal.core.messages import success_with_undo

VERSIONS_SHOWN = 20


class HealthModelPage(SettingsView):
    """POST tries the numbers; with `save` it puts them in force."""

    page = "health_model"
    template_name = "engagements/health/model.html"
    permission = Permission.EDIT_ORGANIZATION

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show(HealthModelForm(instance=HealthModelVersion.in_force()))

    def post(self, request: PortalRequest) -> HttpResponse:
        is_saving = "save" in request.POST
        form = HealthModelForm(request.POST, instance=HealthModelVersion.in_force(), is_saving=is_saving)
        if not form.is_valid():
            return self.show(form, status=422)
        if not is_saving:
            return self.show(form, tried=preview(form.instance.model, user=request.user, now=timezone.now()))
        seen = form.cleaned_data["seen"]
        try:
            version = save_health_model(form.numbers, reason=form.cleaned_data["reason"], seen=seen, by=request.user)
        except Conflict:
            form.add_error(None, _("Somebody else saved other numbers in the meantime. Look at their version in the list, then save again."))
            return self.show(form, status=409)
        saved(request, version, before=seen)
        return redirect("health_model")

    def show(self, form: HealthModelForm, tried: Preview | None = None, status: int = 200) -> HttpResponse:
        known = HealthModelVersion.objects.visible_to(self.request.user).select_related("author")
        versions = list(known[: VERSIONS_SHOWN + 1])
        lines = [(after, changes_text(before, after)) for after, before in zip(versions, [*versions[1:], None], strict=False)]
        context = {"form": form, "tried": tried, "lines": lines[:VERSIONS_SHOWN], "in_force": HealthModelVersion.in_force()}
        return self.show_page(context, status)


def changes_text(before: HealthModelVersion | None, after: HealthModelVersion) -> str:
    """What a version changed: each number with its name, before and after."""
    if before is None:
        return ""
    names = {name: str(after._meta.get_field(name).verbose_name) for name in changed_numbers(before, after)}
    return " · ".join(f"{label} {getattr(before, name)} → {getattr(after, name)}" for name, label in names.items())


def saved(request: PortalRequest, version: HealthModelVersion, *, before: int) -> None:
    text = _("Version %(number)s is in force. Health is being judged by it now.") % {"number": version.number}
    success_with_undo(request, text, reverse("health_model_restore", args=[before]))


class HealthModelRestore(PortalView):
    """Puts the numbers of an earlier version in force again, as a new one (POST)."""

    permission = Permission.EDIT_ORGANIZATION

    def post(self, request: PortalRequest, number: int) -> HttpResponse:
        version = get_object_or_404(HealthModelVersion.objects.visible_to(request.user), number=number)
        current = HealthModelVersion.in_force()
        reason = _("Back to version %(number)s") % {"number": number}
        try:
            saved(request, restore_health_model(version, reason=reason, seen=current.number, by=request.user), before=current.number)
        except Conflict:
            messages.error(request, _("Somebody else saved other numbers at the same moment. Nothing was changed."))
        return redirect("health_model")
