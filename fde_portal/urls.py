"""All addresses of the portal. Each app names its own; this file only joins them."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from fde_portal.accounts.views import single_sign_on
from fde_portal.accounts.views.settings import closed

urlpatterns = [
    path("", include("fde_portal.core.urls")),
    # Addresses and sessions have pages of ours, with a trail; accounts at the provider are not connected.
    path("accounts/email/", closed, name="account_email_closed"),
    path("accounts/sessions/", closed, name="usersessions_closed"),
    path("accounts/3rdparty/", closed, name="socialaccount_closed"),
    path("accounts/3rdparty/signup/", closed, name="socialaccount_signup_closed"),
    path("accounts/social/<path:rest>", closed, name="socialaccount_old_closed"),
    path("accounts/2fa/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_to_security"),
    path("accounts/2fa/webauthn/", RedirectView.as_view(pattern_name="accounts:security"), name="mfa_keys_to_security"),
    path("accounts/oidc/<str:provider_id>/login/", single_sign_on.login, name="openid_connect_login_guarded"),
    path("accounts/oidc/<str:provider_id>/login/callback/", single_sign_on.callback, name="openid_connect_callback_guarded"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("engagements.api.urls")),
    path("", include("fde_portal.accounts.urls")),
    path("", include("customers.urls")),
    path("", include("engagements.urls")),
]
