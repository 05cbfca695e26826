"""All addresses of the portal. Each app names its own; this file only joins them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("fde_portal.core.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", include("engagements.api.urls")),
    path("", include("fde_portal.accounts.urls")),
    path("", include("customers.urls")),
    path("", include("engagements.urls")),
]
