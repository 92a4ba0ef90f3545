import hashlib
import time
import zipfile
from math import inf, nan
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import muster
from analysis.column import TABLES, column_of, dictionary, table_of
from analysis.column.day import DAY
from analysis.column.run import RUN
from analysis.workbook import chosen, sheet_titles, write_workbook
from analysis.workbook.choice import days_table
from analysis.workbook.file import MOST_ROWS
from scenarios.problem import ScenarioError


def cells(path, sheet):
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book[sheet].iter_rows()]


def test_header_and_units_stand_above_the_rows_and_stay_in_sight(tmp_path):
    frame = pd.DataFrame({"target": ["wait"], "held": [3], "value": [0.5]})
    path = write_workbook(tmp_path / "t.xlsx", {"targets": frame})
    assert cells(path, "targets") == [
        ["target", "held", "value"],
        ["text", "days", "share"],
        ["wait", 3, 0.5],
    ]
    assert openpyxl.load_workbook(path)["targets"].freeze_panes == "A3"


def test_what_never_ended_is_text_and_what_is_missing_is_empty(tmp_path):
    frame = pd.DataFrame({"value": [inf, nan, 1.25, -inf]})
    whole = pd.DataFrame({"needed": pd.array([7, None, 8], dtype="Int64")})
    path = write_workbook(tmp_path / "t.xlsx", {"a": frame, "b": whole})
    assert [row[0] for row in cells(path, "a")[2:]] == ["inf", None, 1.25, "-inf"]
    assert [row[0] for row in cells(path, "b")[2:]] == [7, None, 8]


@pytest.mark.parametrize(
    "text", ["=1+1", "+84", "-", "@SUM(A1)", "#N/A", "=HYPERLINK(0)"]
)
def test_text_that_begins_like_a_formula_stays_text(tmp_path, text):
    frame = pd.DataFrame({text: [text, "plain"]})
    path = write_workbook(tmp_path / "t.xlsx", {text: frame})
    sheet = openpyxl.load_workbook(path).worksheets[1]
    for row in (1, 3):
        assert sheet.cell(row, 1).value == text
        assert sheet.cell(row, 1).data_type == "s"
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"<f>" not in content
            assert b"<f " not in content


def test_letters_that_no_file_may_hold_become_blanks(tmp_path):
    frame = pd.DataFrame({"title": ["a\x00b\x1fc", "Khánh Thượng", "x" * 40_000]})
    path = write_workbook(tmp_path / "t.xlsx", {"t": frame})
    found = [row[0] for row in cells(path, "t")[2:]]
    assert found[:2] == ["a b c", "Khánh Thượng"]
    assert len(found[2]) == 32_767


def test_two_writings_give_the_same_bytes(tmp_path):
    frame = pd.DataFrame({"value": [1.5, inf], "title": ["a", "=b"]})
    first = write_workbook(tmp_path / "a.xlsx", {"t": frame}, ["a note"])
    time.sleep(2.1)  # an archive keeps moments to two seconds
    second = write_workbook(tmp_path / "b.xlsx", {"t": frame}, ["a note"])
    digests = [hashlib.sha256(p.read_bytes()).hexdigest() for p in (first, second)]
    assert digests[0] == digests[1]


def test_sheets_have_31_letters_and_no_two_are_alike():
    long = "incidents-of-the-most-typical-of-days"
    titles = sheet_titles([long + "-1", long + "-2", "a/b", "readme", "A-B"])
    assert len({title.casefold() for title in titles.values()} | {"readme"}) == 6
    assert all(len(title) <= 31 for title in titles.values())
    assert titles["a/b"] == "a-b"


def test_a_table_longer_than_a_sheet_is_refused_before_anything_is_written(tmp_path):
    frame = pd.DataFrame({"value": range(MOST_ROWS + 1)})
    with pytest.raises(ScenarioError) as error:
        write_workbook(tmp_path / "t.xlsx", {"measures": frame})
    assert "table measures has 1048575 rows and 1 columns" in str(error.value)
    assert not [*tmp_path.iterdir()]


def test_the_first_sheet_says_what_every_column_is(tmp_path):
    frame = pd.DataFrame({"target": ["wait"], "odd": [1]})
    path = write_workbook(tmp_path / "t.xlsx", {"targets": frame}, ["Of 3 days."])
    rows = cells(path, "README")
    assert rows[0] == ["sheet", "column", "unit", "says"]
    assert [None, None, None, "Of 3 days."] in rows
    assert ["targets", "target", "text", "Name of the target in the scenario"] in rows
    assert ["targets", "odd", None, None] in rows


# ---- the workbook of a run -------------------------------------------------------


@pytest.fixture(scope="module")
def result():
    return muster.run("khanh-thuong", "standing", replications=3, workers=1)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    return result.write(tmp_path_factory.mktemp("out") / "run")


def test_every_column_of_every_table_is_in_the_dictionary_and_no_other(folder):
    found: dict[str, list[str]] = {}
    for path in sorted((folder / "tables").glob("*.parquet")):
        names = list(pd.read_parquet(path).columns)
        assert table_of(path.stem) is not None, path.stem
        for name in names:
            what = column_of(path.stem, name)
            assert what.unit, f"{path.stem}: {name}"
            assert what.text, f"{path.stem}: {name}"
        found[path.stem.partition("-")[0]] = names
    assert set(found) == {*RUN, *DAY} - {"days"}
    for kind, names in found.items():
        declared = [c for c in TABLES[kind].columns if not c.endswith("*")]
        assert [n for n in names if n in declared] == declared, kind


def test_the_workbook_of_a_run_has_the_tables_and_its_units(folder):
    book = openpyxl.load_workbook(folder / "tables" / "tables.xlsx")
    assert book.sheetnames[:6] == [
        *("README", "targets", "summary", "days", "orders", "judgements"),
    ]
    assert {"incidents-first", "dispatches-worst", "units-typical"} <= {
        *book.sheetnames
    }
    for sheet in book.worksheets[1:]:
        assert all(cell.value for cell in sheet[2]), sheet.title
    frame = pd.read_parquet(folder / "tables" / "targets.parquet")
    rows = [*book["targets"].iter_rows(min_row=3, values_only=True)]
    assert [row[0] for row in rows] == list(frame["target"])
    assert [row[5] for row in rows] == list(frame["value"])


def test_the_sheet_of_days_has_the_overall_measures(result):
    wide = days_table(result.measures)
    assert list(wide["replication"]) == [0, 1, 2]
    own = result.measures.query("measure == 'wait.mean' and subject == 'overall'")
    assert list(wide["wait.mean"]) == list(own["value"])
    assert column_of("days", "wait.mean").unit == "minutes"


def test_what_does_not_fit_is_cut_or_left_out_and_said(result):
    tables = {n: getattr(result, n) for n in ("targets", "summary", "judgements")}
    tables["measures"] = result.measures
    whole, notes = chosen(tables)
    assert [*whole] == ["targets", "summary", "days", "judgements"]
    assert len(notes) == 1
    size = result.targets.size
    cut, notes = chosen(tables, most=size + 3000)
    assert set(cut["summary"]["subject"]) == {"overall"}
    assert "Table summary is cut to the overall measures" in " ".join(notes)
    none, notes = chosen(tables, most=size)
    assert [*none] == ["targets"]
    assert "Table judgements is too large; tables/judgements.csv" in " ".join(notes)


def test_the_page_on_tables_is_the_dictionary():
    page = Path(__file__).parent.parent.parent / "docs" / "tables.md"
    assert "\n".join(dictionary()) in page.read_text(encoding="utf-8")
