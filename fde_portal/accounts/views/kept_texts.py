"""Keeping what is typed into a long form until it is saved, so that it is there on another device too."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.models import KeptText
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.kept_texts import forget_text, keep_text
from fde_portal.core import formats

LONGEST = 200_000


class KeptTextForm(forms.Form):
    """`content` as JSON: the values of the fields, and the version they were typed on."""

    key = forms.CharField(max_length=200)
    content = forms.JSONField(required=False)

    def clean_content(self) -> dict[str, object] | None:
        content = self.cleaned_data["content"]
        if content is not None and not isinstance(content, dict):
            raise forms.ValidationError("An object is needed.")
        if len(self.data.get("content", "")) > LONGEST:
            raise forms.ValidationError("Too long to keep.")
        return content


def when(kept: KeptText) -> str:
    """Day and time where the person is."""
    local = timezone.localtime(kept.kept_at)
    return f"{formats.day(local.date())} {local:%H:%M}"


class KeptTexts(PortalView):
    """`?key=<form>` gives what is kept, `{}` for nothing. A POST keeps `content`; without, it forgets."""

    permission = Permission.WRITE_RECORDS

    def get(self, request: PortalRequest) -> JsonResponse:
        kept = KeptText.objects.filter(person=request.user, key=request.GET.get("key", "")).first()
        answer = JsonResponse(kept.content | {"time": when(kept)} if kept else {})
        answer["Cache-Control"] = "private, no-store"
        return answer

    def post(self, request: PortalRequest) -> HttpResponse:
        form = KeptTextForm(request.POST)
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422)
        key, content = form.cleaned_data["key"], form.cleaned_data["content"]
        if content is None:
            forget_text(person=request.user, key=key)
        else:
            keep_text(person=request.user, key=key, content=content, now=timezone.now())
        return HttpResponse(status=204)
