from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_POST, require_safe

from fde_portal.accounts import search_pages
from fde_portal.accounts.views import exchange_rates, invitations, just_done, kept_texts, people, security, settings

account_patterns = (
    [
        path("profile/", settings.Profile.as_view(), name="profile"),
        path("organization/", settings.Organization.as_view(), name="organization"),
        path("rates/", exchange_rates.ExchangeRates.as_view(), name="exchange_rates"),
        path("rates/new/", exchange_rates.ExchangeRateNew.as_view(), name="exchange_rate_new"),
        path("rates/<int:pk>/edit/", exchange_rates.ExchangeRateEdit.as_view(), name="exchange_rate_edit"),
        path("rates/<int:pk>/archive/", exchange_rates.ExchangeRateArchive.as_view(), name="exchange_rate_archive"),
        path("rates/<int:pk>/restore/", exchange_rates.ExchangeRateRestore.as_view(), name="exchange_rate_restore"),
        path("tokens/", settings.Tokens.as_view(), name="tokens"),
        path("tokens/<int:pk>/revoke/", settings.TokenRevocation.as_view(), name="token_revoke"),
        path("theme/", login_not_required(require_POST(settings.set_theme)), name="theme"),
        path("sign-in/", security.Security.as_view(), name="security"),
        path("sessions/end-others/", security.OtherSessionsEnd.as_view(), name="other_sessions_end"),
        path("sessions/<int:pk>/end/", security.SessionEnd.as_view(), name="session_end"),
        path("address/", security.AddressChange.as_view(), name="address"),
        path("address/<str:token>/", security.AddressConfirm.as_view(), name="address_confirm"),
        path("kept-texts/", kept_texts.KeptTexts.as_view(), name="kept_texts"),
        path("people/", people.People.as_view(), name="people"),
        path("people/invite/", people.InvitationNew.as_view(), name="invitation_new"),
        path("people/invitations/<int:pk>/resend/", people.InvitationResend.as_view(), name="invitation_resend"),
        path("people/invitations/<int:pk>/revoke/", people.InvitationRevoke.as_view(), name="invitation_revoke"),
        path("people/invitations/<int:pk>/put-back/", people.InvitationPutBack.as_view(), name="invitation_put_back"),
        path("people/<int:pk>/", people.Person.as_view(), name="person"),
        path("people/<int:pk>/switch-off/", people.PersonSwitchOff.as_view(), name="switch_off"),
        path("people/<int:pk>/switch-on/", people.PersonSwitchOn.as_view(), name="switch_on"),
    ],
    "accounts",
)

urlpatterns = [
    path("language/", login_not_required(require_POST(settings.choose_language)), name="set_language"),
    path("logo/<str:digest>/", login_not_required(require_safe(settings.logo)), name="logo"),
    path("", settings.Home.as_view(), name="home"),
    path("settings/", include(account_patterns)),
    path("invitations/<str:secret>/", invitations.Acceptance.as_view(), name="invitation"),
    path("just-done/", just_done.JustDone.as_view(), name="just_done"),
    path("search/", search_pages.Search.as_view(), name="search"),
    path("search/palette/", search_pages.Palette.as_view(), name="search_palette"),
]
