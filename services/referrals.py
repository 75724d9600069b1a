"""Somebody wants a post (我想去): staff are asked to introduce them, and what came of it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.cases import SupportCase
from db.jobs import REFERRAL_STATUSES, Employer, Job, JobReferral
from db.people import Conversation
from db.upsert import insert_new
from services import bindings, cases, errands, referral_asks, staff_group
from services.cases import Plea
from services.masks import mask_name, read_name, read_phone
from services.vault import Vault

MATTER = "job"
"""What its cases are about."""
WITHDRAWN = 4
OUTCOMES = {1: "hired", 2: "introduced", 3: "not_hired", WITHDRAWN: "withdrawn"}
STILL_THERE = {5: True, 6: False}
"""What each answer means: the last part of the choices "ref:<id>:<n>", so that an old button keeps its meaning."""
_LONGEST_NOTE = 200

QUESTION = "{who}想去这个岗位：{title}（{employer}，{city}）。请联系用人单位和本人，姓名和电话在“推荐上岗”里。"
GONE = "对方说不去这个岗位了：{title}（{employer}）。"
SOMEBODY = "对方"
NO_JOB = "没有找到这个岗位。"
CLOSED = "这个岗位已经不招了，请看看别的。"
NO_REFERRAL = "没有找到这次推荐，可能已经撤回了。"
NO_ANSWER = "这个问题已经不用答了，谢谢您。"
BAD_STATUS = "请选一种情况。"
LONG_NOTE = "备注最多 200 个字。"


@dataclass(frozen=True, slots=True)
class Referred:
    """A referral with the post and the employer that it is about."""

    referral: JobReferral
    job: Job
    employer: Employer


async def want(
    db: AsyncSession, vault: Vault, conversation: Conversation, job_id: int, address_id: int,
    name: str | None, phone: str | None, now: datetime,
) -> JobReferral:  # fmt: skip
    """Write down that an account wants a post, once however often it asks; the conversation is locked.

    Raises:
        Refusal: there is no such post, it is not open any more, or the phone is none.
    """
    given = {"name": name and read_name(name), "phone": phone and read_phone(phone)}
    job, employer = await _offered(db, job_id, now)
    person = await bindings.bound_to(db, address_id)
    fresh: dict[str, Any] = {
        "person_id": person.id if person else None, "status": "new", "asked": 0, "created_at": now, "changed_at": now,
        "next_ask_at": referral_asks.moment(now, 0), "hired_on": None, "still_there": None,
    }  # fmt: skip
    sealed = {key: vault.encrypt(text) for key, text in given.items() if text} or await _given_before(db, address_id)
    new = await insert_new(db, JobReferral, job_id=job_id, address_id=address_id, **fresh, **sealed)
    same = (JobReferral.job_id == job_id, JobReferral.address_id == address_id)
    referral = (await db.scalars(select(JobReferral).where(*same).with_for_update(), execution_options=_FRESH)).one()
    again = not new and referral.status == "withdrawn"
    for key, value in {**(fresh if again else {}), **sealed}.items():
        setattr(referral, key, value)
    if new or again:
        who = mask_name(given["name"]) if given["name"] else SOMEBODY
        question = QUESTION.format(who=who, title=job.title, employer=employer.name, city=job.city)
        plea = Plea("asked", "errand", question, MATTER)
        case = await errands.ask(db, conversation, plea, person.station_id if person else None, now)
        referral.case_id = case.id
    await db.flush()
    return referral


async def withdraw(db: AsyncSession, referral_id: int, address_id: int, now: datetime) -> Referred:
    """Take a wish for a post back; nothing more is asked.

    Raises:
        Refusal: there is no such referral of this account.
    """
    one = await _of(db, referral_id, address_id)
    await _withdraw(db, one, now)
    await db.flush()
    return one


async def answer(db: AsyncSession, referral_id: int, address_id: int, number: int, now: datetime) -> Referred:
    """Keep what somebody answered when asked: OUTCOMES, then STILL_THERE.

    Raises:
        Refusal: there is no such referral of this account, or nothing to answer in this way.
    """
    one = await _of(db, referral_id, address_id)
    if number == WITHDRAWN:
        await _withdraw(db, one, now)
    elif number in OUTCOMES:
        _settle(one.referral, OUTCOMES[number], now)
    elif number in STILL_THERE and one.referral.status == "hired":
        one.referral.still_there, one.referral.changed_at = STILL_THERE[number], now
    else:
        raise Refusal(NO_ANSWER)
    await db.flush()
    return one


async def set_outcome(db: AsyncSession, referral_id: int, status: str, note: str, now: datetime) -> JobReferral:
    """Keep what staff know of a referral: its status, and a line of their own.

    Raises:
        Refusal: there is no such referral or status, or the line is too long.
    """
    note = " ".join(note.split())
    if status not in REFERRAL_STATUSES:
        raise Refusal(BAD_STATUS)
    if len(note) > _LONGEST_NOTE:
        raise Refusal(LONG_NOTE)
    referral = await db.get(JobReferral, referral_id, with_for_update=True, populate_existing=True)
    if referral is None:
        raise Refusal(NO_REFERRAL)
    if status != referral.status:
        _settle(referral, status, now)
    referral.note = note or None
    await db.flush()
    return referral


async def of_account(db: AsyncSession, address_id: int) -> list[Referred]:
    """Return what an account wanted and did not withdraw, the newest first."""
    rows = await db.execute(
        _with_job()
        .where(JobReferral.address_id == address_id, JobReferral.status != "withdrawn")
        .order_by(JobReferral.created_at.desc(), JobReferral.id.desc())
    )
    return [Referred(*row) for row in rows]


_FRESH = {"populate_existing": True}


def _settle(referral: JobReferral, status: str, now: datetime) -> None:
    """Set how far it is, and with it when the next question is due."""
    referral.hired_on = (referral.hired_on or now.astimezone(CHINA).date()) if status == "hired" else None
    referral.still_there = referral.still_there if status == "hired" else None
    if status == "hired":
        referral.asked = max(referral.asked, 1)
    referral.status, referral.changed_at = status, now
    referral.next_ask_at = referral_asks.next_moment(referral)


async def _withdraw(db: AsyncSession, one: Referred, now: datetime) -> None:
    if one.referral.status != "withdrawn":
        _settle(one.referral, "withdrawn", now)
        await _tell_staff(db, one, now)


def _with_job() -> Any:
    return (
        select(JobReferral, Job, Employer)
        .join(Job, Job.id == JobReferral.job_id)
        .join(Employer, Employer.id == Job.employer_id)
    )


async def _of(db: AsyncSession, referral_id: int, address_id: int) -> Referred:
    wanted = _with_job().where(JobReferral.id == referral_id, JobReferral.address_id == address_id)
    row = (await db.execute(wanted.with_for_update(of=JobReferral), execution_options=_FRESH)).first()
    if row is None:
        raise Refusal(NO_REFERRAL)
    return Referred(*row)


async def _given_before(db: AsyncSession, address_id: int) -> dict[str, str | None]:
    """Return name and phone, sealed, as the account gave them for another post: they are asked for once."""
    row = await db.scalar(
        select(JobReferral)
        .where(JobReferral.address_id == address_id, JobReferral.phone.is_not(None))
        .order_by(JobReferral.changed_at.desc(), JobReferral.id.desc())
        .limit(1)
    )
    return {} if row is None else {"name": row.name, "phone": row.phone}


async def _tell_staff(db: AsyncSession, one: Referred, now: datetime) -> None:
    """Say in the case, while it is open, that there is nothing to introduce any more."""
    case = await db.get(SupportCase, one.referral.case_id) if one.referral.case_id else None
    if case is None or case.status == "closed":
        return
    words = GONE.format(title=one.job.title, employer=one.employer.name)
    await cases.note_event(db, case, "asked", now, words=words)
    key = f"referral-gone:{one.referral.id}:{now.isoformat()}"
    await staff_group.say(db, case.id, words, now, who="person", key=key)


async def _offered(db: AsyncSession, job_id: int, now: datetime) -> tuple[Job, Employer]:
    job = await db.get(Job, job_id, populate_existing=True)
    if job is None:
        raise Refusal(NO_JOB)
    if job.status != "open" or job.closes_on < now.astimezone(CHINA).date():
        raise Refusal(CLOSED)
    return job, await db.get_one(Employer, job.employer_id)
