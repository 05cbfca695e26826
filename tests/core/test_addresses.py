"""Addresses that differ in a slug only."""

import pytest
from django.urls import NoReverseMatch, reverse

from fde_portal.core.addresses import address


@pytest.mark.parametrize("slug", ["claims", "any-slug", "a-b-2"])
def test_each_slug_has_the_address_of_its_route(slug):
    assert address("engagement_value", slug) == reverse("engagement_value", args=[slug])


def test_a_route_that_does_not_exist_is_named():
    with pytest.raises(NoReverseMatch, match="no_such_route"):
        address("no_such_route", "claims")
