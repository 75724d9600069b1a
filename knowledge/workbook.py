"""Excel workbooks as plain rows, for every table that staff exchange with us."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell

_LARGEST = 100 * 1024 * 1024
"""Bytes unpacked; a small file can be made to unpack into more than the machine has."""


class BrokenWorkbook(Exception):  # noqa: N818 - it names the thing that is broken
    """The file is no readable .xlsx; the text is what the reader said."""


def read_workbook(content: bytes) -> list[tuple[Any, ...]]:
    """Return all rows of the first sheet.

    Raises:
        BrokenWorkbook: it cannot be read.
    """
    try:
        _refuse_bombs(content)
        # From memory, because openpyxl leaves a file open when it fails half-way.
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        return list(book.worksheets[0].iter_rows(values_only=True))
    except Exception as error:  # a damaged workbook makes zip, XML and openpyxl raise nearly anything
        raise BrokenWorkbook(str(error)) from error


def _refuse_bombs(content: bytes) -> None:
    with ZipFile(BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > _LARGEST:
            raise BrokenWorkbook("too large")


def write_workbook(rows: Iterable[Sequence[Any]]) -> bytes:
    """Return a workbook of one sheet whose first row and column stay in sight; no text becomes a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "B2"
    for row in rows:
        cells = [WriteOnlyCell(sheet, value) for value in row]
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"
        sheet.append(cells)
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()
