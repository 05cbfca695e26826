from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers.acts import SENTENCES
        from customers.search import register as register_search
        from fde_portal.accounts.acts import register_acts

        register_acts(SENTENCES)
        register_search()
