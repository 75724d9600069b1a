"""A code on paper binds an account to a person on file: printed by staff, used once, and worth nothing after 30 days."""

import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, Person
from db.proxies import BindingCode, BindingRequest
from services import booking_people, guesses, wait_people
from services.vault import Vault

VALID_FOR = timedelta(days=30)
LENGTH = 8
_SIGNS = "ACDEFHJKMNPRTWXY2346789"
"""Signs that are not mistaken for each other when read out or written by hand."""
_MEANT = str.maketrans("BZG" + "\u4e8c\u4e24\u4e09\u56db\u516d\u4e03\u516b\u4e5d", "826" + "22346789")
"""What else is written or dictated for one of the signs: it stands in no code itself."""


async def make_codes(
    db: AsyncSession, vault: Vault, staff_id: int, person_ids: Iterable[int], now: datetime
) -> Mapping[int, str]:
    """Return a new code for each person; those printed before and not used yet work no more."""
    wanted = list(person_ids)
    await db.execute(delete(BindingCode).where(BindingCode.person_id.in_(wanted), BindingCode.used_at.is_(None)))
    codes = {person_id: "".join(secrets.choice(_SIGNS) for _ in range(LENGTH)) for person_id in wanted}
    db.add_all(
        BindingCode(
            code_hash=key_of(vault, code), person_id=person_id, staff_id=staff_id, expires_at=now + VALID_FOR
        )
        for person_id, code in codes.items()
    )  # fmt: skip
    await db.flush()
    return codes


def shown(code: str) -> str:
    """Return a code as it stands on paper, in two halves."""
    return f"{code[:4]} {code[4:]}"


def read_code(text: str) -> str | None:
    """Return the code in what somebody typed or dictated, None when it cannot be one."""
    signs = "".join(c for c in unicodedata.normalize("NFKC", text).upper().translate(_MEANT) if c.isalnum())
    return signs if len(signs) == LENGTH and signs.isascii() else None


def key_of(vault: Vault, code: str) -> str:
    """Return what is stored of a code; keyed, because so short a text is soon found from a plain hash."""
    return vault.fingerprint(f"binding:{code}")


async def use_code(db: AsyncSession, vault: Vault, address_id: int, code: str, now: datetime) -> Person | None:
    """Bind an account by a code; None, and one more wrong guess, when there is no such code any more."""
    used = await db.scalar(
        update(BindingCode)
        .where(
            BindingCode.code_hash == key_of(vault, code),
            BindingCode.used_at.is_(None),
            BindingCode.expires_at > now,
            BindingCode.person_id.in_(
                select(Person.id).where(Person.deceased_at.is_(None), Person.erased_at.is_(None))
            ),
        )
        .values(used_by=address_id, used_at=now)
        .returning(BindingCode.person_id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        await guesses.note_wrong(db, address_id, now)
        return None
    await guesses.forget(db, address_id, now)
    await end_requests(db, address_id, now)
    return await bind(db, address_id, used)


async def end_requests(db: AsyncSession, address_id: int, now: datetime) -> None:
    """End what an account asked for and nobody has decided: it was bound otherwise, or asks anew."""
    await db.execute(
        update(BindingRequest)
        .where(BindingRequest.address_id == address_id, BindingRequest.status == "waiting")
        .values(status="refused", decided_at=now)
        .execution_options(synchronize_session=False)
    )


async def bind(db: AsyncSession, address_id: int, person_id: int) -> Person:
    """Say that an account is a person's; the person is locked first, so that what they book at this moment is seen."""
    person = await db.get_one(Person, person_id, with_for_update={"key_share": True})
    (await db.get_one(Address, address_id)).person_id = person.id
    await db.flush()
    await booking_people.bound(db, address_id, person_id)
    await wait_people.bound(db, address_id, person_id)
    return person


async def bound_to(db: AsyncSession, address_id: int) -> Person | None:
    """Return whose account it is."""
    return await db.scalar(select(Person).join(Address, Address.person_id == Person.id).where(Address.id == address_id))


async def waiting_codes(db: AsyncSession, person_id: int, now: datetime) -> datetime | None:
    """Return until when the last printed code of a person can be used; None when there is none."""
    return await db.scalar(
        select(func.max(BindingCode.expires_at)).where(
            BindingCode.person_id == person_id, BindingCode.used_at.is_(None), BindingCode.expires_at > now
        )
    )
