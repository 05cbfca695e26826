"""All addresses of the portal. Each app names its own; this file only joins them."""

from django.contrib import admin
from django.urls import include, path

from fde_portal.accounts.views import closed

urlpatterns = [
    path("", include("fde_portal.core.urls")),
    # Administrators change addresses, with a trail: allauth's own page for them stays closed.
    path("accounts/email/", closed, name="account_email_closed"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("engagements.api.urls")),
    path("", include("fde_portal.accounts.urls")),
    path("", include("customers.urls")),
    path("", include("engagements.urls")),
]
