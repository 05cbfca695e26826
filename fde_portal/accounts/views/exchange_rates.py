"""The settings page of exchange rates, and the form behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from fde_portal.accounts.access import PortalRequest
from fde_portal.accounts.forms.exchange_rates import ExchangeRateForm
from fde_portal.accounts.models import ExchangeRate, OrganizationSettings
from fde_portal.accounts.pages import RecordArchive, RecordFormPage, RecordRestore
from fde_portal.accounts.permissions import Permission
from fde_portal.accounts.views.settings import SettingsView


class ExchangeRates(SettingsView):
    """All rates, those to an earlier reporting currency apart: they count no more."""

    page = "accounts:exchange_rates"
    permission = Permission.EDIT_ORGANIZATION

    def get(self, request: PortalRequest) -> HttpResponse:
        currency, rates = OrganizationSettings.current().currency, ExchangeRate.objects.current()
        context = {
            "currency": currency,
            "rates": rates.filter(base=currency),
            "earlier": rates.exclude(base=currency),
            "archived": ExchangeRate.objects.archived(),
        }
        return self.show_page(context)


class RatePlace:
    """Finds the rate of an address, and leads back to the list."""

    permission = Permission.EDIT_ORGANIZATION

    def get_record(self) -> ExchangeRate:
        return get_object_or_404(ExchangeRate, pk=self.kwargs["pk"])

    def done_url(self, record: ExchangeRate) -> str:
        return reverse("accounts:exchange_rates")


class ExchangeRateNew(RatePlace, RecordFormPage):
    form_class = ExchangeRateForm

    def get_record(self) -> ExchangeRate:
        return ExchangeRate(base=OrganizationSettings.current().currency)

    def title(self, record: ExchangeRate) -> str:
        return _("New exchange rate to %(currency)s") % {"currency": record.base}

    def form_options(self) -> dict[str, Any]:
        return {"today": timezone.localdate()}


class ExchangeRateEdit(ExchangeRateNew):
    def get_record(self) -> ExchangeRate:
        return RatePlace.get_record(self)

    def title(self, record: ExchangeRate) -> str:
        return _("Exchange rate to %(currency)s") % {"currency": record.base}


class ExchangeRateArchive(RatePlace, RecordArchive):
    def restore_url(self, record: ExchangeRate) -> str:
        return reverse("accounts:exchange_rate_restore", args=[record.pk])


class ExchangeRateRestore(RatePlace, RecordRestore):
    def post(self, request: PortalRequest, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, **kwargs)
        except IntegrityError:
            messages.error(request, _("Not restored: there is a rate of this currency and day already."))
            return HttpResponseRedirect(self.done_url(self.get_record()))
