"""Who acts for whom (亲属代办): offered with a code, active once it was used, and ended by either side at any time."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.errors import Refusal
from db.people import Address, Person
from db.proxies import Proxy
from db.upsert import insert_new
from services import guesses
from services.vault import Vault

Scope = Literal["remind", "book"]
VALID_FOR = timedelta(hours=24)
LENGTH = 6
_YEAR = 365
_TRIES = 20
RELATIONS = ("女儿", "儿子", "配偶", "孙子女", "兄弟姐妹", "其他亲属")
LONGEST = timedelta(days=3 * _YEAR)
BAD_END = "结束日期要在今天以后，最长三年。"
BAD_SCOPE = "请至少选一件可以代办的事。"
NOT_ANY_MORE = "这份档案已登记去世或已注销，不能登记代办。"
OWN_CODE = "这个码是给家人用的。请让家人在他自己的手机上发给我。"
BAD_RELATION = "请选择是什么亲属。"


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed: for what, until when, and by whom at the counter it was taken."""

    scopes: Sequence[str]
    ends_on: date
    relation: str = ""
    """Empty where the one who acts says it on using the code."""
    name: str = ""
    staff_id: int | None = None


def in_force(today: date) -> ColumnElement[bool]:
    """Return the condition on Proxy that holds while it gives any right at all."""
    return and_(Proxy.status == "active", Proxy.ends_on >= today)


async def for_reminders(db: AsyncSession, person_ids: Iterable[int], today: date) -> dict[int, list[Proxy]]:
    """Return by person whom to remind beside them; people without such a proxy are left out."""
    rows = await db.scalars(
        select(Proxy).where(Proxy.person_id.in_(list(person_ids)), in_force(today)).order_by(Proxy.id)
    )
    found: dict[int, list[Proxy]] = {}
    for row in rows:
        if "remind" in row.scopes:
            found.setdefault(row.person_id, []).append(row)
    return found


async def held_by(db: AsyncSession, address_id: int, today: date, scope: Scope | None = None) -> Sequence[Proxy]:
    """Return what an account may act by, in matters of one scope or of any; nobody acts for the dead."""
    rows = await db.scalars(
        select(Proxy)
        .join(Person, Person.id == Proxy.person_id)
        .where(Proxy.address_id == address_id, in_force(today))
        .where(Person.deceased_at.is_(None), Person.erased_at.is_(None))
        .order_by(Proxy.id)
    )
    return [row for row in rows if scope is None or scope in row.scopes]


async def given_by(db: AsyncSession, person_id: int, today: date) -> Sequence[Proxy]:
    """Return who may act for a person, and whose code still waits."""
    kept = or_(in_force(today), Proxy.status == "offered")
    return (await db.scalars(select(Proxy).where(Proxy.person_id == person_id, kept).order_by(Proxy.id))).all()


def in_a_year(now: datetime) -> date:
    """Return when a consent ends that says nothing else."""
    return now.astimezone(CHINA).date() + timedelta(days=_YEAR)


async def offer(db: AsyncSession, vault: Vault, person_id: int, consent: Consent, now: datetime) -> str:
    """Return the code by which one member of the family becomes a proxy within a day; offers before it lapse.

    Raises:
        Refusal: what was agreed cannot be.
    """
    _check(consent, now.astimezone(CHINA).date())
    person = await db.get_one(Person, person_id)
    if person.deceased_at is not None or person.erased_at is not None:
        raise Refusal(NOT_ANY_MORE)
    await _end_where(db, and_(Proxy.person_id == person_id, Proxy.status == "offered"), now)
    for _ in range(_TRIES):
        code = "".join(secrets.choice("0123456789") for _ in range(LENGTH))
        if await insert_new(
            db, Proxy, person_id=person_id, relation=consent.relation, scopes=list(consent.scopes),
            name=vault.encrypt(consent.name) if consent.name else None, consent_by=consent.staff_id,
            code_hash=_key(vault, code), code_until=now + VALID_FOR, ends_on=consent.ends_on, status="offered",
            created_at=now,
        ):  # fmt: skip
            return code
    raise RuntimeError("no free proxy code")


async def use_code(db: AsyncSession, vault: Vault, address_id: int, code: str, now: datetime) -> Proxy | None:
    """Give an offer to the account that has its code; None, and one more wrong guess, when there is none.

    A right code forgives no wrong ones: whoever has one of their own could guess for others without end.

    Raises:
        Refusal: the account is the elder's own.
    """
    offered = await db.scalar(
        select(Proxy)
        .join(Person, Person.id == Proxy.person_id)
        .where(Proxy.code_hash == _key(vault, code), Proxy.status == "offered", Proxy.code_until > now)
        .where(Person.deceased_at.is_(None), Person.erased_at.is_(None))
        .with_for_update(of=Proxy)
    )
    if offered is None:
        await guesses.note_wrong(db, address_id, now)
        return None
    if offered.person_id == (await db.get_one(Address, address_id)).person_id:
        raise Refusal(OWN_CODE)
    offered.address_id, offered.code_hash = address_id, None
    if offered.relation:
        await activate(db, offered, offered.relation, now)
    await db.flush()
    return offered


async def activate(db: AsyncSession, proxy: Proxy, relation: str, now: datetime) -> None:
    """Begin: the account acts from now on; what it had for the same person ends."""
    same = and_(Proxy.person_id == proxy.person_id, Proxy.address_id == proxy.address_id, Proxy.id != proxy.id)
    await _end_where(db, and_(same, Proxy.status != "ended"), now)
    proxy.relation, proxy.status = relation, "active"
    await db.flush()


async def end(db: AsyncSession, proxy_id: int, now: datetime) -> Proxy | None:
    """End a proxy, or take an offer back; None when it had ended."""
    return next(iter(await _end_where(db, and_(Proxy.id == proxy_id, Proxy.status != "ended"), now)), None)


async def end_run_out(db: AsyncSession, now: datetime, limit: int) -> list[Proxy]:
    """End offers that nobody took up, and those whose last day is over; return the latter."""
    await _end_where(db, and_(Proxy.status == "offered", Proxy.code_until <= now), now)
    over = and_(Proxy.status == "active", Proxy.ends_on < now.astimezone(CHINA).date())
    some = select(Proxy.id).where(over).order_by(Proxy.id).limit(limit).with_for_update(skip_locked=True)
    return await _end_where(db, and_(Proxy.id.in_(some), over), now)


async def _end_where(db: AsyncSession, where: ColumnElement[bool], now: datetime) -> list[Proxy]:
    ended = await db.scalars(
        update(Proxy)
        .where(where)
        .values(status="ended", ended_at=now, code_hash=None)
        .returning(Proxy)
        .execution_options(synchronize_session=False, populate_existing=True)
    )
    return list(ended)


def _check(consent: Consent, today: date) -> None:
    if not consent.scopes or set(consent.scopes) - {"remind", "book"}:
        raise Refusal(BAD_SCOPE)
    if not today < consent.ends_on <= today + LONGEST:
        raise Refusal(BAD_END)
    if consent.relation and consent.relation not in RELATIONS:
        raise Refusal(BAD_RELATION)


def _key(vault: Vault, code: str) -> str:
    return vault.fingerprint(f"proxy:{code}")
