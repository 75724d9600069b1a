"""Tables as bureaus have them: .xlsx, or the CSV that Excel in China saves, with a title above and gaps between."""

import csv
import io
import json
import lzma
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.errors import Refusal
from core.text import clean
from knowledge.workbook import BrokenWorkbook, read_workbook, write_workbook

_ZIP, _OLE, _UTF16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
_TITLE_ROWS = 5
"""How many rows may stand above the one that names the columns."""
_MOST_ROWS = 20_000
_COMPUTED = ("=", "+", "-", "@", "\t", "\r")
"""A cell of a CSV that begins so is computed by a spreadsheet, whoever wrote it; a quote before it keeps it a text."""
_GUARDED = re.compile(r"'+(?=[=+\-@])")
_NUMBER = re.compile(r"-\d+(?:\.\d+)?%?|-")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, and its cells by column."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file, each with a cell for every column that it has of those wanted; empty rows are left out."""

    rows: tuple[Row, ...]
    ignored: tuple[str, ...] = ()
    """Columns that nobody asked for, to be told of: one of them may be misspelt."""


def read_table(content: bytes, columns: Sequence[str], required: Sequence[str], most_rows: int = _MOST_ROWS) -> Table:
    """Read an uploaded file by what it is, whatever it is called.

    Raises:
        Refusal: it is no table, or its columns are not those wanted.
    """
    if content.startswith(_OLE):
        raise Refusal("这是旧版 .xls 表格。请在 Excel 里另存为 .xlsx，再来导入。")
    rows = _read_xlsx(content) if content.startswith(_ZIP) else _read_csv(content)
    names, first = _find_columns(rows, required)
    if len(rows) - first > most_rows:
        raise Refusal(f"表格超过 {most_rows} 行，请分成几个文件导入。")
    if repeated := [name for name in columns if names.count(name) > 1]:
        raise Refusal(f"“{repeated[0]}”这一列出现了两次，请留一列。")
    places = {name: index for index, name in enumerate(names) if name in columns}
    found = (
        Row(number, {name: row[index] if index < len(row) else "" for name, index in places.items()})
        for number, row in enumerate(rows[first:], first + 1)
    )
    return Table(
        tuple(row for row in found if any(row.cells.values())),
        tuple(name for name in names if name and name not in columns),
    )


def _find_columns(rows: Sequence[Sequence[str]], required: Sequence[str]) -> tuple[list[str], int]:
    """Return the names of the columns, and the index of the first row below them."""
    heads = [["".join(cell.split()) for cell in row] for row in rows[:_TITLE_ROWS]]
    for index, names in enumerate(heads):
        if set(required) <= set(names):
            return names, index + 1
    if not any(any(head) for head in heads):
        raise Refusal("表格是空的，请检查是不是选错了文件。")
    nearest = max(heads, key=lambda names: len(set(required) & set(names)))
    missing = [name for name in required if name not in nearest]
    raise Refusal(f"表格里缺少这样的列：{'、'.join(missing)}。请照样表写好第一行。")


def _read_xlsx(content: bytes) -> list[list[str]]:
    try:
        rows = read_workbook(content)
    except BrokenWorkbook as error:
        raise Refusal("这个表格打不开，文件可能坏了。请用 Excel 重新保存一次，再来导入。") from error
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: Any) -> str:
    """Return what the spreadsheet shows: a telephone number that Excel took for a number is one again."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else clean(str(cell))


def _read_csv(content: bytes) -> list[list[str]]:
    text = _decode(content)
    first = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter="\t" if "\t" in first else ","))
    except csv.Error as error:
        raise Refusal("这个文件读不了。请用 Excel 另存为 .xlsx 或 CSV，再来导入。") from error
    return [[_unguarded(clean(cell)) for cell in row] for row in rows]


def _guarded(cell: Any) -> Any:
    """Return a cell that no spreadsheet computes; what is quoted already gets one more, to be read as it was."""
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell):
        return cell
    return f"'{cell}" if cell.startswith(_COMPUTED) or _GUARDED.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if _GUARDED.match(cell) else cell


def _decode(content: bytes) -> str:
    encodings = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal("这个文件不是表格。请选 .xlsx 或 CSV 文件。")


def write_table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, xlsx: bool) -> bytes:
    """Return a file that Excel opens with its Chinese intact."""
    lines = [columns, *rows]
    if xlsx:
        return write_workbook(lines)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_guarded(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def pack_table(table: Table) -> str:
    """Return a table as a short text, to be carried from page to page; by columns it packs smaller."""
    names = list(table.rows[0].cells) if table.rows else []
    columns = [[row.cells[name] for row in table.rows] for name in names]
    whole = {"names": names, "numbers": [row.number for row in table.rows], "columns": columns}
    return b64encode(lzma.compress(json.dumps(whole, ensure_ascii=False).encode())).decode()


def unpack_table(packed: str) -> Table:
    """Return the table that was packed."""
    whole = json.loads(lzma.decompress(b64decode(packed)))
    cells = zip(*whole["columns"], strict=True)
    rows = (
        Row(number, dict(zip(whole["names"], row, strict=True)))
        for number, row in zip(whole["numbers"], cells, strict=True)
    )
    return Table(tuple(rows))
