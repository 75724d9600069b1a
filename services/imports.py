"""What an import of places found, row by row, so that good rows are kept and each bad one says what is wrong with it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from rapidfuzz import fuzz, process

from services.table import Row

Fate = Literal["new", "changed", "same", "bad"]

_PHONE = re.compile(r"\+?[\d\uff10-\uff19][\d\uff10-\uff19\s()\uff08\uff09/\u3001,\uff0c\u8f6c-]{2,38}")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
_LIKE = 45
"""How alike, of 100, a name must be to be offered for one that is unknown."""
LONGEST = 100
"""Characters of a cell where nothing else is said."""
_DIGITS = 7
"""So many make a text a telephone number even where none belongs; fewer may be a house or a room."""


@dataclass(slots=True)
class Line:
    """One row of the file, what becomes of it, and what is wrong with it."""

    row: Row
    fate: Fate = "same"
    faults: list[str] = field(default_factory=list)

    def fault(self, sentence: str) -> None:
        """Refuse the row for one more reason."""
        self.fate = "bad"
        self.faults.append(sentence)

    def cell(self, column: str) -> str | None:
        """Return what stands in a column, None for nothing."""
        return self.row.cells.get(column) or None


@dataclass(frozen=True, slots=True)
class Report:
    """All rows of an import, the townships and villages that it adds on the way, and the columns it left."""

    lines: Sequence[Line]
    new_places: Sequence[str] = ()
    ignored: Sequence[str] = ()

    def count(self, fate: Fate) -> int:
        """Count the rows that fared so."""
        return sum(line.fate == fate for line in self.lines)


def check_texts(line: Line, required: Sequence[str], longest: Mapping[str, int] = MappingProxyType({})) -> None:
    """Refuse a row with cells that are missing, far too long, or a formula instead of its result."""
    for column in required:
        if line.cell(column) is None:
            line.fault(f"{column}没有填（合并的单元格请先拆开填满）")
    for column, text in line.row.cells.items():
        if len(text) > (most := longest.get(column, LONGEST)):
            line.fault(f"{column}太长，最多 {most} 个字")
        if text.startswith(("=", "#REF", "#N/A", "#VALUE")):
            line.fault(f"{column}里是公式，请改成文字")


def check_phone(line: Line, column: str, others: Iterable[str]) -> None:
    """Refuse a telephone that is none, and one that stands in another column."""
    phone = line.cell(column)
    if phone and _SCIENTIFIC.fullmatch(phone):
        line.fault(f"{column}被 Excel 变成了 {phone}，请把这一列设为文本再填")
    elif phone and not is_phone(phone):
        line.fault(f"{column}“{phone}”不是电话号码，是不是填错了列")
    for other in others:
        text = line.cell(other)
        if text and is_phone(text) and sum(map(str.isdigit, text)) >= _DIGITS:
            line.fault(f"{other}“{text}”像是电话号码，是不是填错了列")


def is_phone(text: str) -> bool:
    """Tell whether a text is a telephone number, or several."""
    return _PHONE.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= 3


def refuse_repeats(lines: Iterable[Line], columns: Sequence[str]) -> None:
    """Refuse a row that names what an earlier one named."""
    seen: dict[tuple[str | None, ...], int] = {}
    for line in lines:
        if line.fate != "bad":
            key = tuple(line.cell(column) for column in columns)
            if key in seen:
                line.fault(f"和第 {seen[key]} 行重复")
            seen.setdefault(key, line.row.number)


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Say that a name is not known, and which known ones look like it."""
    found = process.extract(name, list(names), scorer=fuzz.ratio, limit=3, score_cutoff=_LIKE)
    like = [str(other) for other, *_ in found]
    return f"没有找到{what}“{name}”" + (f"，是不是{'、'.join(like)}" if like else "")
