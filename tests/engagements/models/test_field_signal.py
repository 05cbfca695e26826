"""When a text gives a customer away."""

import pytest

from engagements.models.field_signal import mentions


@pytest.mark.parametrize(("text", "name", "given_away"), [
    ("Harbourline Logistics wants it", "Harbourline Logistics", True),
    ("at harbourline they say", "Harbourline Logistics", True),
    ("The harbour is full", "Harbourline Logistics", False),
    ("Abc and the rest", "ABC Bank", False),
    ("the ABC Bank asks", "ABC Bank", True),
    ("华岭的客服希望导出", "华岭银行 Hualing Bank", True),
    ("客服希望导出", "华岭银行 Hualing Bank", False),
    ("next to the table", "Nestlé", False),
    ("so says Nestlé", "Nestlé", True),
])
def test_a_name_is_found_as_people_call_it(text, name, given_away):
    assert mentions(text, name) is given_away
