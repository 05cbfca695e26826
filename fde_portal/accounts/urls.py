from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST

from fde_portal.accounts import views

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
    path("language/", login_not_required(require_POST(views.choose_language)), name="set_language"),
    path("", views.Home.as_view(), name="home"),
    path("settings/", include(account_patterns)),
]
