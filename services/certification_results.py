"""Bring in who was certified in the mini-programme, from the list that its office exports, matched as a roster is."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from db.campaigns import Certification
from services import certifications, roster
from services.certifications import Done
from services.imports import Report
from services.roster_lines import RosterLine, read_places
from services.table import Table, read_table
from services.vault import Vault

COLUMNS = ("姓名", "身份证号", "身份证后四位", "乡镇", "村", "认证日期")
REQUIRED = ("姓名", "认证日期")
_DAY = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[T ].*)?")
_CHUNK = 500
BATCH = 100
"""Rows of one transaction."""


def read(content: bytes) -> Table:
    """Read an uploaded list; in a thread, for a large one takes seconds.

    Raises:
        Refusal: it is no table, or lacks a column.
    """
    return read_table(content, COLUMNS, REQUIRED, roster.MOST_ROWS)


async def check(db: AsyncSession, vault: Vault, table: Table, campaign_id: int, now: datetime) -> Report:
    """Say whom a list certifies: new for those it would, same for those who are; nothing is written."""
    lines = await asyncio.to_thread(roster.read_lines, table, await read_places(db), vault)
    roster.refuse_repeats(lines)
    for line in lines:
        day = read_day(line.row.cells["认证日期"])
        if day is None or day > now.astimezone(CHINA).date():
            line.fault("认证日期不对，请写成 2026-11-03 这样，不能晚于今天")
    for start in range(0, len(lines), _CHUNK):
        chunk = [line for line in lines[start : start + _CHUNK] if line.fate != "bad"]
        await roster.look_up(db, chunk)
        known = await _listed(db, campaign_id, chunk)
        for line in chunk:
            _judge(line, known)
    return Report(lines, ignored=table.ignored)


def batches(report: Report) -> list[list[RosterLine]]:
    """Give the rows to be written, in the batches that one transaction each should take."""
    good = [line for line in report.lines if isinstance(line, RosterLine) and line.fate == "new"]
    return [good[start : start + BATCH] for start in range(0, len(good), BATCH)]


async def apply(db: AsyncSession, lines: Sequence[RosterLine], campaign_id: int, staff_id: int, now: datetime) -> int:
    """Record one batch; return how many were certified by it."""
    known = await _listed(db, campaign_id, lines)
    done = {
        known[line.person_id].id: Done(
            "online", "本人", "小程序结果", staff_id, read_day(line.row.cells["认证日期"])
        )
        for line in lines
        if line.person_id in known
    }  # fmt: skip
    return await certifications.certify_all(db, done, now)


def read_day(text: str) -> date | None:
    """Return a day as people write it, None when it is none."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


async def _listed(
    db: AsyncSession, campaign_id: int, lines: Sequence[RosterLine]
) -> Mapping[int | None, Certification]:
    ids = [line.person_id for line in lines if line.person_id is not None]
    rows = await db.scalars(
        select(Certification).where(Certification.campaign_id == campaign_id, Certification.person_id.in_(ids))
    )
    return {row.person_id: row for row in rows}


def _judge(line: RosterLine, known: Mapping[int | None, Certification]) -> None:
    if line.fate == "bad":
        return
    row = known.get(line.person_id) if line.person_id is not None else None
    if row is None:
        line.fault("这次活动的名单里没有这个人")
    elif row.status in ("deceased", "removed"):
        line.fault({"deceased": "档案里登记已去世，请核对", "removed": "已移出名单，请核对"}[row.status])
    else:
        line.fate = "same" if row.status == "done" else "new"
