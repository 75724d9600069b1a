"""Take entries and offers out to a file and bring them in again, row by row, into the bureau's own folder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.entry import Fact
from knowledge.goods import read_offer
from knowledge.index import Content
from knowledge.load import read_entry, read_yaml
from knowledge.problem import Problem
from knowledge.sheet import (
    ENTRY_COLUMNS,
    OFFER_COLUMNS,
    entry_from_cells,
    entry_row,
    offer_from_cells,
    offer_row,
    read_sheet,
    write_sheet,
)

IMPORTED = "imported.yaml"


@dataclass(slots=True)
class Imported:
    """What an import found: good rows by key, and what is wrong with the others."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def export(path: Path, content: Content, *, offers: bool) -> int:
    """Write all entries or offers as .yaml or .xlsx; return how many."""
    rows = (
        [offer_row(o) for o in content.offers.values()] if offers else [entry_row(e) for e in content.entries.values()]
    )
    if path.suffix == ".xlsx":
        write_sheet(path, OFFER_COLUMNS if offers else ENTRY_COLUMNS, rows)
    else:
        dump(path, {"offers" if offers else "entries": rows})
    return len(rows)


def read_import(path: Path, facts: Mapping[str, Fact], *, offers: bool) -> Imported:
    """Read and check a file row by row; good rows are kept beside bad ones."""
    found = Imported()
    name = "offers" if offers else "entries"
    if path.suffix == ".xlsx":
        columns, from_cells = (OFFER_COLUMNS, offer_from_cells) if offers else (ENTRY_COLUMNS, entry_from_cells)
        rows = [(f"第 {n} 行", from_cells(cells)) for n, cells in read_sheet(path, columns, found.problems)]
    else:
        content = read_yaml(path, found.problems)
        listed = content.get(name) if isinstance(content, dict) else None
        if not isinstance(listed, list):
            found.problems.append(Problem(path.name, "", name, f"文件里要有 {name} 这一列"))
            listed = []
        defaults = {k: v for k, v in content.items() if k != name} if isinstance(content, dict) else {}
        rows = [
            (f"第 {n} 条", {**defaults, **row} if isinstance(row, dict) else row) for n, row in enumerate(listed, 1)
        ]
    read: Callable[..., Any] = (
        read_offer if offers else (lambda row, file, problems: read_entry(row, file, facts, problems))
    )
    key = "code" if offers else "slug"
    for where, row in rows:
        if read(row, f"{path.name} {where}", found.problems) is not None:
            if row[key] in found.rows:
                found.problems.append(Problem(f"{path.name} {where}", row[key], key, "和上面的重复"))
            found.rows.setdefault(row[key], row)
    return found


def save(folder: Path, rows: Mapping[str, dict[str, Any]], *, offers: bool) -> tuple[int, int]:
    """Merge rows into the bureau's imported file; return how many are new or changed, and how many were there already."""
    name, key = ("offers", "code") if offers else ("entries", "slug")
    path = folder / "knowledge" / ("offers" if offers else "faq") / IMPORTED
    path.parent.mkdir(parents=True, exist_ok=True)
    old = yaml.safe_load(path.read_text(encoding="utf-8"))[name] if path.exists() else []
    merged = {row[key]: row for row in old}
    changed = {k: row for k, row in rows.items() if merged.get(k) != row}
    if changed:
        partial = path.with_suffix(".part")
        dump(partial, {name: list((merged | changed).values())})
        partial.replace(path)
    return len(changed), len(rows) - len(changed)


def dump(path: Path, content: dict[str, Any]) -> None:
    """Write YAML for people: Chinese as it is, fields in their order."""
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200), encoding="utf-8")
