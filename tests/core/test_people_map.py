"""The map of people: where each stands, who shares a place, who moved."""

from dataclasses import replace

from django.template.loader import render_to_string

from fde_portal.core.charts import MapPerson, PeopleMap
from fde_portal.core.charts.people import EMPTY, PERSON

MAP = PeopleMap(
    id="m", title="People", finding="Two of three support it.", people=(), columns=("Against", "Between", "For"),
    rows=("low", "high"), more="More say", headings=("Person", "Say", "Stance", "Before"),
)
ANNA = MapPerson("Anna", "Sponsor", column=2, row=1, band="good", before=0)
BEN = MapPerson("Ben", "User", column=2, row=1, band="good", before=2)
CARA = MapPerson("Cara", "User", column=0, row=0, band="risk")


def of(*people: MapPerson) -> PeopleMap:
    return replace(MAP, people=people)


def test_stance_goes_to_the_right_and_say_upwards():
    anna, cara = of(ANNA, CARA).placed
    assert (anna.x, cara.x) == ("83.33%", "16.67%")
    assert anna.y < cara.y


def test_the_tail_begins_where_they_stood_and_only_those_who_moved_have_one():
    assert [placed.tail for placed in of(ANNA, BEN, CARA).placed] == ["16.67%", "", ""]


def test_people_in_one_place_stand_below_each_other_and_the_row_grows():
    anna, ben = of(ANNA, BEN).placed
    assert (ben.x, ben.y - anna.y) == (anna.x, PERSON)
    assert of(ANNA, BEN).height - of(ANNA).height == PERSON
    assert of(ANNA).height - PERSON == of(CARA).height - PERSON  # one row with a person, one empty
    assert of(ANNA).height > PERSON + EMPTY


def test_a_name_of_two_words_takes_two_lines_where_columns_are_narrow_and_one_of_a_word_stays_whole():
    anneke, anna = of(replace(ANNA, name="Anneke de Visser"), ANNA).placed
    assert [part for part, _below in anneke.parts] == ["Anneke de", "Visser"]
    assert anneke.parts[0][1] < anneke.parts[1][1] < PERSON
    assert [part for part, _below in anna.parts] == ["Anna"]


def test_the_table_says_the_same_in_words():
    assert of(ANNA, CARA).table.rows == (("Anna", ("high", "For", "Against")), ("Cara", ("low", "Against", "–")))


def test_it_is_drawn_with_its_finding_and_without_people_it_says_so():
    drawn = render_to_string("components/charts/people.html", {"chart": of(ANNA)})
    assert 'aria-label="Two of three support it."' in drawn
    assert "Show data" in drawn
    assert "Too little data" in render_to_string("components/charts/people.html", {"chart": MAP})
