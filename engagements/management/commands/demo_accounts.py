"""Prints how to sign in to the demo."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.urls import reverse

from engagements.demo.people import PASSWORD
from engagements.demo.seeding.publishing import link_secret
from engagements.demo.stories import STORIES
from engagements.models import Share
from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.tokens import digest_of

ROLES_IN_ORDER = (Role.FDE, Role.MANAGER, Role.CONTACT)


class Command(BaseCommand):
    help = "Print the demo's sign-ins and the shared pages that open without one."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Everybody's password is {PASSWORD}\n\n")
        for user in sorted(User.objects.filter(is_active=True), key=lambda user: ROLES_IN_ORDER.index(user.role)):
            administers = ", administrator" if user.is_administrator else ""
            self.stdout.write(f"  {user.email:34} {user.get_role_display()}{administers}: {user.name}")
        self.stdout.write("\nShared pages, open to whoever has the link:\n\n")
        for address in shared_pages():
            self.stdout.write(f"  {address}")


def shared_pages() -> Iterator[str]:
    """Addresses of the demo's links that have not been revoked."""
    for story in STORIES:
        for plan in story.engagements:
            secret = link_secret(plan)
            if Share.objects.filter(token_digest=digest_of(secret), revoked_at=None).exists():
                yield settings.BASE_URL + reverse("shared_page", args=[secret])
