import io
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from fde_portal.accounts.models import AuditEvent, User
from fde_portal.accounts.permissions import Permission, Role
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

MODULE = "fde_portal.accounts.management.commands.create_admin"


def create(monkeypatch, password, **options):
    monkeypatch.setattr("sys.stdin", io.StringIO(password + "\n"))
    output = io.StringIO()
    call_command("create_admin", password_stdin=True, stdout=output, **options)
    return output.getvalue()


def test_makes_a_manager_who_administers(monkeypatch):
    said = create(monkeypatch, "seven wild geese", email="Ruth@Example.org", name="Ruth Adeyemi")
    person = User.objects.get()
    assert (person.email, person.name, person.role) == ("ruth@example.org", "Ruth Adeyemi", Role.MANAGER)
    assert person.can(Permission.ADMINISTER)
    assert person.check_password("seven wild geese")
    assert said == "Ruth Adeyemi can sign in as ruth@example.org.\n"
    assert AuditEvent.objects.get().actor_label == "FDE Portal"


def test_asks_for_what_is_missing(monkeypatch):
    answers = iter(["ruth@example.org", "Ruth Adeyemi"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    monkeypatch.setattr(f"{MODULE}.getpass", lambda question: "seven wild geese")
    call_command("create_admin", stdout=io.StringIO())
    assert User.objects.get().name == "Ruth Adeyemi"


@pytest.mark.parametrize(
    ("email", "password", "words"),
    [
        ("taken@example.org", "seven wild geese", "email: Somebody already uses this address."),
        ("TAKEN@example.org", "seven wild geese", "Somebody already uses this address."),
        ("no address", "seven wild geese", "email: Enter a valid email address."),
        ("ruth@example.org", "12345", "This password is too short"),
        ("ruth@example.org", "", "This password is too short"),
        ("ruth@example.org", "ruth@example.org", "too similar to the e-mail"),
    ],
)
def test_refuses_clearly_and_adds_nobody(monkeypatch, email, password, words):
    UserFactory(email="taken@example.org")
    with pytest.raises(CommandError, match="Nobody was added") as refused:
        create(monkeypatch, password, email=email, name="Ruth")
    assert words in str(refused.value)
    assert User.objects.count() == 1


def test_passwords_that_differ_add_nobody(monkeypatch):
    passwords = iter(["seven wild geese", "seven wild goose"])
    monkeypatch.setattr(f"{MODULE}.getpass", lambda question: next(passwords))
    with pytest.raises(CommandError, match="differ"):
        call_command("create_admin", email="ruth@example.org", name="Ruth")
    assert not User.objects.exists()


def test_without_a_terminal_it_says_what_to_give(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match="--password-stdin"):
        call_command("create_admin")


def test_runs_from_the_command_line_with_all_of_djangos_checks(process_environment):
    command = [sys.executable, "manage.py", "create_admin", "--email", "a@example.org", "--name", "A", "--password-stdin"]
    run = subprocess.run(command, env=process_environment, input="too-weak\n", capture_output=True, text=True, check=False)
    assert "Traceback" not in run.stderr
    assert run.stderr.startswith("CommandError: Nobody was added.") or "can sign in as" in run.stdout
