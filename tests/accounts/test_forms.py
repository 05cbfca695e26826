"""What all record forms have in common."""

from decimal import Decimal

import pytest

from fde_portal.core.formats import shortest


@pytest.mark.parametrize(
    ("stored", "shown"), [("4.0000", "4"), ("17.5000", "17.5"), ("40", "40"), ("1200.00", "1200"), ("0.0500", "0.05"), ("0.0000", "0")]
)
def test_a_stored_number_is_shown_as_one_would_type_it(stored, shown):
    assert str(shortest(Decimal(stored))) == shown
