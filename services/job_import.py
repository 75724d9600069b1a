"""Bring a list of posts in: looked at row by row first, then written in batches; a second time changes nothing."""

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import TypeVar

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.jobs import Employer, Job
from knowledge.job_parse import JobPlaces
from knowledge.job_words import JobWords
from services import employers, fair_lists, job_board, job_twins, jobs
from services.imports import Line, Report
from services.job_cells import plain
from services.job_files import MOST_ROWS, read
from services.job_likeness import traits
from services.job_sheet import COLUMNS, JobSheet, read_line
from services.table import Table

__all__ = ["COLUMNS", "MOST_ROWS", "read"]
Item = TypeVar("Item")
_BATCH = 200
"""Rows of one transaction: SQLite has one writer."""
_CHUNK = 500
_LONGEST_SOURCE = 30
_PLACE = ("单位", "岗位", "市县", "乡镇", "地址")
"""What tells posts apart in a list that has no numbers."""
_NOT_SAID = ("kind_guessed", "hazard")
"""What we add to a row: it does not count as changed by it."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a list is: where it comes from, and what its words are read with."""

    source: str
    words: JobWords
    places: JobPlaces
    today: date
    event_id: int | None = None
    """The fair that its posts are offered at."""


@dataclass(slots=True)
class JobLine(Line):
    """A row, and what was understood of it."""

    sheet: JobSheet | None = None
    reference: str = ""
    mark: str = ""
    """A digest of what it says."""
    returns: bool = False
    """Whether its post was closed because a list no longer named it: it is opened again."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An open post of the same source that the list does not name."""

    id: int
    title: str
    employer: str


@dataclass(frozen=True, slots=True)
class JobReport(Report):
    """What a list would change, and what it does not name: that is closed only when staff say so (名单里没有的停招)."""

    missing: Sequence[Missing] = ()


async def check(db: AsyncSession, table: Table, what: Import) -> JobReport:
    """Say what a list would change; nothing is written. The lines of the report are `JobLine`.

    Raises:
        Refusal: the source has no name, or the fair is over.
    """
    if not what.source or len(what.source) > _LONGEST_SOURCE or what.source == jobs.CONSOLE:
        raise Refusal(f"请写上名单的来源，例如 县人社局，最多 {_LONGEST_SOURCE} 个字。")
    event_day = await fair_lists.day_of(db, what.event_id, what.today)
    lines = await asyncio.to_thread(_read_lines, table, what, event_day)
    for chunk in _chunks([line for line in lines if line.fate != "bad"], _CHUNK):
        marks = await _marks(db, what.source, chunk)
        for line in chunk:
            mark = marks.get(line.reference)
            line.returns = line.reference in marks and mark is None
            line.fate = "new" if line.reference not in marks else "same" if mark == line.mark else "changed"
    return JobReport(lines, ignored=table.ignored, missing=await _missing(db, lines, what))


def _read_lines(table: Table, what: Import, event_day: date | None) -> list[JobLine]:
    """Understand every row by itself, and refuse those that say again what an earlier one said."""
    numbered = any("编号" in row.cells for row in table.rows)
    lines = [JobLine(row) for row in table.rows]
    first: dict[str, int] = {}
    for line in lines:
        line.sheet = read_line(
            line, what.places, what.words, what.today, event_id=what.event_id, event_day=event_day
        )  # fmt: skip
        line.reference = _reference(line, numbered=numbered)
        if numbered and not line.reference:
            line.fault("编号没有填，请给每个岗位一个编号")
        number = first.setdefault(line.reference, line.row.number)
        if line.reference and number != line.row.number:
            line.fault(
                f"和第 {number} 行的编号重复" if numbered
                else f"和第 {number} 行的单位、岗位、地点都一样，如果是两个岗位，请加一列编号"
            )  # fmt: skip
        if line.sheet:
            line.mark = _mark(line.sheet)
    return lines


def _reference(line: JobLine, *, numbered: bool) -> str:
    """Return a row's number in its list; in a list without numbers one made from who offers what where."""
    if numbered:
        return line.cell("编号") or ""
    said = [plain(line.cell(column) or "") for column in _PLACE]
    return "~" + sha256("\n".join(said).encode()).hexdigest()[:16]


