# The worked example in the docs, block by block as a reader would paste it.

import re
from pathlib import Path

import openpyxl

PAGE = Path(__file__).parent.parent / "docs" / "example.md"


def test_every_block_of_the_worked_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) >= 8
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    told = capsys.readouterr().out
    assert "waits are longer under thin at: KV" in told
    assert "waits holds under base on 100% of days, 95 % interval 88% to 100%" in told
    assert "records, the first of them:\n0.00 status " in told
    assert re.search(r"^12 +\d+ ", told, flags=re.MULTILINE)
    assert (tmp_path / "difference.png").stat().st_size > 10_000
    book = openpyxl.load_workbook(tmp_path / "plans.xlsx")
    assert book.sheetnames == ["README", "targets-base", "targets-thin"]
    assert (tmp_path / "muster-out" / "base" / "tables" / "tables.xlsx").exists()
