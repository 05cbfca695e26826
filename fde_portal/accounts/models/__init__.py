from fde_portal.accounts.models.audit import AuditEvent
from fde_portal.accounts.models.earlier import EarlierValues
from fde_portal.accounts.models.exchange_rate import ExchangeRate
from fde_portal.accounts.models.invitation import Invitation
from fde_portal.accounts.models.kept_text import KeptText
from fde_portal.accounts.models.logo import Logo
from fde_portal.accounts.models.organization import OrganizationSettings, new_actor_key, validate_currency
from fde_portal.accounts.models.page_visit import PageVisit
from fde_portal.accounts.models.person import User, validate_time_zone
from fde_portal.accounts.models.saved_view import SavedView
from fde_portal.accounts.models.token import ApiToken, TokenBase

__all__ = [
    "ApiToken",
    "AuditEvent",
    "EarlierValues",
    "ExchangeRate",
    "Invitation",
    "KeptText",
    "Logo",
    "OrganizationSettings",
    "PageVisit",
    "SavedView",
    "TokenBase",
    "User",
    "new_actor_key",
    "validate_currency",
    "validate_time_zone",
]
