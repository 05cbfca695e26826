from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST

from fde_portal.accounts import search_pages, views

account_patterns = (
    [
        path("profile/", views.Profile.as_view(), name="profile"),
        path("organization/", views.Organization.as_view(), name="organization"),
        path("tokens/", views.Tokens.as_view(), name="tokens"),
        path("tokens/<int:pk>/revoke/", views.TokenRevocation.as_view(), name="token_revoke"),
        path("theme/", login_not_required(require_POST(views.set_theme)), name="theme"),
    ],
    "accounts",
)

urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("settings/", include(account_patterns)),
    path("search/", search_pages.Search.as_view(), name="search"),
    path("search/palette/", search_pages.Palette.as_view(), name="search_palette"),
]
