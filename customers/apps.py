from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        # Models are ready only now.
        from customers.acts import SENTENCES
        from customers.search import register as register_search
        from customers.services import customers_owned_by, hand_over_customers, link_contact
        from fde_portal.accounts.acts import register_acts
        from fde_portal.accounts.handovers import register_handover
        from fde_portal.accounts.services.invitations import on_acceptance

        on_acceptance(link_contact)
        register_handover(customers_owned_by, hand_over_customers)
        register_acts(SENTENCES)
        register_search()
