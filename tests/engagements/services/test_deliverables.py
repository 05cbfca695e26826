from datetime import UTC, date, datetime

import pytest

from engagements.forms.deliverables import DeliverableForm
from engagements.models import Deliverable, DirtyDay, Feature, Recompute, UsageRow
from engagements.services.counted import archive_counted, restore_counted
from engagements.services.deliverables import save_deliverable
from fde_portal.accounts.models import AuditEvent
from tests.factories.engagements import DeliverableFactory, EngagementFactory
from tests.factories.people import UserFactory
from tests.factories.usage import ActorFactory, UsageBatchFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 10)


def save(deliverable: Deliverable, features: list[dict], **changes) -> Deliverable:
    data = {"name": deliverable.name or "Tool", "kind": "ai_tool", "state": "planned"} | changes
    data |= {"features-TOTAL_FORMS": len(features), "features-INITIAL_FORMS": sum("id" in feature for feature in features)}
    data |= {f"features-{n}-{name}": value for n, feature in enumerate(features) for name, value in feature.items()}
    form = DeliverableForm(data | {"version": deliverable.version}, instance=deliverable, today=TODAY)
    assert form.is_valid(), (form.errors, form.features.errors)
    return save_deliverable(form, by=UserFactory())


def use(deliverable: Deliverable, feature: str, day: date) -> None:
    batch = UsageBatchFactory(source__deliverable=deliverable, first_day=day, last_day=day)
    UsageRow.objects.create(batch=batch, deliverable=deliverable, day=day, actor=ActorFactory(), feature=feature, release="", events=1)


def test_a_new_deliverable_is_saved_with_its_features() -> None:
    new = Deliverable(engagement=EngagementFactory())
    saved = save(new, [{"name": "draft", "bears_value": "on"}, {"name": "login"}, {"name": "", "bears_value": "on"}])
    assert list(saved.features.values_list("name", "bears_value")) == [("draft", True), ("login", False)]
    assert not DirtyDay.objects.exists()
    assert "features" in AuditEvent.objects.get(subject_type="deliverable").details["fields"]


@pytest.mark.parametrize("was", [True, False])
def test_the_days_of_a_feature_whose_value_changed_are_counted_anew(was: bool) -> None:
    deliverable = DeliverableFactory()
    feature = Feature.objects.create(deliverable=deliverable, name="login", bears_value=was)
    use(deliverable, "login", date(2026, 3, 2))
    use(deliverable, "other", date(2026, 3, 3))
    use(DeliverableFactory(), "login", date(2026, 3, 4))
    save(deliverable, [{"id": feature.pk, "name": "login"} | ({} if was else {"bears_value": "on"})])
    assert list(DirtyDay.objects.values_list("deliverable", "day")) == [(deliverable.pk, date(2026, 3, 2))]
    assert Recompute.objects.get().engagement == deliverable.engagement


def test_a_feature_that_stays_as_it_is_touches_no_day() -> None:
    deliverable = DeliverableFactory()
    feature = Feature.objects.create(deliverable=deliverable, name="login", bears_value=False)
    use(deliverable, "login", date(2026, 3, 2))
    save(deliverable, [{"id": feature.pk, "name": "login"}], acceptance_criteria="Words")
    assert not DirtyDay.objects.exists()


def test_removing_a_feature_without_value_makes_its_days_count() -> None:
    deliverable = DeliverableFactory()
    feature = Feature.objects.create(deliverable=deliverable, name="login", bears_value=False)
    use(deliverable, "login", date(2026, 3, 2))
    save(deliverable, [{"id": feature.pk, "name": "login", "DELETE": "on"}])
    assert not Feature.objects.exists()
    assert DirtyDay.objects.get().day == date(2026, 3, 2)


def test_archiving_and_restoring_ask_for_new_figures() -> None:
    deliverable, by = DeliverableFactory(), UserFactory()
    archive_counted(deliverable, by=by, now=datetime(2026, 3, 10, tzinfo=UTC))
    assert not Deliverable.objects.current().exists()
    restore_counted(deliverable, by=by)
    assert Deliverable.objects.current().get() == deliverable
    assert Recompute.objects.get().want == 2
