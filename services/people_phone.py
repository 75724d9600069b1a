"""People who have no account that a message reaches: a case of theirs hangs on an account of the channel "phone"."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refusal
from db.people import Address, Conversation
from db.upsert import insert_all_new
from services import people

CHANNEL = "phone"
NO_CHAT = "这位没有能收消息的账号，内容没有发出。请打电话，或者上门。"


async def open_conversation(db: AsyncSession, person_id: int, now: datetime) -> Conversation:
    """Return a person's conversation by telephone, made if new and locked for the rest of the transaction."""
    await addresses(db, [person_id], now)
    return await people.open_conversation(db, CHANNEL, str(person_id), now)


async def addresses(db: AsyncSession, person_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Return the accounts of people by telephone, made where they are new; nothing is ever sent to one."""
    rows = [
        {"person_id": id_, "channel": CHANNEL, "external_id": str(id_), "reachable": False, "created_at": now}
        for id_ in person_ids
    ]
    await insert_all_new(db, Address, rows)
    found = await db.execute(
        select(Address.external_id, Address.id).where(
            Address.channel == CHANNEL, Address.external_id.in_([str(id_) for id_ in person_ids])
        )
    )
    return {int(external_id): address_id for external_id, address_id in found}


def refuse_chat(channel: str) -> None:
    """Refuse to write where nobody reads.

    Raises:
        Refusal: the case hangs on a telephone.
    """
    if channel == CHANNEL:
        raise Refusal(NO_CHAT)
