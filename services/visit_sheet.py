"""The visit sheet: who is left, by village, with boxes to tick; what was ticked is typed back by number and digit."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.campaigns import Certification
from db.people import Person
from db.places import Grid, Township, Village
from db.reminders import Reminder
from db.staff import Staff
from services import certifications, cohort, deaths, silent_cases
from services.certifications import Done
from services.person_cards import open_sealed
from services.vault import Vault
from services.visit_codes import code_of, number_of

BOXES = {
    1: "已见到本人", 2: "已认证", 3: "不在家", 4: "住院", 5: "迁走", 6: "去世", 7: "其他",
}  # fmt: skip
"""What can be ticked, with the digit that it is typed back by."""
_DIED = 6
FOUND = {1: "seen", 3: "away", 4: "ill", 5: "moved", 7: "other"}
"""What certification.visit keeps of a visit that certified nobody."""
_ASKED = "asked"
FOUND_LABELS = {found: BOXES[digit] for digit, found in FOUND.items()} | {_ASKED: "自己申请上门"}
_LINE = re.compile(r"(\d+)\s*[ \t,，.。、;；:：-]\s*(\d)")


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line, with what whoever goes there needs; identifying, so that whoever shows it audits that."""

    code: str
    certification_id: int
    person_id: int
    name: str
    phone: str
    township: str
    village: str
    village_id: int | None
    grid: str
    worker: str
    birth_year: int | None
    visit: str | None
    """What the last visit found, or that one was asked for."""


async def rows(
    db: AsyncSession, vault: Vault, campaign_id: int, staff: Staff, village_id: int | None = None
) -> list[SheetLine]:
    """Return who is not certified yet, of those a person of staff may see, by village and grid; 0 is no village."""
    wanted = (
        select(
            Certification.id, Person.id, Person.name, Person.phone, Township.name, Village.name, Village.id, Grid.name,
            Grid.worker_name, Person.birth_year, Certification.visit, Person.region,
        )
        .join(Person, Person.id == Certification.person_id)
        .outerjoin(Village, Village.id == Person.village_id)
        .outerjoin(Township, Township.id == Village.township_id)
        .outerjoin(Grid, Grid.id == Person.grid_id)
        .where(Certification.campaign_id == campaign_id, Certification.status == "open", cohort.visible(staff))
        .order_by(Township.name.is_(None), Township.name, Village.name, Grid.name, Certification.id)
    )  # fmt: skip
    if village_id is not None:
        wanted = wanted.where(Person.village_id == village_id if village_id else Person.village_id.is_(None))
    return [
        SheetLine(
            code_of(id_), id_, person_id, open_sealed(vault, name), open_sealed(vault, phone), town or "",
            village or region or "", at, grid or "", worker or "", year, visit,
        )
        for id_, person_id, name, phone, town, village, at, grid, worker, year, visit, region in await db.execute(wanted)
    ]  # fmt: skip


async def ask(db: AsyncSession, reminder: Reminder) -> None:
    """Mark on the sheet that somebody asked to be visited; what a visit has found since stays."""
    await db.execute(
        update(Certification)
        .where(Certification.campaign_id == reminder.about_id, Certification.person_id == reminder.person_id)
        .where(Certification.visit.is_(None))
        .values(visit=_ASKED)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """One line that was typed back: what it did, or why it did nothing, with the text to be put right."""

    number: int
    text: str
    box: str = ""
    fault: str = ""
    name: str = ""
    """Who is said to have died; nothing is recorded before that was confirmed."""


def read_typed(text: str) -> list[tuple[int, str]]:
    """Return the lines of what was typed, numbered from 1, without the empty ones."""
    lines = enumerate((line.strip() for line in text.splitlines()), 1)
    return [(number, line) for number, line in lines if line]


async def type_back(
    db: AsyncSession, vault: Vault, campaign_id: int, staff: Staff, typed: tuple[int, str], now: datetime,
    *, sure: bool = False,
) -> Typed:  # fmt: skip
    """Record one typed line, in a transaction of its own; one that cannot be recorded says why and changes nothing.

    A digit is soon mistyped and a death stops everything: unless `sure`, it is only told whom it would be.
    """
    number, text = typed
    read = _LINE.fullmatch(unicodedata.normalize("NFKC", text))
    if read is None or int(read[2]) not in BOXES:
        return Typed(number, text, fault="请写成“编号 空格 数字”，数字是 1 到 7")
    id_, box = number_of(read[1]), int(read[2])
    if id_ is None:
        return Typed(number, text, fault="编号不对，请再看一眼走访表")
    try:
        found = await _on_sheet(db, campaign_id, staff, id_)
        if box == _DIED and not sure and (alive := await _alive(db, found)) is not None:
            return Typed(number, text, BOXES[box], name=open_sealed(vault, alive.name) or text)
        await _tick(db, vault, found, box, staff, now)
    except Refusal as refusal:
        return Typed(number, text, fault=str(refusal).rstrip("。"))
    return Typed(number, text, BOXES[box])


async def _on_sheet(db: AsyncSession, campaign_id: int, staff: Staff, id_: int) -> Certification:
    found = await certifications.find(db, staff, id_)
    if found.campaign_id != campaign_id:
        raise Refusal("这个编号是另一次活动的走访表")
    return found


async def _alive(db: AsyncSession, found: Certification) -> Person | None:
    person = await db.get_one(Person, found.person_id)
    return None if person.deceased_at is not None else person


async def _tick(db: AsyncSession, vault: Vault, found: Certification, box: int, staff: Staff, now: datetime) -> None:
    if box == 2:
        await certifications.certify(db, found.id, Done("visit", "本人", "现场见面", staff.id), now)
    elif box == _DIED:
        await deaths.report(db, vault, found.person_id, now)
        await silent_cases.close(db, [found.person_id], now)
    elif found.status == "done":
        raise Refusal("这位已经认证过了，走访结果没有记")
    else:
        found.visit = FOUND[box]
        await db.flush()
