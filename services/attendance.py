"""Who came: typed in from the list, or imported from the hospital's table with what is wrong in each row."""

import unicodedata
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.exams import ExamPlace, ExamSession
from db.people import Person
from db.staff import Staff
from services import exam_places
from services.exam_lists import CAME, MISSED
from services.imports import Line, Report, check_texts, refuse_repeats
from services.masks import surname
from services.person_cards import open_sealed
from services.scope import visible_people
from services.table import Table, read_table
from services.vault import Vault

COLUMNS, REQUIRED = ("报名号", "姓名", "到没到"), ("报名号", "到没到")
_WORDS = {
    CAME: True, "到": True, "已到": True, "是": True, "来了": True, "√": True, "✓": True, "1": True,
    MISSED: False, "未到": False, "否": False, "没来": False, "×": False, "0": False,
}  # fmt: skip
TOO_EARLY = "{day}还没到，到了那天再记。"


async def type_in(
    db: AsyncSession, staff: Staff, session_id: int, listed: Collection[int], came: Collection[int], now: datetime
) -> int:
    """Keep who of the listed places came and who did not; return how many came.

    Raises:
        Refusal: there is no such session, or its day has not come.
    """
    session = await exam_places.session_of(db, session_id)
    if session.day > now.astimezone(CHINA).date():
        raise Refusal(TOO_EARLY.format(day=f"{session.day.month}月{session.day.day}日"))
    theirs = ExamPlace.person_id.in_(select(Person.id).where(visible_people(staff)))
    for attended, ids in ((True, set(came) & set(listed)), (False, set(listed) - set(came))):
        await _set(db, attended, ExamPlace.id.in_(ids), ExamPlace.session_id == session_id, theirs)
    kept = select(ExamPlace.id).where(ExamPlace.session_id == session_id, ExamPlace.attended.is_(True))
    return len((await db.scalars(kept.where(ExamPlace.status == "active"))).all())


async def _set(db: AsyncSession, attended: bool, *which: object) -> None:  # noqa: FBT001 - the column's value
    await db.execute(
        update(ExamPlace)
        .where(ExamPlace.status == "active", *which)  # type: ignore[arg-type]
        .values(attended=attended)
        .execution_options(synchronize_session=False)
    )


def read(content: bytes) -> Table:
    """Read an uploaded table.

    Raises:
        Refusal: it is no table, or lacks a column.
    """
    return read_table(content, COLUMNS, REQUIRED)


async def bring(
    db: AsyncSession, vault: Vault, staff: Staff, batch_id: int, table: Table, now: datetime, *, write: bool
) -> Report:
    """Compare a table with a batch, and keep what it says when told to; rows that are wrong are left out."""
    rows = await db.execute(
        select(ExamPlace, ExamSession, Person.name)
        .join(ExamSession, ExamSession.id == ExamPlace.session_id)
        .join(Person, Person.id == ExamPlace.person_id)
        .where(ExamPlace.batch_id == batch_id, ExamPlace.status == "active", visible_people(staff))
    )
    places = {place.code: (place, session, open_sealed(vault, name)) for place, session, name in rows}
    lines = [Line(row) for row in table.rows]
    wanted: dict[bool, list[int]] = {True: [], False: []}
    today = now.astimezone(CHINA).date()
    refuse_repeats(lines, ["报名号"])
    for line in lines:
        check_texts(line, ["报名号"])
        place, session, name = places.get(_code(line.cell("报名号") or ""), (None, None, ""))
        attended = _WORDS.get(line.cell("到没到") or "")
        _check(line, session, name, attended, today)
        if line.fate != "bad" and place is not None and attended is not None and place.attended is not attended:
            line.fate = "changed"
            wanted[attended].append(place.id)
    if write:
        for attended, ids in wanted.items():
            await _set(db, attended, ExamPlace.id.in_(ids))
    return Report(lines, ignored=table.ignored)


def _check(line: Line, session: ExamSession | None, name: str, attended: bool | None, today: date) -> None:  # noqa: FBT001
    if line.cell("报名号") and session is None:
        line.fault(f"这一批里没有报名号“{line.cell('报名号')}”，可能取消了")
    if session is not None and session.day > today:
        line.fault(TOO_EARLY.format(day=f"{session.day.month}月{session.day.day}日"))
    written = "".join((line.cell("姓名") or "").split())
    if session is not None and written and written != name:
        line.fault(f"报名号是{surname(name)}某的，和姓名“{written}”对不上")
    if line.cell("到没到") and attended is None:
        line.fault(f"到没到请填“{CAME}”或“{MISSED}”")


def _code(text: str) -> str:
    """Return a code however it was typed."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
    return f"{signs[:2]}-{signs[2:]}"
