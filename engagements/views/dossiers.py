"""The dossier for the customer's security team."""
from __future__ import annotations
