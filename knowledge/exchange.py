"""Take entries and offers out to a file and bring them in again, row by row, into the bureau's own folder."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from knowledge.content import Content, read_content
from knowledge.entry import Entry, Offer
from knowledge.goods import read_offer
from knowledge.load import read_entry, read_rows
from knowledge.problem import BadKnowledge, Problem
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
    """What an import found: good rows that change something, how many change nothing, and what is wrong with the others."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    same: int = 0
    problems: list[Problem] = field(default_factory=list)


def export(path: Path, content: Content, *, offers: bool) -> int:
    """Write all entries or offers as .yaml or .xlsx; return how many."""
    if offers:
        rows = [offer_row(offer) for offer in content.offers.values()]
    else:
        rows = [entry_row(entry, content.facts) for entry in content.entries.values()]
    if path.suffix == ".xlsx":
        write_sheet(path, OFFER_COLUMNS if offers else ENTRY_COLUMNS, rows)
    else:
        dump(path, {"offers" if offers else "entries": rows})
    return len(rows)


def read_import(path: Path, folder: Path, content: Content, *, offers: bool) -> Imported:
    """Read and check a file row by row against the knowledge in use; good rows are kept beside bad ones."""
    found = Imported()
    used: Mapping[str, Entry | Offer] = content.offers if offers else content.entries
    seen: set[str] = set()
    for where, row in _rows(path, found.problems, offers=offers):
        file = f"{path.name} {where}"
        read = read_offer(row, file, found.problems) if offers else read_entry(row, file, content.facts, found.problems)
        if read is None:
            continue
        key, name = ("code", read.code) if isinstance(read, Offer) else ("slug", read.slug)
        if name in seen:
            found.problems.append(Problem(file, name, key, "和上面的重复"))
        elif read == used.get(name):
            found.same += 1
        else:
            found.rows[name] = {**row, key: name}
        seen.add(name)
    _refuse_clashes(found, path, folder, offers=offers)
    return found


def _rows(path: Path, problems: list[Problem], *, offers: bool) -> list[tuple[str, Any]]:
    """Return each row with where it stands in the file."""
    if path.suffix != ".xlsx":
        rows = read_rows(path, "offers" if offers else "entries", problems)
        return [(f"第 {number} 条", row) for number, row in enumerate(rows, 1)]
    if offers:
        return [(f"第 {n} 行", offer_from_cells(cells)) for n, cells in read_sheet(path, OFFER_COLUMNS, problems)]
    return [(f"第 {n} 行", entry_from_cells(cells)) for n, cells in read_sheet(path, ENTRY_COLUMNS, problems)]


def _refuse_clashes(found: Imported, path: Path, folder: Path, *, offers: bool) -> None:
    """Drop the rows that would make the whole unreadable, by reading it as it would be; the next start could not."""
    while found.rows:
        with TemporaryDirectory() as trial:
            if (folder / "knowledge").exists():
                shutil.copytree(folder / "knowledge", Path(trial) / "knowledge")
            save(Path(trial), found.rows, offers=offers)
            try:
                read_content(Path(trial))
            except BadKnowledge as error:
                named = {p.entry for p in error.problems} & set(found.rows) or set(found.rows)
                clashes = [p for p in error.problems if p.entry in named] or error.problems
            else:
                return
        found.problems += [Problem(path.name, p.entry, p.field, p.message) for p in clashes]
        found.rows = {name: row for name, row in found.rows.items() if name not in named}


def save(folder: Path, rows: Mapping[str, dict[str, Any]], *, offers: bool) -> None:
    """Merge rows into the bureau's imported file."""
    if not rows:
        return
    name, key = ("offers", "code") if offers else ("entries", "slug")
    path = folder / "knowledge" / ("offers" if offers else "faq") / IMPORTED
    path.parent.mkdir(parents=True, exist_ok=True)
    old = read_rows(path, name, []) if path.exists() else []
    partial = path.with_suffix(".part")
    dump(partial, {name: list(({row[key]: row for row in old} | dict(rows)).values())})
    partial.replace(path)


def dump(path: Path, content: dict[str, Any]) -> None:
    """Write YAML for people."""
    path.write_text(drawn(content), encoding="utf-8")


def drawn(content: dict[str, Any]) -> str:
    """Return YAML for people: Chinese as it is, fields in their order."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=200)
