"""Entries and offers as spreadsheets, because bureaus live in Excel; the first row names the fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.entry import PHRASING_KINDS, Entry, Fact, Offer
from knowledge.load import sources_of
from knowledge.problem import Problem
from knowledge.workbook import BrokenWorkbook, read_workbook, write_workbook

_LISTS = ("bring", "facts", "who", "related")
_SOURCE = ("title", "number", "article", "effective_from", "url")
ENTRY_COLUMNS = (
    "slug", "stage", "topic", "question", *PHRASING_KINDS, "answer", "bring", "where", "how_long", "note", "facts",
    "sources", "scope", "general", "who", "valid_from", "valid_to", "reviewed_on", "related",
)  # fmt: skip
OFFER_COLUMNS = tuple(field.name for field in dataclass_fields(Offer))


def entry_row(entry: Entry, facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return an entry as the mapping it is written as in YAML; sources only where its facts do not give the same."""
    row: dict[str, Any] = {}
    for field in dataclass_fields(Entry):
        value = getattr(entry, field.name)
        if field.name == "phrasings":
            row["phrasings"] = {kind: list(texts) for kind, texts in value.items()}
        elif field.name == "sources":
            if value != sources_of(entry.facts, facts):
                row["sources"] = [{k: getattr(s, k) for k in _SOURCE if getattr(s, k)} for s in value]
        elif value not in (None, ()):
            row[field.name] = list(value) if isinstance(value, tuple) else value
    return row


def offer_row(offer: Offer) -> dict[str, Any]:
    """Return an offer as the mapping it is written as in YAML."""
    return {name: value for name in OFFER_COLUMNS if (value := getattr(offer, name)) not in (None, False)}


def write_sheet(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows under a line of field names; several values of a field stand in one cell, a line each."""
    flat = ({**row, **row.get("phrasings", {})} for row in rows)
    lines = [[_cell(row.get(column)) for column in columns] for row in flat]
    path.write_bytes(write_workbook([columns, *lines]))


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        lines = (" | ".join(str(v.get(k, "")) for k in _SOURCE) if isinstance(v, dict) else str(v) for v in value)
        return "\n".join(lines)
    return value


def read_sheet(path: Path, columns: Sequence[str], problems: list[Problem]) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows with their numbers as the spreadsheet shows them; a broken file is a problem."""
    try:
        rows = read_workbook(path.read_bytes())
    except (OSError, BrokenWorkbook) as error:
        problems.append(Problem(path.name, "", "", f"表格读不了：{error}"))
        return []
    names = [str(name or "").strip() for name in rows[0]] if rows else []
    problems += [Problem(path.name, "第 1 行", n, "没有这一列") for n in names if n and n not in columns]
    return [
        (number, {name: value for name, value in zip(names, row, strict=False) if name and value not in (None, "")})
        for number, row in enumerate(rows[1:], 2)
        if any(value not in (None, "") for value in row)
    ]


def entry_from_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spreadsheet row as the mapping that the YAML reader takes."""
    row = {name: _plain(value) for name, value in cells.items() if name not in PHRASING_KINDS}
    row["phrasings"] = {kind: _lines(cells[kind]) for kind in PHRASING_KINDS if kind in cells}
    row |= {name: _lines(cells[name]) for name in _LISTS if name in cells}
    if "sources" in cells:
        parts = (map(str.strip, line.split("|")) for line in _lines(cells["sources"]))
        row["sources"] = [{k: v for k, v in zip(_SOURCE, part, strict=False) if v} for part in parts]
    return row


def offer_from_cells(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return a spreadsheet row as the mapping that the YAML reader takes."""
    row = {name: _plain(value) for name, value in cells.items()}
    if "sample" in row:
        row["sample"] = str(row["sample"]).strip().lower() in ("true", "1", "是")
    return row


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in str(value).splitlines() if line.strip()]


def _plain(value: Any) -> Any:
    return value if isinstance(value, date | bool) else str(value).strip()
