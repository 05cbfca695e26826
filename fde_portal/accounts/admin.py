"""Django's admin, for administrators: people, settings and technical tables, never records of the work."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db import models
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from fde_portal.accounts.forms.accounts import NewPersonForm, PersonForm
from fde_portal.accounts.models import ApiToken, AuditEvent, OrganizationSettings, User
from fde_portal.accounts.services.accounts import save_organization, save_person
from fde_portal.core.models import Heartbeat

admin.site.site_header = admin.site.site_title = _("FDE Portal administration")
admin.site.index_title = _("People, settings and technical tables")
# One door for everybody, with its limits on failed tries.
admin.site.login = secure_admin_login(admin.site.login)
# Roles are in permissions.py, and addresses belong to people: neither is edited apart.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
# Secrets of the second step are nobody's to read; sessions are on the person's own page.
admin.site.unregister([Authenticator, SocialAccount, SocialApp, SocialToken, UserSession])


class PermanentAdmin(admin.ModelAdmin):
    """Rows that nobody deletes."""

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(PermanentAdmin):
    """Rows to look at: they are written by the portal itself."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(PermanentAdmin):
    """People are switched off, not deleted: what they wrote keeps its author."""

    form = PersonForm
    list_display = ["name", "email", "role", "is_administrator", "manager", "is_active"]
    list_filter = ["role", "is_administrator", "is_active"]
    list_select_related = ["manager"]
    search_fields = ["name", "email"]
    readonly_fields = ["last_login"]
    password_hint = _("People set and replace their password themselves: “Forgot your password?” on the sign-in page.")

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> type[ModelForm]:
        return super().get_form(request, obj, form=self.form if obj else NewPersonForm, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return self.readonly_fields if obj else []

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list[tuple[None, dict[str, Any]]]:
        last = "last_login" if obj else "password"
        return [(None, {"fields": [*PersonForm.Meta.fields, last], "description": self.password_hint})]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        save_person(obj, changed=form.changed_data, by=request.user)


@admin.register(OrganizationSettings)
class OrganizationAdmin(PermanentAdmin):
    # These three are saved as versions of the health model, with a reason: see settings/health/.
    readonly_fields = ["update_cadence_days", "on_track_from", "watch_from"]

    def save_model(self, request: HttpRequest, obj: OrganizationSettings, form: ModelForm, change: bool) -> None:
        save_organization(form, by=request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_label", "verb", "subject_type", "subject_label"]
    list_filter = ["at", "verb", "subject_type"]
    search_fields = ["actor_label", "subject_label"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "prefix", "user", "last_used_at", "expires_at", "revoked_at"]
    list_select_related = ["user"]
    search_fields = ["name", "prefix", "user__name"]
    fields = ["name", "prefix", "user", "created_at", "last_used_at", "expires_at", "revoked_at"]


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ["name", "at"]