def _mark(sheet: JobSheet) -> str:
    said = {name: value for name, value in asdict(sheet).items() if name not in _NOT_SAID}
    if sheet.kind_guessed:
        said["kind"] = ""
    return sha256(json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[:32]


async def _marks(db: AsyncSession, source: str, lines: Sequence[JobLine]) -> dict[str, str | None]:
    """Return what the posts that some rows mean said when last imported; None when a list's silence closed them."""
    references = [line.reference for line in lines]
    rows = select(Job.source_ref, Job.source_mark).where(Job.source == source, Job.source_ref.in_(references))
    return dict(iter(await db.execute(rows)))


async def _missing(db: AsyncSession, lines: Iterable[JobLine], what: Import) -> list[Missing]:
    named = {line.reference for line in lines}
    rows = await db.execute(
        select(Job.source_ref, Job.id, Job.title, Employer.name)
        .join(Employer, Employer.id == Job.employer_id)
        .where(
            Job.source == what.source, Job.status == "open", Job.closes_on >= what.today,
            Job.event_id.is_not_distinct_from(what.event_id),
        )
        .order_by(Job.id)
    )  # fmt: skip
    return [Missing(id_, title, name) for reference, id_, title, name in rows if reference not in named]


def good(report: Report) -> list[JobLine]:
    """Return the rows to be written."""
    return [line for line in report.lines if isinstance(line, JobLine) and line.fate in ("new", "changed")]


def batches(report: Report) -> Iterator[list[JobLine]]:
    """Give the rows to be written, in the batches that one transaction each should take."""
    yield from _chunks(good(report), _BATCH)


async def apply(db: AsyncSession, lines: Sequence[JobLine], what: Import, staff_id: int | None, now: datetime) -> int:
    """Write one batch; return how many rows were written. What has changed since the look is looked at again.

    Raises:
        Refusal: the fair is over.
    """
    await job_board.bump(db)
    await fair_lists.day_of(db, what.event_id, what.today)
    sheets = {line.reference: line.sheet for line in lines if line.sheet}
    ids = await employers.ensure(db, _codes(sheets.values()), now)
    rows = await db.scalars(select(Job).where(Job.source == what.source, Job.source_ref.in_(list(sheets))))
    known = {job.source_ref: job for job in rows}
    marks = {line.reference: line.mark for line in lines}
    written = [
        reference for reference in sheets if reference not in known or known[reference].source_mark != marks[reference]
    ]
    before = {known[reference]: traits(known[reference]) for reference in written if reference in known}
    added = []
    for reference in written:
        sheet = sheets[reference]
        if reference in known:
            _rewrite(known[reference], sheet, ids[sheet.employer], now)
        else:
            known[reference] = jobs.made(sheet, ids[sheet.employer], what.source, reference, staff_id, now)
            added.append(known[reference])
        known[reference].source_mark = marks[reference]
    db.add_all(added)
    await db.flush()
    await job_twins.suggest(db, added, now)
    await job_twins.reconsider(db, before, now)
    if what.event_id is not None:
        booths = {ids[sheet.employer]: sheet.booth for sheet in sheets.values()}
        await fair_lists.bring(db, what.event_id, booths)
    return len(written)


def _rewrite(job: Job, sheet: JobSheet, employer_id: int, now: datetime) -> None:
    """Bring a post up to its row; what was closed only because a list had left it out is put back."""
    jobs.fill(job, sheet, employer_id, now)
    if job.status == "closed" and job.source_mark is None:
        jobs.put_back(job, now)


def _codes(sheets: Iterable[JobSheet]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for sheet in sheets:
        found[sheet.employer] = found.get(sheet.employer) or sheet.credit_code
    return found


async def close_missing(db: AsyncSession, missing: Sequence[Missing], now: datetime) -> int:
    """Close the posts that a full list no longer names; return how many were still open.

    They forget what their rows said, so that a list that names them again brings them back.
    """
    await job_board.bump(db)
    closed = 0
    for chunk in _chunks(missing, _CHUNK):
        open_ones = update(Job).where(Job.id.in_([one.id for one in chunk]), Job.status == "open")
        off = {"status": "closed", "closed_at": now, "changed_at": now, "matched_to": None, "source_mark": None}
        done = await db.execute(open_ones.values(off))
        assert isinstance(done, CursorResult)
        closed += done.rowcount
    return closed


def _chunks(lines: Sequence[Item], size: int) -> Iterator[list[Item]]:
    for start in range(0, len(lines), size):
        yield list(lines[start : start + size])
