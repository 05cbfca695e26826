"""Start page, profile, API tokens, organization settings, theme."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.i18n import set_language

from fde_portal.accounts.access import PortalRequest, PortalView
from fde_portal.accounts.forms.accounts import ApiTokenForm, OrganizationForm, ProfileForm
from fde_portal.accounts.models import ApiToken, Logo, OrganizationSettings, User
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.services.accounts import create_api_token, revoke_api_token, save_organization
from fde_portal.core.cookies import remember_language, remember_theme
from fde_portal.core.templatetags.ui_blocks import Tab

# Where people start, by what they may do: the first that applies.
START_PAGES = (
    (Permission.REVIEW_PORTFOLIO, "portfolio"),
    (Permission.LOG_WEEK, "my_week"),
    (Permission.VIEW_SHARED_PAGES, "shared_pages"),
    (Permission.ADMINISTER, "admin:index"),
    (Permission.USE_ACCOUNT, "accounts:profile"),
)


# The pages about the person and the installation, as tabs.
SETTINGS_PAGES = (
    ("accounts:profile", gettext_lazy("Profile"), Permission.USE_ACCOUNT),
    ("accounts:security", gettext_lazy("Sign-in"), Permission.USE_ACCOUNT),
    ("notice_settings", gettext_lazy("Notices"), Permission.VIEW_RECORDS),
    ("accounts:tokens", gettext_lazy("API tokens"), Permission.VIEW_RECORDS),
    ("accounts:people", gettext_lazy("People"), Permission.MANAGE_PEOPLE),
    ("accounts:organization", gettext_lazy("Organization"), Permission.EDIT_ORGANIZATION),
    ("accounts:exchange_rates", gettext_lazy("Exchange rates"), Permission.EDIT_ORGANIZATION),
    ("health_model", gettext_lazy("Health"), Permission.EDIT_ORGANIZATION),
)


class Home(PortalView):
    """Sends people to the page they come for."""

    permission = Permission.USE_ACCOUNT

    def get(self, request: PortalRequest) -> HttpResponse:
        return redirect(next(page for permission, page in START_PAGES if request.user.can(permission)))


class SettingsView(PortalView):
    """One of the settings pages, which stand beside each other as tabs."""

    page: ClassVar[str]
    template_name = ""

    def show_page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render the page's template, or the view's own, with the tabs this person may open."""
        tabs = [
            Tab(label, reverse(name), current=name == self.page)
            for name, label, permission in SETTINGS_PAGES
            if self.request.user.can(permission)
        ]
        template = self.template_name or self.page.replace(":", "/") + ".html"
        return render(self.request, template, {"tabs": tabs, **context}, status=status)


class Profile(SettingsView):
    page = "accounts:profile"
    permission = Permission.USE_ACCOUNT

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show(ProfileForm(instance=request.user))

    def post(self, request: PortalRequest) -> HttpResponse:
        form = ProfileForm(request.POST, instance=User.objects.get(pk=request.user.pk))
        if not form.is_valid():
            return self.show(form, status=422)
        person = form.save()
        with translation.override(person.language):
            messages.success(request, _("Your profile is saved."))
        return remember_language(HttpResponseRedirect(reverse("accounts:profile")), person.language)

    def show(self, form: ProfileForm, status: int = 200) -> HttpResponse:
        return self.show_page({"form": form}, status)


class Organization(SettingsView):
    page = "accounts:organization"
    permission = Permission.EDIT_ORGANIZATION

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show(OrganizationForm(instance=OrganizationSettings.current()))

    def post(self, request: PortalRequest) -> HttpResponse:
        form = OrganizationForm(request.POST, request.FILES, instance=OrganizationSettings.current())
        if not form.is_valid():
            return self.show(form, status=422)
        save_organization(form, by=request.user)
        messages.success(request, _("The settings are saved."))
        return redirect("accounts:organization")

    def show(self, form: OrganizationForm, status: int = 200) -> HttpResponse:
        return self.show_page({"form": form}, status)


class Tokens(SettingsView):
    """The person's own API tokens. A new one is shown once, on the answer to its creation."""

    page = "accounts:tokens"
    permission = Permission.VIEW_RECORDS

    def get(self, request: PortalRequest) -> HttpResponse:
        return self.show(ApiTokenForm())

    def post(self, request: PortalRequest) -> HttpResponse:
        form = ApiTokenForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        __, secret = create_api_token(by=request.user, **form.cleaned_data)
        return self.show(ApiTokenForm(), secret=secret)

    def show(self, form: ApiTokenForm, secret: str = "", status: int = 200) -> HttpResponse:
        tokens = ApiToken.objects.filter(user=self.request.user, revoked_at=None)
        response = self.show_page({"form": form, "tokens": tokens, "secret": secret}, status)
        response["Cache-Control"] = "no-store"
        return response


class TokenRevocation(PortalView):
    permission = Permission.USE_ACCOUNT

    def post(self, request: PortalRequest, pk: int) -> HttpResponse:
        token = get_object_or_404(ApiToken, pk=pk, user=request.user)
        revoke_api_token(token, by=request.user, now=timezone.now())
        messages.success(request, _("The token “%(name)s” no longer works.") % {"name": token.name})
        return redirect("accounts:tokens")


def choose_language(request: Any) -> HttpResponse:
    """Django's language switch; for people who sign in the choice also becomes that of their profile."""
    answer = set_language(request)
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(language=language)
    return answer


def set_theme(request: HttpRequest) -> HttpResponse:
    """Remember light, dark or the system's scheme. For everybody, also signed out."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return remember_theme(HttpResponseRedirect(back), request.POST.get("theme", ""))


def logo(request: HttpRequest, digest: str) -> HttpResponse:
    """Our picture on customers' pages, for everybody. Its address names its bytes, so it may be kept for ever."""
    picture = get_object_or_404(Logo, digest=digest)
    response = HttpResponse(bytes(picture.content), content_type=picture.kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """Stands before an address of a package that this portal does not offer."""
    raise Http404
