"""What is done at stations (事项): brought in from a table, taken out again, and there once a shipped one is named."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.bookings import Service, StationService
from knowledge.visit_services import MINUTES, PLACES, VisitService
from services import waits
from services.import_basis import Basis
from services.imports import Line, Report, check_texts, refuse_repeats, unknown
from services.job_cells import plain
from services.table import Row, Table

COLUMNS = ("事项", "别名", "带什么", "问答", "分钟", "同时几人")
REQUIRED = ("事项",)
_LONGEST = {"事项": 20, "别名": 200, "带什么": 300, "问答": 60}
_APART = "；"
"""Between the things of a cell; a line break does, too."""
_NOT_IN_NAMES = "；;、，,（）()0123456789"
"""These tell the services of a station's cell apart, and their minutes."""

Values = dict[str, str | None]


async def read_services(db: AsyncSession) -> dict[str, Values]:
    """Return every service by name, as a table shows it."""
    rows = await db.scalars(select(Service).order_by(Service.id))
    return {row.name: _cells(row) for row in rows}


def _cells(row: Service) -> Values:
    return {
        "事项": row.name,
        "别名": _APART.join(row.words) or None,
        "带什么": _APART.join(row.bring.split("\n")) or None,
        "问答": row.entry,
        "分钟": str(row.minutes),
        "同时几人": str(row.capacity),
    }


async def import_services(db: AsyncSession, table: Table, basis: Basis, *, write: bool) -> Report:
    """Add and change services as the table says; a column it lacks stays as it is, of a shipped one as it is shipped."""
    known = await read_services(db)
    lines = [_checked(Line(row), basis, known) for row in table.rows]
    refuse_repeats(lines, REQUIRED)
    _refuse_shared_words(lines, known)
    for line in lines:
        if line.fate != "bad":
            old = known.get(line.row.cells["事项"])
            line.fate = "new" if old is None else "same" if old | _values(line) == old else "changed"
    if write:
        await _save(
            db, {str(line.cell("事项")): _values(line) for line in lines if line.fate in ("new", "changed")}, basis
        )
    return Report(lines, (), table.ignored)


def _checked(line: Line, basis: Basis, known: Mapping[str, Values]) -> Line:
    check_texts(line, REQUIRED, _LONGEST)
    name, entry = line.cell("事项"), line.cell("问答")
    if name and any(sign in name for sign in _NOT_IN_NAMES):
        line.fault(f"事项“{name}”里不能有数字、顿号、逗号、分号和括号")
    if entry and entry not in basis.entries:
        line.fault(unknown("问答", entry, basis.entries))
    there = name in known or name in basis.shipped
    for column, allowed, unit in (("分钟", MINUTES, "分钟"), ("同时几人", PLACES, "人")):
        text = line.cell(column)
        if text is None and (not there or column in line.row.cells):
            line.fault(f"{column}没有填，请填 {allowed[0]} 到 {allowed[-1]}")
        elif text is not None and _count(text, unit) not in allowed:
            line.fault(f"{column}“{text}”不对，请填 {allowed[0]} 到 {allowed[-1]}")
    return line


def _count(text: str, unit: str) -> int:
    written = plain(text).removesuffix(unit)
    return int(written) if written.isascii() and written.isdigit() and len(written) < 6 else -1


def _refuse_shared_words(lines: Iterable[Line], known: Mapping[str, Values]) -> None:
    """Refuse a word that another service has already: nobody could tell which one is meant."""
    owner = {word: name for name, cells in known.items() for word in (name, *parts(cells["别名"]))}
    for line in lines:
        if line.fate == "bad":
            continue
        name = line.row.cells["事项"]
        for word in (name, *parts(line.cell("别名"))):
            if owner.setdefault(word, name) != name:
                line.fault(f"“{word}”已经是事项“{owner[word]}”的名字或别名")


def parts(text: str | None) -> list[str]:
    """Return the things of a cell, each once."""
    apart = (text or "").replace(";", _APART).replace("\n", _APART).split(_APART)
    return list(dict.fromkeys(part.strip() for part in apart if part.strip()))


def _values(line: Line) -> Values:
    """Return what a good line says, as it would be printed."""
    values: Values = {column: line.cell(column) for column in line.row.cells}
    for column in ("别名", "带什么"):
        if column in values:
            values[column] = _APART.join(parts(values[column])) or None
    for column, unit in (("分钟", "分钟"), ("同时几人", "人")):
        if text := values.get(column):
            values[column] = str(_count(text, unit))
    return values


async def _save(db: AsyncSession, wanted: Mapping[str, Values], basis: Basis) -> None:
    rows = {row.name: row for row in await db.scalars(select(Service))}
    more: list[int] = []
    for name, values in wanted.items():
        before = rows[name].capacity if name in rows else None
        row = rows.get(name) or _made(name, basis.shipped.get(name))
        row.words = parts(values["别名"]) if "别名" in values else row.words
        row.bring = "\n".join(parts(values["带什么"])) if "带什么" in values else row.bring
        row.entry = values.get("问答", row.entry)
        row.minutes = int(values.get("分钟") or row.minutes)
        row.capacity = int(values.get("同时几人") or row.capacity)
        db.add(row)
        await db.flush()
        if before is not None and row.capacity > before:
            more.append(row.id)
    await _refill(db, more, basis)


def _made(name: str, shipped: VisitService | None) -> Service:
    if shipped is None:
        return Service(name=name, words=[], bring="", entry=None, minutes=MINUTES[0], capacity=PLACES[0])
    return Service(
        name=name, words=list(shipped.words), bring="\n".join(shipped.bring), entry=shipped.entry,
        minutes=shipped.minutes, capacity=shipped.capacity,
    )  # fmt: skip


async def _refill(db: AsyncSession, service_ids: Sequence[int], basis: Basis) -> None:
    """Keep what is more than before for who waits, at the stations that go by the service's own number."""
    following = StationService.service_id.in_(service_ids), StationService.capacity.is_(None)
    rows = await db.execute(select(StationService.station_id, StationService.service_id).where(*following))
    await waits.refill(db, basis.rules, [(station_id, service_id) for station_id, service_id in rows], basis.now)


async def save_service(db: AsyncSession, cells: Mapping[str, str], basis: Basis) -> None:
    """Add or change one, as a form has it: checked and written in the very way of a table.

    Raises:
        Refusal: something of it cannot be; with every fault.
    """
    report = await import_services(db, Table((Row(1, cells),)), basis, write=True)
    if faults := report.lines[0].faults:
        raise Refusal("；".join(faults) + "。")


async def ensure_services(
    db: AsyncSession, names: Iterable[str], shipped: Mapping[str, VisitService]
) -> dict[str, Service]:
    """Make the shipped ones among these that are not there yet; return all by name."""
    rows = {row.name: row for row in await db.scalars(select(Service))}
    taken = {word for row in rows.values() for word in (row.name, *row.words)}
    for name in dict.fromkeys(names):
        if name not in rows and name in shipped:
            rows[name] = _made(name, shipped[name])
            rows[name].words = [word for word in shipped[name].words if word not in taken]
            db.add(rows[name])
    await db.flush()
    return rows


async def stations_by_service(db: AsyncSession) -> dict[str, int]:
    """Return at how many stations each service is done."""
    rows = await db.execute(
        select(Service.name, func.count())
        .join(StationService, StationService.service_id == Service.id)
        .group_by(Service.name)
    )
    return dict(rows.all())
