# How far it is, as a person at a terminal or a reader of a file sees it.

import io

import pytest
from rich.console import Console

from analysis.report.console import progress_bar


def told(steps, *, width=80, terminal=False, show=True):
    file = io.StringIO()
    console = Console(file=file, width=width, force_terminal=terminal)
    with progress_bar(console, show=show, title="days, at most") as tell:
        for done, total, note in steps:
            tell(done, total, note)
    return file.getvalue()


def test_on_a_narrow_terminal_the_numbers_stay_whole():
    note = "testing plan 3 of 8, cost 27,281"
    assert "16566/20000" in told([(16566, 20000, note)], terminal=True)


def test_in_a_file_there_is_a_line_for_each_tenth():
    steps = [(done, 40, "thin") for done in range(41)]
    lines = told(steps).splitlines()
    assert lines[0] == "days, at most thin: 0 of 40"
    assert lines[-1] == "days, at most thin: 40 of 40"
    assert len(lines) == 11


@pytest.mark.parametrize(
    "note", ["", "testing plan 3 of 8, cost 27,281, and so on" * 3]
)
def test_in_a_file_there_is_a_line_for_each_thousand_of_many(note):
    lines = told([(done, 20_000, note) for done in range(0, 5_001, 20)]).splitlines()
    assert len(lines) == 6
    assert lines[-1].endswith(": 5000 of 20000")


def test_nothing_is_told_where_nothing_is_to_be_shown():
    assert told([(1, 2, "")], show=False) == ""
    assert told([(1, 2, "")], show=False, terminal=True) == ""
