import pytest
from django.core.mail import EmailMessage, get_connection

from fde_portal.core.models import OutgoingMail

pytestmark = pytest.mark.django_db
BACKEND = "fde_portal.core.outbox.OutboxBackend"


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def send(subject: str, *to: str, body: str = "Hello", **more) -> int:
    return get_connection(BACKEND).send_messages([EmailMessage(subject, body, "portal@example.com", to, **more)])


def test_list_shows_newest_first(client, demo):
    send("First", "a@example.com")
    send("Second", "a@example.com")

    page = client.get("/mailbox/").content.decode()

    assert page.index("Second") < page.index("First")


def test_search_finds_one_recipients_mail_only(client, demo):
    send("For Ada", "ada@example.com")
    send("For Bob", "bob@example.com")

    page = client.get("/mailbox/", {"to": "ADA@"}).content.decode()

    assert "For Ada" in page
    assert "For Bob" not in page


def test_search_without_a_hit_says_so(client, demo):
    send("For Bob", "bob@example.com")

    assert "No mail to “nobody@”." in client.get("/mailbox/", {"to": "nobody@"}).content.decode()


def test_message_shows_its_text_with_links_and_escapes_markup(client, demo):
    send("Hello", "a@example.com", body="<b>x</b> http://localhost/reset/")
    mail = OutgoingMail.objects.get()

    page = client.get(f"/mailbox/{mail.pk}/").content.decode()

    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert '<a href="http://localhost/reset/"' in page


def test_unknown_message_is_not_found(client, demo):
    assert client.get("/mailbox/1/").status_code == 404


def test_mailbox_does_not_exist_outside_the_demo(client):
    send("Secret", "a@example.com")
    mail = OutgoingMail.objects.get()

    for path in ("/mailbox/", f"/mailbox/{mail.pk}/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "Secret" not in response.content.decode()


def test_list_costs_the_same_for_one_and_for_thirty_messages(client, demo, django_assert_num_queries):
    send("One", "a@example.com")
    with django_assert_num_queries(2):
        client.get("/mailbox/")
    for number in range(29):
        send(f"More {number}", "a@example.com")
    with django_assert_num_queries(2):
        client.get("/mailbox/")
