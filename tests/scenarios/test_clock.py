"""Clock text, durations and phases."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from scenarios.clock import Clock, minutes_of, shown, span

MODEST = settings(max_examples=200, deadline=None)


def clock(**changes: object) -> Clock:
    plain = {"day": "2021-05-23", "start": "D-1 05:00", "end": "D+1 02:00"}
    return Clock.model_validate({**plain, **changes})


def refusal(**changes: object) -> list[str]:
    with pytest.raises(ValidationError) as error:
        clock(**changes)
    return [fault["msg"] for fault in error.value.errors()]


# Durations


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90 s", 1.5),
        ("15 min", 15),
        ("15min", 15),
        ("2 h", 120),
        ("1.5 h", 90),
        ("2 d", 2880),
        ("1 h 30 min", 90),
        ("1h30min", 90),
        ("  7 min ", 7),
        ("0 s", 0),
        ("1 d 2 h 3 min 30 s", 1563.5),
    ],
)
def test_a_duration_is_read_as_minutes(text, minutes):
    assert minutes_of(text) == pytest.approx(minutes, rel=1e-15)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "min",
            "15",
            "15 minutes",
            "15 m",
            "-5 min",
            "+5 min",
            "1,5 h",
            "1.5.2 h",
        ),
        *("5 min ago", "about 5 min", "5 min, 3 s", ".5 h", "5. h", "1e3 s", "٣ min"),
    ],
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration") as error:
        minutes_of(text)
    assert str(error.value) == (
        f"not a duration, found '{text}'; write it with its unit, such as 90 s, "
        "15 min or 2 h"
    )


@pytest.mark.parametrize(
    ("value", "found"),
    [(15, "15"), (1.5, "1.5"), (None, "nothing"), (True, "true"), ([], "a list")],
)
def test_a_duration_without_a_unit_is_refused_with_what_was_found(value, found):
    with pytest.raises(ValueError, match=f"not a duration, found {found};"):
        minutes_of(value)


@pytest.mark.parametrize("text", ["6945 d", "9" * 400 + " s"])
def test_a_duration_of_ages_is_refused(text):
    with pytest.raises(ValueError, match=r"duration too long, found '.*'; at most 19"):
        minutes_of(text)


@MODEST
@given(st.integers(0, 9999), st.integers(0, 59), st.integers(0, 59))
def test_the_parts_of_a_duration_add_up(hours, minutes, seconds):
    found = minutes_of(f"{hours} h {minutes} min {seconds} s")
    assert found == pytest.approx(60 * hours + minutes + seconds / 60, rel=1e-12)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0 min"),
        (0.75, "45 s"),
        (1, "1 min"),
        (12.34, "12.3 min"),
        (65, "65 min"),
        (99, "99 min"),
        (100, "1 h 40 min"),
        (125.4, "2 h 05 min"),
        (-0.5, "-30 s"),
        (-125, "-2 h 05 min"),
        (math.inf, "never"),
        (-math.inf, "never"),
        (math.nan, "not known"),
    ],
)
def test_a_duration_is_written_for_people(minutes, text):
    assert span(minutes) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("KV1", "'KV1'"),
        (7, "7"),
        (0.5, "0.5"),
        (False, "false"),
        (None, "nothing"),
        ({"a": 1}, "a mapping"),
        ([1, 2], "a list"),
        ("one\ntwo", "'one two'"),
        ("x" * 60, f"'{'x' * 60}'"),
        ("x" * 61, f"'{'x' * 57}...'"),
    ],
)
def test_a_value_is_shown_the_way_it_was_written(value, text):
    assert shown(value) == text


# Moments


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("D-1 05:00", 0),
        ("05:00", 1440),
        ("D 05:00", 1440),
        ("D+0 05:00", 1440),
        ("9:30", 1710),
        ("24:00", 2580),
        ("D+1 00:00", 2580),
        ("2021-05-23 05:00", 1440),
        ("2021-05-23T05:00", 1440),
        ("2021-05-22 05:00:30", 0.5),
        ("D-2 05:00", -1440),
        (" 05:00 ", 1440),
    ],
)
def test_clock_text_is_read_as_minutes_from_the_start(text, minutes):
    assert clock().moment(text) == minutes


@pytest.mark.parametrize(
    "text", ["", "7", "7:5", "0700", "07.00", "D07:00", "D- 07:00", "noon", "d 07:00"]
)
def test_what_is_no_clock_text_is_refused(text):
    with pytest.raises(ValueError, match="not a time") as error:
        clock().moment(text)
    assert str(error.value) == (
        f"not a time, found '{text}'; write 07:00, D-1 18:00 or 2021-05-23 07:00"
    )


@pytest.mark.parametrize("text", ["24:01", "25:00", "07:60", "07:00:60", "D+1 99:00"])
def test_a_time_that_no_day_has_is_refused(text):
    with pytest.raises(ValueError, match=f"no such time of day, found '.*{text[-5:]}'"):
        clock().moment(text)


@pytest.mark.parametrize("text", ["2021-02-29 07:00", "2021-13-01 07:00"])
def test_a_date_that_no_year_has_is_refused(text):
    with pytest.raises(ValueError, match=f"no such date, found '{text}'"):
        clock().moment(text)


def test_a_number_is_no_clock_text():
    with pytest.raises(ValueError, match="not a time, found 7;"):
        clock().moment(7)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "D-1 05:00"),
        (1440, "05:00"),
        (1439.6, "05:00"),
        (1440.4, "05:00"),
        (2579.5, "D+1 00:00"),
        (-1440, "D-2 05:00"),
        (math.inf, "never"),
        (-math.inf, "never"),
        (math.nan, "never"),
    ],
)
def test_minutes_are_written_as_clock_text(minutes, text):
    assert clock().text(minutes) == text


def test_clock_text_can_show_seconds():
    assert clock().text(1440.5, seconds=True) == "05:00:30"
    assert clock().text(2579.9999, seconds=True) == "D+1 00:00:00"


STARTS = st.builds(
    "D{:+d} {:02d}:{:02d}".format,
    st.integers(-400, 199),
    st.integers(0, 23),
    st.integers(0, 59),
)


@MODEST
@given(STARTS, st.integers(-1440, 200 * 1440))
def test_whole_minutes_survive_being_written_and_read(start, minutes):
    any_clock = clock(start=start, end=f"D{int(start[1:5].split()[0]) + 2:+d} 00:00")
    assert any_clock.moment(any_clock.text(minutes)) == minutes


@MODEST
@given(STARTS, st.integers(-86_400, 200 * 86_400))
def test_whole_seconds_survive_being_written_and_read(start, seconds):
    any_clock = clock(start=start, end=f"D{int(start[1:5].split()[0]) + 2:+d} 00:00")
    text = any_clock.text(seconds / 60, seconds=True)
    assert any_clock.moment(text) == pytest.approx(seconds / 60, abs=1e-6)


# The clock


def test_the_clock_knows_its_length():
    assert clock().minutes == 45 * 60


def test_the_day_must_be_a_date():
    texts = ["Sunday", "20210523", "2021-W20-7", "2021-5-23", "23-05-2021"]
    assert [refusal(day=text) for text in texts] == [
        [f"Value error, not a date, found '{text}'; write 2021-05-23"] for text in texts
    ]


def test_every_part_that_is_no_time_is_told():
    assert refusal(start="dawn", phases={"during": "7", "after": "dusk"}) == [
        f"Value error, not a time, found '{text}'; write 07:00, D-1 18:00 or "
        "2021-05-23 07:00"
        for text in ("dawn", "7", "dusk")
    ]


@pytest.mark.parametrize("end", ["D-1 05:00", "D-2 05:00", "D+200 05:00"])
def test_the_clock_must_run_forward_and_not_too_far(end):
    text = (
        "Value error, the clock must run forward for at most 200 days, found start "
        f"'D-1 05:00' and end '{end}'"
    )
    assert refusal(end=end) == [text]


@pytest.mark.parametrize(
    ("during", "after"),
    [
        ("19:00", "07:00"),
        ("07:00", "07:00"),
        ("D-2 07:00", "19:00"),
        ("07:00", "D+2 19:00"),
    ],
)
def test_the_phases_must_follow_each_other_within_the_clock(during, after):
    text = (
        "Value error, phases: during must begin before after, both between start and "
        f"end, found '{during}' and '{after}'"
    )
    assert refusal(phases={"during": during, "after": after}) == [text]


# Phases


@pytest.mark.parametrize(
    ("text", "phase"),
    [
        ("D-1 05:00", "before"),
        ("06:59:59", "before"),
        ("07:00", "during"),
        ("18:59:59", "during"),
        ("19:00", "after"),
        ("D+1 02:00", "after"),
    ],
)
def test_a_phase_holds_from_its_first_minute_on(text, phase):
    phased = clock(phases={"during": "07:00", "after": "19:00"})
    assert phased.phase(phased.moment(text)) == phase


def test_the_phases_cover_the_whole_clock_without_a_gap():
    phased = clock(phases={"during": "07:00", "after": "19:00"})
    windows = [phased.window(phase) for phase in ("before", "during", "after")]
    assert windows == [(0, 1560), (1560, 2280), (2280, 2700)]


def test_without_phases_all_is_during():
    assert [clock().phase(minutes) for minutes in (0, 1000, 2700)] == ["during"] * 3
    assert clock().window("during") == (0, 2700)


def test_without_phases_nothing_is_before_or_after():
    assert [clock().window(phase) for phase in ("before", "after")] == [
        (0, 0),
        (2700, 2700),
    ]
