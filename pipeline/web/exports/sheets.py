"""
Tables for spreadsheets: CSV that opens right in each of them, and XLSX that reads right to left.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter

from pipeline.web.exports.harmless import safe
from pipeline.web.exports.rows import COLUMNS, Row
from pipeline.web.rendering import web_link

#: Rows of a sheet; Excel's own limit is a little higher.
_SHEET_ROWS: Final = 1_000_000
#: Each link is held until the file is closed, near a kilobyte; Excel refuses more than 65,530 in any case.
_SHEET_LINKS: Final = 10_000
_MAX_CELL: Final = 32_767
_MAX_LINK: Final = 2_000
_WIDTHS: Final = {"title": 60, "url": 40, "why": 40, "excerpt": 80, "found": 30}
_INSTANTS: Final = ("published_at", "dated_at", "withdrawn_at")
_CHUNK_BYTES: Final = 64 * 1024


def csv_of(rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with a byte order mark, every cell quoted, no formulas."""
    yield "\ufeff".encode()
    yield _line(COLUMNS)
    for row in rows:
        yield _line(safe(cell) for cell in row.cells().values())


def xlsx_of(rows: Iterable[Row], *, zone: str) -> Iterator[bytes]:
    """A workbook, written row by row to a file of its own and then sent: nothing grows with its rows."""
    with TemporaryFile() as file:
        _write(file, rows, ZoneInfo(zone))
        file.seek(0)
        while chunk := file.read(_CHUNK_BYTES):
            yield chunk


def _line(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow(cells)
    return line.getvalue().encode("utf-8", "replace")


def _write(file: IO[bytes], rows: Iterable[Row], zone: ZoneInfo) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as workbook:
        formats = {
            "head": workbook.add_format({"bold": True, "bg_color": "#DCEBE8", "bottom": 1}),
            "time": workbook.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "right"}),
            "text": workbook.add_format({"valign": "top"}),
            "link": workbook.get_default_url_format(),
        }
        sheet = _sheet(workbook, formats)
        line = 0
        for row in rows:
            if line == _SHEET_ROWS:
                sheet, line = _sheet(workbook, formats), 0
            line += 1
            _write_row(sheet, line, row, zone, formats)


def _sheet(workbook: Any, formats: dict[str, Any]) -> Any:
    sheet = workbook.add_worksheet()
    sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS.get(name, 18))
        sheet.write_string(0, column, name, formats["head"])
    return sheet


def _write_row(sheet: Any, line: int, row: Row, zone: ZoneInfo, formats: dict[str, Any]) -> None:
    for column, (name, cell) in enumerate(row.cells().items()):
        if name in _INSTANTS and cell:
            local = datetime.fromisoformat(cell).astimezone(zone).replace(tzinfo=None)
            sheet.write_datetime(line, column, local, formats["time"])
        elif name == "url" and line <= _SHEET_LINKS and web_link(cell) and len(cell) <= _MAX_LINK:
            sheet.write_url(line, column, cell, formats["link"], string=cell)
        else:
            sheet.write_string(line, column, cell[:_MAX_CELL], formats["text"])
