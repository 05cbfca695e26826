"""Positions in charts, checked by hand-computed numbers."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fde_portal.core import charts
from fde_portal.core.charts.retention import Cell, cell
from fde_portal.core.charts.scales import Scale, label_ticks, line_path, nice_ticks, spaced_indexes, spread
from fde_portal.core.charts.small import bar_fill, spark_range
from fde_portal.core.charts.timeline import month_starts

WEEKS = ("W44", "W45", "W46", "W47")


def line_chart(*series, labels=WEEKS, **options):
    return charts.LineChart("c", "Weekly users", "121 of 180", labels, series, label_heading="Week", **options)


class TestScales:
    def test_ticks_are_round_and_hold_both_ends_and_zero(self):
        assert nice_ticks(0, 113, intervals=2, whole=True) == (0, 60, 120)
        assert nice_ticks(-342_000, 1_213_000) == (-400_000, 0, 400_000, 800_000, 1_200_000, 1_600_000)
        assert nice_ticks(40, 90) == (0, 25, 50, 75, 100)

    def test_counts_of_people_get_no_fractions(self):
        assert nice_ticks(0, 2, whole=True) == (0, 1, 2)

    def test_nothing_but_zero_still_has_an_axis(self):
        assert nice_ticks(0, 0) == (0, 0.25, 0.5, 0.75, 1)

    @given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
    def test_every_value_lies_between_the_outer_ticks(self, one, other):
        ticks = nice_ticks(min(one, other), max(one, other))
        margin = 1e-6 * (ticks[-1] - ticks[0])
        assert ticks[0] - margin <= min(one, other)
        assert max(one, other) <= ticks[-1] + margin
        assert 2 <= len(ticks) <= 8

    def test_the_top_of_the_scale_is_zero_percent_down(self):
        scale = Scale(0, 200)
        assert [scale.at(value) for value in (200, 121, 0)] == [0, 39.5, 100]

    def test_a_missing_value_lifts_the_pen(self):
        assert line_path([0, 25, 50, 100], [10, None, 20, 30]) == "M0 100M500 200L1000 300"

    def test_labels_are_spaced_and_keep_first_and_last(self):
        assert spaced_indexes(18) == [0, 5, 10, 17]
        assert spaced_indexes(3) == [0, 1, 2]
        assert spaced_indexes(0) == []

    def test_in_a_narrow_chart_every_second_label_goes_and_none_touches_the_last(self):
        ticks = label_ticks([f"W{week}" for week in range(40, 48)], [6.25 + 12.5 * i for i in range(8)], most=9)
        assert [tick.label for tick in ticks if not tick.minor] == ["W40", "W42", "W44", "W47"]

    def test_labels_that_would_overlap_move_apart_in_their_order(self):
        assert spread([50, 48, 10], gap=8) == [56, 48, 10]


class TestLineChart:
    def test_the_line_ends_in_a_dot_and_the_target_lies_under_it(self):
        chart = line_chart(charts.Series("Users", (0, 50, 100, 200)), charts.Series("Target", (0, 0, 0, 200), "target"))
        target, users = chart.lines
        assert (target.style, target.dot) == ("target", "")
        assert users.path == "M0 1000L333.33 750L666.67 500L1000 0"
        assert users.dot == "M1000 0h0"

    def test_the_end_label_stands_at_the_last_measured_value(self):
        chart = line_chart(charts.Series("Users", (0, 100, 200, None), end_label="200"))
        [label] = chart.end_labels
        assert (label.x, label.y, label.text) == ("66.67%", "0%", "200")

    @pytest.mark.parametrize(("text", "is_long"), [("Target 297", False), ("The time before", True), ("目标297", False), ("此前同样长的时间", True)])
    def test_a_long_end_label_gets_more_room_and_a_chinese_character_counts_as_two(self, text, is_long):
        assert line_chart(charts.Series("Users", (0, 1, 2, 3), end_label=text)).has_long_ends is is_long

    def test_a_running_period_is_a_point_beside_which_all_labels_stand(self):
        users, part = charts.Series("Users", (0, 100, 200, None), end_label="200"), charts.Series("So far", (None, None, None, 50), "part", "50")
        chart = line_chart(users, part)
        assert {label.x for label in chart.end_labels} == {"100%"}
        assert chart.lines[0].path.endswith("L666.67 0")  # no line leads to the point
        assert chart.lines[1].path == "M1000 750"

    def test_the_table_says_not_measured_and_not_zero(self):
        chart = line_chart(charts.Series("Users", (0, None, 8, 9)))
        assert chart.table.columns == ("Week", "Users")
        assert chart.table.rows[:2] == (("W44", ("0",)), ("W45", ("–",)))

    def test_one_value_is_too_little_to_draw_whatever_the_target(self):
        chart = line_chart(charts.Series("Users", (5, None, None, None)), charts.Series("Target", (1, 2, 3, 4), "target"))
        assert not chart.is_drawable
        assert chart.table.rows[0] == ("W44", ("5", "1"))

    def test_without_any_value_the_parts_are_still_there(self):
        chart = line_chart(charts.Series("Users", ()), labels=())
        assert (chart.is_drawable, chart.x_ticks, chart.end_labels) == (False, (), ())

    def test_a_mark_writes_its_words_on_the_side_with_room(self):
        series = charts.Series("Users", (1, 2, 3, 4))
        chart = line_chart(series, marks=(charts.Mark(0, "Release 1"), charts.Mark(3, "Release 2")))
        assert [(text.x, text.before) for text in chart.mark_labels] == [("0%", False), ("100%", True)]

    def test_of_two_marks_that_are_close_the_second_stands_higher_and_the_third_low_again(self):
        series, labels = charts.Series("Users", tuple(range(11))), tuple(f"W{n}" for n in range(11))
        marks = tuple(charts.Mark(place, f"Release {place}") for place in (0, 5, 6, 7))
        first, second, third, fourth = line_chart(series, labels=labels, marks=marks).mark_labels
        assert first.lift == second.lift == fourth.lift < third.lift


class TestStackedBars:
    def chart(self, down=(4, 0)):
        up = (charts.BarSeries("Returning", (60, 0), "f3"), charts.BarSeries("New", (20, 10), "f1"))
        return charts.StackedBars("b", "Who came back", "…", ("W46", "W47"), up, (charts.BarSeries("Dormant", down, "f0"),))

    def test_parts_stack_upwards_and_losses_hang_below_zero(self):
        returning, new, dormant, _ = self.chart(down=(20, 0)).bars
        # The axis runs from -20 to 80.
        assert (returning.y, returning.height) == ("20%", "60%")
        assert (new.y, new.height) == ("0%", "20%")
        assert (dormant.y, dormant.height) == ("80%", "20%")

    def test_a_count_of_zero_draws_nothing(self):
        assert [bar.fill for bar in self.chart().bars] == ["f3", "f1", "f0", "f1"]

    def test_the_axis_names_no_negative_number_of_people(self):
        assert [tick.label for tick in self.chart().y_ticks] == ["0", "40", "80"]

    def test_a_running_period_is_hatched_marked_in_the_table_and_knows_no_losses_yet(self):
        chart = replace(self.chart(down=(20, None)), is_running=True)
        last = chart.bars[-1]
        assert (chart.hatch.x, chart.hatch.width, chart.hatch.y, chart.hatch.height) == (last.x, last.width, last.y, last.height)
        assert chart.table.rows == (("W46", ("60", "20", "20")), ("W47 so far", ("0", "10", "–")))
        assert self.chart().hatch is None

    def test_only_zeros_are_too_little_to_draw(self):
        empty = charts.StackedBars("b", "t", "f", ("W1",), (charts.BarSeries("New", (0,), "f1"),))
        assert not empty.is_drawable


class TestRetention:
    def test_short_cohorts_are_padded_and_shares_shaded(self):
        triangle = charts.RetentionTriangle(
            "r", "Retention", "…", (charts.Cohort("Oct", 46, (1, Decimal("0.74"), 0)),), ("0", "1", "2", "3")
        )
        [(cohort, cells)] = triangle.rows
        assert cohort.size == 46
        assert cells == (Cell("100", "q9"), Cell("74", "q7"), Cell("0", ""), Cell("", ""))

    def test_few_people_are_counted_without_a_shade(self):
        triangle = charts.RetentionTriangle("r", "t", "f", (charts.Cohort("Oct", 3, counts=(3, 1, None)),), ("0", "1", "2"))
        assert triangle.is_drawable
        [(__, cells)] = triangle.rows
        assert cells == (Cell("3", "count"), Cell("1", "count"), Cell("", "count"))

    def test_who_is_back_in_a_running_period_follows_the_whole_ones_hatched(self):
        rows = (charts.Cohort("Oct", 46, (1, 0.74), part=cell(0.5).so_far), charts.Cohort("Nov", 7, part=cell(1).so_far))
        triangle = charts.RetentionTriangle("r", "t", "f", rows, ("0", "1", "2"))
        (__, october), (__, november) = triangle.rows
        assert october == (Cell("100", "q9"), Cell("74", "q7"), Cell("50", "part", is_part=True))
        assert november == (Cell("100", "part", is_part=True), Cell("", ""), Cell("", ""))
        assert [cells for __, cells in triangle.table.rows] == [("46", "100", "74", "50 so far"), ("7", "100 so far", "", "")]
        assert triangle.has_part

    def test_a_first_week_alone_is_too_little(self):
        assert not charts.RetentionTriangle("r", "t", "f", (charts.Cohort("Nov", 19, (1,)),), ("0",)).is_drawable


class TestCumulativeValue:
    def chart(self, **options):
        names = ("Month", "Actual", "Expected", "Low", "High")
        defaults = {"actual": (0, -200, None), "expected": (None, -200, 600)}
        return charts.CumulativeValue("v", "Value", "…", ("Jun", "Jul", "Aug"), names=names, **(defaults | options))

    def test_payback_is_marked_on_the_zero_line(self):
        point = self.chart(payback=1.25, payback_label="Payback").payback_point
        assert (point.x, point.y, point.label, point.before) == ("62.5%", "75%", "Payback", True)

    def test_an_early_payback_has_its_words_behind_it(self):
        assert not self.chart(payback=0.2).payback_point.before

    def test_never_paid_back_marks_nothing(self):
        assert self.chart().payback_point is None

    def test_today_stands_on_the_last_actual_value(self):
        point = self.chart(today=1, today_label="today").today_point
        assert (point.x, point.y) == ("50%", "100%")

    def test_without_actual_values_today_is_a_line_only(self):
        chart = self.chart(actual=(), expected=(-200, 0, 600), today=0.5)
        assert chart.today_point is None
        assert chart.today_line == "25%"

    def test_the_band_goes_out_high_and_comes_back_low(self):
        chart = self.chart(low=(None, -200, 0), high=(None, -200, 600))
        assert chart.band_path == "M500 1000L1000 0L1000 750L500 1000Z"

    def test_unused_columns_stay_out_of_the_table(self):
        assert self.chart().table.columns == ("Month", "Actual", "Expected")


class TestTimeline:
    def timeline(self, *rows, today=date(2026, 11, 20), begin=date(2026, 6, 1)):
        return charts.MilestoneTimeline("m", "Milestones", "…", rows, today, begin)

    def test_slip_is_the_part_between_promise_and_date(self):
        row = charts.MilestoneRow("Go-live", date(2026, 11, 30), date(2026, 12, 14), "running", start=date(2026, 11, 1))
        [placed] = self.timeline(row, begin=date(2026, 9, 6)).placed
        # 99 days from 6 September to 14 December on 94 % of the width, 3 % at the edges.
        assert row.slip == 14
        assert (placed.start, placed.baseline, placed.slip_width) == ("56.17%", "83.71%", "13.29%")

    def test_an_early_one_has_a_shorter_bar_and_no_slip(self):
        row = charts.MilestoneRow("Pilot", date(2026, 9, 18), date(2026, 9, 11), "done")
        [placed] = self.timeline(row).placed
        assert (row.slip, placed.slip_width, placed.style) == (-7, "0%", "g-done")

    def test_without_a_start_work_begins_at_the_promise_before(self):
        first = charts.MilestoneRow("Study", date(2026, 7, 1), date(2026, 7, 1), "done")
        second = charts.MilestoneRow("Pilot", date(2026, 9, 1), date(2026, 9, 1), "planned")
        one, two = self.timeline(first, second).placed
        assert one.start == "3%"
        assert two.start == one.baseline

    def test_the_month_behind_today_keeps_its_line_and_loses_its_name(self):
        row = charts.MilestoneRow("Pilot", date(2026, 12, 20), date(2026, 12, 20), "planned")
        months = {month.first.month: month for month in self.timeline(row, today=date(2026, 11, 2)).months}
        assert (months[11].named, months[8].named) == (False, True)

    def test_a_long_span_names_fewer_months(self):
        row = charts.MilestoneRow("Handover", date(2028, 6, 1), date(2028, 6, 1), "planned")
        assert {month.first.month for month in self.timeline(row).months} == {1, 4, 7, 10}

    def test_months_cross_the_year(self):
        assert month_starts(date(2026, 11, 20), date(2027, 1, 1)) == [date(2026, 12, 1), date(2027, 1, 1)]


class TestMosaic:
    def test_width_is_weight_and_height_is_score(self):
        parts = (charts.Component("Outcomes", 25, 75, "good", 50), charts.Component("Risks", 75, None, "idle"))
        known, unknown = charts.Mosaic("m", "…", parts).columns
        assert (known.x, known.width, known.y, known.height, known.previous) == ("0%", "24.8%", "24", "72", "48")
        assert (unknown.x, unknown.width, unknown.height, unknown.previous) == ("25.6%", "74.4%", "0", "")

    def test_without_weight_there_is_nothing_to_draw(self):
        assert charts.mosaic_svg([]) == ""
        assert charts.mosaic_svg([(0, 50, "good")]) == ""


class TestSmallCharts:
    def test_an_unknown_part_of_the_mini_mosaic_is_only_ground(self):
        drawn = charts.mosaic_svg([(50, 40, "risk"), (50, None, "idle")])
        assert re.findall(r'class="([^"]+)" d="([^"]+)"', drawn) == [
            ("bg", "M0 100V0h49V100zM51 100V0h49V100z"),
            ("fg risk", "M0 100V60h49V100z"),
        ]

    def test_the_parts_of_one_band_are_one_path(self):
        drawn = charts.mosaic_svg([(25, 40, "risk"), (25, 100, "good"), (50, 0, "risk")])
        assert re.findall(r'class="fg (\w+)" d="([^"]+)"', drawn) == [
            ("risk", "M0 100V60h24V100zM52 100V100h48V100z"),
            ("good", "M26 100V0h24V100z"),
        ]

    @pytest.mark.parametrize(
        ("value", "target", "filled"), [(121, 180, 53.78), (300, 180, 100), (None, 180, 0), (0.6, None, 60), (-5, 10, 0)]
    )
    def test_a_bar_meets_its_target_at_four_fifths(self, value, target, filled):
        assert bar_fill(value, target) == pytest.approx(filled, abs=0.01)

    def test_a_bar_without_target_has_no_tick(self):
        assert "tick" in charts.bar_svg(Decimal("12"), 45, "risk")
        assert "tick" not in charts.bar_svg(0.5, None)

    def test_a_spark_needs_two_values(self):
        assert charts.spark_svg([50, None]) == ""
        assert charts.spark_svg([50, None, 60]).count("<path") == 2

    def test_a_small_change_of_a_score_looks_small(self):
        low, high = spark_range([69, 70, 71], reference=70)
        assert high - low >= 30

    def test_a_band_without_members_takes_no_room(self):
        drawn = charts.distribution_svg([("good", 3), ("watch", 0), ("risk", 1)], "3 on track, 1 at risk")
        assert re.findall(r'class="(good|watch|risk)"', drawn) == ["good", "risk"]
