"""Signs of life of the background work."""

from datetime import datetime, timedelta

from fde_portal.core.models import Heartbeat


def beat(name: str, *, now: datetime) -> None:
    """Note that `name` is alive at `now`."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def age(name: str, *, now: datetime) -> timedelta | None:
    """Time since the last sign of life; None when there was none yet."""
    last = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if last is None else now - last
