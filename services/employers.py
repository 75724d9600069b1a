"""Employers: made as their posts come, checked by staff, and shown with whether they were."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.jobs import Employer, Job
from db.staff import Staff
from db.upsert import insert_all_new
from services import job_board
from services.imports import is_phone
from services.job_cells import read_credit_code

PAGE = 50
GONE = "没有找到这家单位。"
_LONGEST = 60
_NO_NAME = f"请写上单位名称，最多 {_LONGEST} 个字。"


@dataclass(frozen=True, slots=True)
class EmployerRow:
    """An employer with its figures."""

    employer: Employer
    open_jobs: int
    verified_by: str
    """Who of staff checked it, "" for nobody."""


async def ensure(db: AsyncSession, codes: Mapping[str, str | None], now: datetime) -> dict[str, int]:
    """Add the employers that are new, not verified, and codes that are not known yet; return the ids by the names given.

    Raises:
        Refusal: a name that is none, or too long.
    """
    spelt = {name: spell(name) for name in codes}
    if not all(0 < len(name) <= _LONGEST for name in spelt.values()):
        raise Refusal(_NO_NAME)
    rows = [
        {"name": spelt[name], "credit_code": code, "phone": None, "verified_at": None, "verified_by": None,
         "created_at": now}
        for name, code in codes.items()
    ]  # fmt: skip
    await insert_all_new(db, Employer, list({row["name"]: row for row in rows}.values()))
    known = select(Employer.id, Employer.name, Employer.credit_code).where(Employer.name.in_(set(spelt.values())))
    found = {name: (id_, code) for id_, name, code in await db.execute(known)}
    for name, code in codes.items():
        if code and found[spelt[name]][1] is None:
            await db.execute(update(Employer).where(Employer.id == found[spelt[name]][0]).values(credit_code=code))
    return {name: found[spelt[name]][0] for name in codes}


def spell(name: str) -> str:
    """Return a name in one spelling: brackets full width, no spaces within Chinese."""
    words = unicodedata.normalize("NFKC", name).split()
    joined = "".join(f" {word}" if word.isascii() else word for word in words).strip()
    return joined.replace("(", "（").replace(")", "）")


async def find(db: AsyncSession, employer_id: int) -> EmployerRow:
    """Return an employer.

    Raises:
        Refusal: there is none.
    """
    found = (await db.execute(_rows().where(Employer.id == employer_id))).first()
    if found is None:
        raise Refusal(GONE)
    return EmployerRow(*found)


async def page(
    db: AsyncSession, text: str = "", *, verified: bool | None = None, number: int = 1
) -> tuple[Sequence[EmployerRow], bool]:
    """Return a page of employers by name, the first page being 1, and whether there are more."""
    rows = _rows().order_by(Employer.name, Employer.id)
    if text:
        rows = rows.where(Employer.name.contains(spell(text), autoescape=True) | (Employer.credit_code == text.upper()))
    if verified is not None:
        rows = rows.where(Employer.verified_at.is_not(None) if verified else Employer.verified_at.is_(None))
    found = (await db.execute(rows.offset((number - 1) * PAGE).limit(PAGE + 1))).all()
    return [EmployerRow(*row) for row in found[:PAGE]], len(found) > PAGE


def _rows() -> Select[Employer, int, str]:
    counted = select(func.count()).where(Job.employer_id == Employer.id, Job.status == "open").scalar_subquery()
    return select(Employer, counted, func.coalesce(Staff.name, "")).outerjoin(Staff, Staff.id == Employer.verified_by)


async def names(db: AsyncSession, employer_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of some employers."""
    rows = await db.execute(select(Employer.id, Employer.name).where(Employer.id.in_(set(employer_ids))))
    return dict(iter(rows))


async def change(db: AsyncSession, employer_id: int, name: str, credit_code: str, phone: str) -> Employer:
    """Change what is known of an employer; with another name or code it is not the one that staff checked.

    Raises:
        Refusal: a name, code or phone that is none, or another employer has the name.
    """
    await job_board.bump(db)
    employer = await _one(db, employer_id)
    spelt = spell(name)
    if not spelt or len(spelt) > _LONGEST:
        raise Refusal(_NO_NAME)
    if phone and not is_phone(phone):
        raise Refusal(f"“{phone}”不是电话号码，请检查。")
    other = select(Employer.id).where(Employer.name == spelt, Employer.id != employer_id)
    if await db.scalar(other) is not None:
        raise Refusal(f"已经有叫“{spelt}”的单位了。")
    code = read_credit_code(credit_code) if credit_code else None
    if (employer.name, employer.credit_code) != (spelt, code):
        employer.verified_at = employer.verified_by = None
    employer.name, employer.credit_code, employer.phone = spelt, code, phone or None
    await db.flush()
    return employer


async def verify(db: AsyncSession, employer_id: int, staff_id: int, now: datetime) -> Employer:
    """Note that staff checked that an employer is what it says; who did so first stays.

    Raises:
        Refusal: there is none.
    """
    await job_board.bump(db)
    employer = await _one(db, employer_id)
    if employer.verified_at is None:
        employer.verified_at, employer.verified_by = now, staff_id
    await db.flush()
    return employer


async def unverify(db: AsyncSession, employer_id: int) -> Employer:
    """Take the mark back.

    Raises:
        Refusal: there is none.
    """
    await job_board.bump(db)
    employer = await _one(db, employer_id)
    employer.verified_at = employer.verified_by = None
    await db.flush()
    return employer


async def _one(db: AsyncSession, employer_id: int) -> Employer:
    employer = await db.get(Employer, employer_id, populate_existing=True)
    if employer is None:
        raise Refusal(GONE)
    return employer
