"""Bring a roster into a campaign: looked at row by row first, then written in batches; a second time changes nothing."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.campaigns import Certification
from db.people import Person
from db.upsert import insert_all_new
from services import campaigns, cohort
from services.imports import Report
from services.person_cards import CATEGORIES
from services.roster_lines import Places, RosterLine, read_line, read_places
from services.roster_match import Identity, People, read_people
from services.table import Table, read_table
from services.vault import Vault

COLUMNS = ("姓名", "身份证号", "身份证后四位", "出生年", "电话", "乡镇", "村", "网格", "类别", "服务站")
REQUIRED = ("姓名",)
MOST_ROWS = 60_000
_BATCH = 200
"""Rows of one transaction: sealing names and telephones takes 0.1 ms a row, and SQLite has one writer."""
_CHUNK = 500


def read(content: bytes) -> Table:
    """Read an uploaded roster; in a thread, for a large one takes seconds.

    Raises:
        Refusal: it is no table, or has no column of names.
    """
    return read_table(content, COLUMNS, REQUIRED, MOST_ROWS)


async def check(db: AsyncSession, vault: Vault, table: Table, campaign_id: int) -> Report:
    """Say what a roster would change; nothing is written. The lines of the report are `RosterLine`."""
    lines = await asyncio.to_thread(read_lines, table, await read_places(db), vault)
    refuse_repeats(lines)
    seen: dict[int, int] = {}
    for chunk in _chunks([line for line in lines if line.identity], _CHUNK):
        for line, person in await look_up(db, chunk):
            if person is not None and seen.setdefault(person["id"], line.row.number) != line.row.number:
                line.fault(f"和第 {seen[person['id']]} 行是同一个人")
        listed = await _listed(db, campaign_id, chunk)
        for line in chunk:
            if line.fate == "same" and line.person_id not in listed:
                line.fate = "new"
    return Report(lines, ignored=table.ignored)


def batches(report: Report) -> Iterator[list[RosterLine]]:
    """Give the rows to be written, in the batches that one transaction each should take."""
    yield from _chunks(
        [line for line in report.lines if isinstance(line, RosterLine) and line.fate in ("new", "changed")], _BATCH
    )


async def apply(db: AsyncSession, vault: Vault, lines: Sequence[RosterLine], campaign_id: int, now: datetime) -> int:
    """Write one batch; return how many rows were written. What has changed since the look is looked at again.

    Raises:
        Refusal: the campaign is closed.
    """
    campaign = await cohort.open_list(db, campaign_id)  # locked: two imports at once would make everybody twice
    people = await _find(db, lines)
    for line in lines:
        if fault := people[line.row.number][1]:
            line.fault(fault)
    good = [line for line in lines if line.fate != "bad"]
    added = [line for line in good if people[line.row.number][0] is None]
    await insert_all_new(db, Person, [_new(vault, line, now) for line in added])
    people |= await _find(db, added)
    ids = []
    for line in good:
        person = people[line.row.number][0]
        assert person is not None
        ids.append(person["id"])
        if line.identity and _differs(line, line.identity, person):
            await db.execute(
                update(Person).where(Person.id == person["id"]).values(_changed(vault, line, person["categories"]))
            )
    rows = [{"campaign_id": campaign_id, "person_id": id_, "status": "open"} for id_ in ids]
    await insert_all_new(db, Certification, rows)
    await campaigns.schedule(db, campaign, ids)
    return len(good)


def read_lines(table: Table, places: Places, vault: Vault) -> list[RosterLine]:
    """Understand every row by itself."""
    lines = [RosterLine(row) for row in table.rows]
    for line in lines:
        read_line(line, places, vault)
    return lines


def refuse_repeats(lines: Iterable[RosterLine]) -> None:
    """Refuse a row about somebody of whom an earlier one was; two numbers are two people, of whatever name."""
    first: dict[tuple[object, ...], RosterLine] = {}
    for line in lines:
        if line.identity is None:
            continue
        marks = [line.identity.near, *([(line.identity.id_key,)] if line.identity.id_key else [])]
        same = [other for mark in marks if (other := first.setdefault(mark, line)) is not line]
        if any(_one(line.identity, other.identity) for other in same):
            line.fault(f"和第 {same[-1].row.number} 行重复")
            line.identity = None


def _one(one: Identity, other: Identity | None) -> bool:
    return other is not None and (None in (one.id_key, other.id_key) or one.id_key == other.id_key)


async def look_up(db: AsyncSession, lines: Sequence[RosterLine]) -> list[tuple[RosterLine, Mapping[str, Any] | None]]:
    """Find whom each row means, and whether it says anything new: then its fate is new or changed, else same."""
    people = await _find(db, lines)
    found = []
    for line in lines:
        if line.identity is None:
            continue
        person, fault = people[line.row.number]
        line.person_id = person["id"] if person else None
        if fault:
            line.fault(fault)
        elif person is None:
            line.fate = "new"
        else:
            line.fate = "changed" if _differs(line, line.identity, person) else "same"
        found.append((line, person))
    return found


async def _find(
    db: AsyncSession, lines: Sequence[RosterLine]
) -> dict[int, tuple[Mapping[str, Any] | None, str | None]]:
    """Return by number of the row whom it means, or what stands against saying so."""
    people: People = await read_people(db, [line.identity for line in lines if line.identity])
    return {line.row.number: people.find(line.identity) for line in lines if line.identity}


async def _listed(db: AsyncSession, campaign_id: int, lines: Sequence[RosterLine]) -> set[int]:
    ids = [line.person_id for line in lines if line.person_id is not None]
    rows = select(Certification.person_id).where(
        Certification.campaign_id == campaign_id, Certification.person_id.in_(ids)
    )
    return set(await db.scalars(rows))


def _differs(line: RosterLine, who: Identity, person: Mapping[str, Any]) -> bool:
    """Tell whether the row says what the file does not: a cell left empty says nothing."""
    marks = {"id_key": who.id_key, "id_tail_key": who.tail_key, "phone_key": who.phone_key}
    facts = {name: value for name, value in line.facts.items() if name != "categories"}
    return any(value is not None and person[name] != value for name, value in (marks | facts).items()) or not set(
        line.facts.get("categories", ())
    ) <= set(person["categories"])


def _changed(vault: Vault, line: RosterLine, categories: Sequence[str] = ()) -> dict[str, Any]:
    """Return what a row writes; the categories on file stay, for a roster names the one that it is about."""
    assert line.identity is not None
    known = (*categories, *line.facts.get("categories", ()))
    values = line.facts | {
        "id_tail_key": line.identity.tail_key,
        "categories": [one for one in CATEGORIES if one in known],
    }
    if line.identity.id_key:
        values["id_key"] = line.identity.id_key
    if line.phone:
        values |= {"phone": vault.encrypt(line.phone), "phone_key": line.identity.phone_key}
    return values


def _new(vault: Vault, line: RosterLine, now: datetime) -> dict[str, Any]:
    assert line.identity is not None
    empty = dict.fromkeys(("region", "station_id", "village_id", "grid_id", "birth_year"))
    return empty | {"phone": None, "phone_key": None, "id_key": None} | _changed(vault, line) | {
        "name": vault.encrypt(line.name), "name_key": line.identity.name_key, "created_at": now,
    }  # fmt: skip


def _chunks(lines: Sequence[RosterLine], size: int) -> Iterator[list[RosterLine]]:
    for start in range(0, len(lines), size):
        yield list(lines[start : start + size])
