"""`manage.py create_admin`: the first person of a new installation."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from fde_portal.accounts.models import User
from fde_portal.accounts.permissions import Role
from fde_portal.accounts.services.accounts import create_first_administrator


class Command(BaseCommand):
    help = "Make a manager who is also administrator. Asks for what is not given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", help="the address to sign in with")
        parser.add_argument("--name", help="the person's name")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")

    def handle(self, *, email: str | None, name: str | None, password_stdin: bool, **options: Any) -> None:
        person = User(
            email=(email or self.ask("E-mail: ")).strip().lower(),
            name=(name or self.ask("Name: ")).strip(),
            role=Role.MANAGER,
            is_administrator=True,
        )
        self.refuse_invalid(person)
        password = sys.stdin.readline().rstrip("\r\n") if password_stdin else self.ask_password()
        self.refuse_weak(password, person)
        create_first_administrator(email=person.email, name=person.name, password=password)
        self.stdout.write(f"{person.name} can sign in as {person.email}.")

    def ask(self, question: str) -> str:
        try:
            return input(question)
        except EOFError:
            raise CommandError("Nobody is there to answer. Give --email, --name and --password-stdin.") from None

    def ask_password(self) -> str:
        first = getpass("Password: ")
        if first != getpass("Password again: "):
            raise CommandError("The two passwords differ. Nobody was added.")
        return first

    def refuse_invalid(self, person: User) -> None:
        """Raise CommandError that names each field that is wrong, such as an address in use."""
        try:
            person.full_clean(exclude=["password"])
        except ValidationError as error:
            lines = [f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items()]
            raise CommandError("Nobody was added.\n" + "\n".join(lines)) from None

    def refuse_weak(self, password: str, person: User) -> None:
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError("Nobody was added.\n" + "\n".join(error.messages)) from None
