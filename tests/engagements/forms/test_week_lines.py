"""A line asks for the customer's words only where it stayed with us until now."""

import pytest
from django.template.loader import render_to_string

from engagements.forms.week_lines import LineForm

ASKS = "Write it for the customer."


@pytest.mark.parametrize("was_ours", [True, False])
def test_a_new_form_and_one_that_comes_back_ask_alike(was_ours):
    new = LineForm(initial={"text": "Pieter is careful", "was_ours": was_ours})
    back = LineForm({"text": "Pieter is careful", "was_ours": str(was_ours)})
    pages = [render_to_string("engagements/weekly_update/_wording.html", {"row": form}) for form in (new, back)]
    assert [ASKS in page for page in pages] == [was_ours] * 2
