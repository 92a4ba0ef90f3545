"""Workbooks for Excel."""

from analysis.workbook.choice import chosen
from analysis.workbook.file import sheet_titles, write_workbook

__all__ = ["chosen", "sheet_titles", "write_workbook"]
