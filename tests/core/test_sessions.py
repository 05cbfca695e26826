"""Sessions as an installation with Redis keeps them: read from the cache, true in the database."""

import pytest
from django.contrib.sessions.backends.cached_db import SessionStore
from django.contrib.sessions.models import Session
from django.core.cache import caches

pytestmark = [pytest.mark.redis, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def redis_sessions(settings):
    settings.SESSION_CACHE_ALIAS = "sessions"


@pytest.fixture
def session() -> SessionStore:
    session = SessionStore()
    session["word"] = "kept"
    session.create()
    return session


def test_session_is_read_without_the_database(session, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert SessionStore(session.session_key)["word"] == "kept"


def test_session_survives_an_emptied_redis(session):
    caches["sessions"].delete(session.cache_key)

    assert SessionStore(session.session_key)["word"] == "kept"


def test_ended_session_is_gone_from_both(session):
    SessionStore(session.session_key).delete()

    assert "word" not in SessionStore(session.session_key)
    assert not Session.objects.filter(pk=session.session_key).exists()
