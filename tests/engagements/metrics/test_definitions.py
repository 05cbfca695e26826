"""The table of definitions."""

from engagements.metrics.definitions import DEFINITION_VERSION, DEFINITIONS


def test_every_definition_is_listed_under_its_own_key_and_says_everything():
    for key, definition in DEFINITIONS.items():
        assert definition.key == key
        assert all((definition.window, definition.population, definition.unit, definition.source))


def test_a_metric_carries_the_version_of_its_family():
    assert DEFINITIONS["mau28"].version == DEFINITION_VERSION["usage"]
    assert DEFINITIONS["npv"].version == DEFINITION_VERSION["value"]
