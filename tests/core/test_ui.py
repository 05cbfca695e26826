"""Tags and templates of the interface: what they draw, and that words from people stay words."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from fde_portal.core import charts, formats
from fde_portal.core.templatetags import ui_charts
from fde_portal.core.templatetags.ui_blocks import Tab

SCRIPT = "<script>alert(1)</script>"


def draw(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


class TestMarks:
    def test_a_state_has_shape_word_and_class(self):
        html = draw("{% status 'at_risk' %}")
        assert html.startswith('<span class="st risk"><svg class="g"')
        assert words(html) == "At risk"

    def test_a_quiet_state_still_has_its_word_for_screen_readers(self):
        assert '<span class="vh">Watch</span>' in draw("{% status 'watch' quiet=True %}")

    def test_nothing_known_is_no_data(self):
        assert words(draw("{% pill None %}")) == "Unknown"

    def test_an_unknown_state_is_a_mistake_and_not_grey(self):
        with pytest.raises(KeyError):
            draw("{% pill 'amber' %}")

    @pytest.mark.parametrize(
        ("tag", "expected"),
        [
            ("{% delta 3 %}", '<span class="delta up">+3</span>'),
            ("{% delta 3 good='down' %}", '<span class="delta down">+3</span>'),
            ("{% delta -3 good='none' %}", '<span class="delta ">−3</span>'),
            ("{% delta 0 %}", '<span class="delta ">±0</span>'),
            ("{% delta None %}", ""),
            ("{% slip_text 7 %}", '<span class="delta warn">7 d late</span>'),
            ("{% slip_text 14 %}", '<span class="delta down">14 d late</span>'),
        ],
    )
    def test_changes_are_coloured_by_what_is_good(self, tag, expected):
        assert draw(tag) == expected

    @pytest.mark.parametrize("tag", ["status 'watch' text", "pill 'watch' text", "only_us text", "logo text", "confidence 1 text"])
    def test_words_from_people_are_escaped(self, tag):
        assert "<script" not in draw("{% " + tag + " %}", text=SCRIPT)

    def test_a_label_of_a_drawing_cannot_leave_its_attribute(self):
        html = draw("{% distribution counts label %}", counts=[("watch", 1)], label='" onload="x')
        assert '"&quot; onload=&quot;x"' in html


class Sample(forms.Form):
    name = forms.CharField(help_text="As the customer says it")
    remark = forms.CharField(required=False)
    schedule = forms.ChoiceField(choices=[("on_track", "On track"), ("at_risk", "At risk")], widget=forms.RadioSelect)


class TestForms:
    def test_hint_and_error_are_tied_to_the_control(self):
        html = draw("{% field form.name %}", form=Sample({}))
        assert 'aria-describedby="id_name-hint id_name-error"' in html
        assert 'aria-invalid="true"' in html
        assert 'id="id_name-error">This field is required.' in html

    def test_optional_fields_say_so_and_required_ones_have_no_sign(self):
        form = Sample()
        assert "optional" in words(draw("{% field form.remark %}", form=form))
        assert words(draw("{% field form.name %}", form=form)) == "Name As the customer says it"

    def test_a_field_that_another_choice_asks_for_is_not_called_optional(self):
        assert "optional" not in words(draw("{% field form.remark needed=True %}", form=Sample()))

    def test_an_empty_hint_silences_the_help_text(self):
        html = draw("{% field form.name hint='' %}", form=Sample())
        assert words(html) == "Name"
        assert "aria-describedby" not in html

    def test_the_previous_value_stands_beside_the_field(self):
        assert words(draw("{% field form.remark was='16' %}", form=Sample())).endswith("was 16")

    def test_radios_become_one_control_with_a_legend(self):
        html = draw("{% field form.schedule bands=True %}", form=Sample({"schedule": "at_risk"}))
        assert re.search(r"<legend[^>]*>Schedule", html)
        assert re.findall(r'<label for="[^"]+" class="(\w+)">', html) == ["good", "risk"]
        assert len(re.findall(r"<input[^>]+checked", html)) == 1

    def test_choices_of_many_words_may_stand_below_each_other_and_short_ones_never_do(self):
        wordy = Sample()
        wordy.fields["schedule"].choices = [("one", "One person"), ("firm", "People of one company"), ("all", "Whoever has the link")]
        assert 'class="seg long"' in draw("{% field form.schedule %}", form=wordy)
        assert " long" not in draw("{% field form.schedule %}", form=Sample())

    def test_a_figure_stands_without_zeros_that_say_nothing_money_too(self):
        class Figures(forms.Form):
            limit = forms.DecimalField(decimal_places=4)
            share = forms.DecimalField(decimal_places=4)
            price = forms.DecimalField(decimal_places=2)

        kept = {"limit": Decimal("300.0000"), "share": Decimal("0.0620"), "price": Decimal("12.50")}
        for form, values in ((Figures(initial=kept), ["300", "0.062", "12.5"]), (Figures({"limit": "4.0000"}), ["4.0000"])):
            html = "".join(draw("{% field bound %}", bound=bound) for bound in form)
            assert re.findall(r' value="([^"]+)"', html) == values

    def test_the_summary_links_to_each_field_that_is_wrong(self):
        html = draw("{% form_errors form %}", form=Sample({"remark": "x"}))
        assert 'href="#id_name"' in html
        assert "id_remark" not in html

    def test_a_fresh_form_has_no_summary(self):
        assert draw("{% form_errors form %}", form=Sample()).strip() == ""

    def test_the_whole_form_keeps_a_draft_and_offers_a_way_out(self):
        html = draw("{% include 'components/form.html' with submit='Save' cancel_url='/back/' draft='note-7' %}", form=Sample())
        assert 'data-draft="note-7"' in html
        assert '<a class="btn quiet" href="/back/">Cancel</a>' in html


class TestBlocks:
    def test_a_panel_is_named_by_its_heading(self):
        html = draw("{% panel title=title id='h-a' mark='internal' %}inside{% endpanel %}", title=SCRIPT)
        assert 'aria-labelledby="h-a"' in html
        assert "Only us" in html
        assert "inside" in html
        assert "<script" not in html

    def test_zones_differ_in_class_icon_and_words(self):
        shared = draw("{% zone kind='shared' title='They see this' id='z' %}x{% endzone %}")
        internal = draw("{% zone kind='internal' title='Stays with us' id='z' %}x{% endzone %}")
        assert 'class="zone shared"' in shared
        assert 'class="zone internal"' in internal
        assert re.findall(r"<svg.*?</svg>", shared) != re.findall(r"<svg.*?</svg>", internal)

    def test_tabs_mark_the_current_one_and_show_a_count_of_zero(self):
        html = draw("{% tabs items 'Views' %}", items=[Tab("All", "/a", current=True), Tab("Late", "/b", count=0)])
        assert '<a href="/a" aria-current="page">All</a>' in html
        assert "Late <span>0</span>" in html

    def test_paging_keeps_the_other_filters(self):
        request = RequestFactory().get("/portfolio/", {"q": "rail", "page": "2"})
        html = draw("{% pagination page %}", page=Paginator(range(100), 10).page(2), request=request)
        assert 'href="?q=rail&amp;page=3"' in html
        assert 'aria-current="page" href="?q=rail&amp;page=2"' in html

    def test_one_page_needs_no_paging(self):
        request = RequestFactory().get("/")
        assert draw("{% pagination page %}", page=Paginator(range(5), 10).page(1), request=request).strip() == ""

    def test_an_undo_is_a_form_and_the_message_is_text(self):
        message = SimpleNamespace(level_tag="success", extra_tags="undo:/updates/1/undo/", __str__=lambda self: "")
        html = draw("{% include 'components/messages.html' %}", messages=[message])
        assert '<form method="post" action="/updates/1/undo/">' in html


def line_chart(**options) -> charts.LineChart:
    series = (charts.Series("Users", (1200, None, 1500), end_label="1,500"),)
    defaults = {"title": "Weekly users", "finding": "1,500 people", "caption": "It grows."}
    return charts.LineChart("adoption", labels=("W1", "W2", "W3"), series=series, write=formats.number, **(defaults | options))


class TestCharts:
    def test_a_chart_says_its_finding_and_has_its_table(self):
        html = draw("{% line_chart chart %}", chart=line_chart())
        assert 'role="img" aria-label="1,500 people" aria-describedby="adoption-desc"' in html
        assert '<desc id="adoption-desc">It grows.</desc>' in html
        assert '<th scope="row">W2</th><td>–</td>' in html
        assert "Show data" in html

    def test_numbers_of_a_drawing_are_written_the_same_in_every_language(self):
        numbers = {}
        for language in ("en", "zh-hans"):
            with translation.override(language):
                html = draw("{% line_chart chart %}", chart=line_chart())
            numbers[language] = re.findall(r' (?:x|y|x1|x2|y1|y2|d|height)="[^"]+"', html)
        assert numbers["en"] == numbers["zh-hans"]

    def test_words_in_a_chart_are_escaped(self):
        chart = line_chart(title=SCRIPT, finding=SCRIPT, caption=SCRIPT, marks=(charts.Mark(1, SCRIPT),))
        assert "<script" not in draw("{% line_chart chart %}", chart=chart)

    def test_too_little_data_is_said_and_still_listed(self):
        chart = charts.LineChart("c", "Users", "…", ("W1",), (charts.Series("Users", (5,)),))
        html = draw("{% line_chart chart %}", chart=chart)
        assert "Too little data to draw yet." in html
        assert "<td>5</td>" in html
        assert 'role="img"' not in html

    def test_a_timeline_says_late_in_words_beside_the_colour(self):
        today = date(2026, 11, 20)
        row = charts.MilestoneRow("Go-live", today, date(2026, 12, 4), "running", "/m/1/")
        html = draw("{% milestone_timeline chart %}", chart=charts.MilestoneTimeline("m", "t", "f", (row,), today))
        assert "14 d late" in words(html)
        assert '<a href="/m/1/">Go-live</a>' in html

    def test_an_equal_chart_is_drawn_once_and_another_value_word_or_language_anew(self):
        def chart(last=9, title="Users"):
            return charts.LineChart("memo", title, "…", ("W1", "W2"), (charts.Series("Users", (5, last)),))

        first = draw("{% line_chart chart %}", chart=chart())
        drawn_before = ui_charts._drawn.cache_info().currsize
        assert draw("{% line_chart chart %}", chart=chart()) == first
        assert ui_charts._drawn.cache_info().currsize == drawn_before
        assert "<td>8</td>" in draw("{% line_chart chart %}", chart=chart(last=8))
        assert "Uses" in draw("{% line_chart chart %}", chart=chart(title="Uses"))
        with translation.override("zh-hans"):
            assert "Show data" not in draw("{% line_chart chart %}", chart=chart())

    def test_an_unknown_component_shows_a_dash_in_the_mosaic(self):
        parts = (charts.Component("Outcomes", 25, 73, "on_track"), charts.Component("Risks", 10, None, "unknown"))
        assert words(draw("{% health_mosaic chart %}", chart=charts.Mosaic("m", "f", parts))) == "73 Outcomes – Risks"

    @pytest.mark.parametrize("name", sorted(path.name for path in Path("templates/components/charts").glob("*.html")))
    def test_no_template_of_a_chart_uses_a_fixed_id(self, name):
        source = Path("templates/components/charts", name).read_text()
        assert all("{{" in found for found in re.findall(r'\bid="([^"]*)', source))
