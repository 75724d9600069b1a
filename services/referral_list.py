"""Referrals as staff work through them: who wants which post, how far it is, what was answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.cases import SupportCase
from db.jobs import Employer, Job, JobReferral
from db.people import Person
from db.staff import Staff
from services.masks import mask_name, mask_phone
from services.person_cards import open_sealed
from services.referrals import NO_REFERRAL
from services.scope import visible_cases, visible_people
from services.vault import Vault

PAGE = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One referral; name and phone are masked unless asked for in full, "" where neither given nor on file."""

    referral: JobReferral
    job: Job
    employer: Employer
    name: str
    phone: str
    case_code: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of them, and how many there are by status."""

    lines: Sequence[Line]
    counts: Mapping[str, int]
    more: bool


async def listed(
    db: AsyncSession, vault: Vault, staff: Staff, status: str | None, page: int, *, full: bool = False
) -> Listed:
    """Return a page (from 1) of the referrals with a status, of all when None, the newest first."""
    counted = select(JobReferral.status, func.count()).where(_visible(staff)).group_by(JobReferral.status)
    counts = dict(iter(await db.execute(counted)))
    rows = await db.execute(
        select(JobReferral, Job, Employer, Person, func.coalesce(SupportCase.code, ""))
        .join(Job, Job.id == JobReferral.job_id)
        .join(Employer, Employer.id == Job.employer_id)
        .outerjoin(Person, Person.id == JobReferral.person_id)
        .outerjoin(SupportCase, SupportCase.id == JobReferral.case_id)
        .where(_visible(staff), *([JobReferral.status == status] if status else []))
        .order_by(JobReferral.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE + 1)
    )
    found = rows.all()
    lines = [
        Line(referral, job, employer, *_called(vault, referral, person, full=full), code)
        for referral, job, employer, person, code in found[:PAGE]
    ]
    return Listed(lines, counts, len(found) > PAGE)


async def opened(db: AsyncSession, vault: Vault, staff: Staff, referral_id: int) -> tuple[JobReferral, str, str]:
    """Return a referral with name and phone in full; the edge audits that it showed them.

    Raises:
        Refusal: there is no such referral, or it is not for these eyes.
    """
    wanted = select(JobReferral).where(JobReferral.id == referral_id, _visible(staff))
    referral = await db.scalar(wanted)
    if referral is None:
        raise Refusal(NO_REFERRAL)
    person = await db.get(Person, referral.person_id) if referral.person_id else None
    return referral, *_called(vault, referral, person, full=True)


def _visible(staff: Staff) -> ColumnElement[bool]:
    """Return the condition for those whose case or person a person of staff may see."""
    cases = select(SupportCase.id).where(visible_cases(staff))
    people = select(Person.id).where(visible_people(staff))
    return or_(JobReferral.case_id.in_(cases), JobReferral.person_id.in_(people))


def _called(vault: Vault, referral: JobReferral, person: Person | None, *, full: bool) -> tuple[str, str]:
    """Return name and phone as given for the post, else as they are on file."""
    name = open_sealed(vault, referral.name or (person.name if person else None))
    phone = open_sealed(vault, referral.phone or (person.phone if person else None))
    return _shown(name, mask_name, full=full), _shown(phone, mask_phone, full=full)


def _shown(text: str, mask: Callable[[str], str], *, full: bool) -> str:
    return text if full or not text else mask(text)
