"""Find or make the address and conversation of whoever wrote."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.people import Address, Conversation
from db.upsert import insert_new


async def open_conversation(db: AsyncSession, channel: str, external_id: str, now: datetime) -> Conversation:
    """Return the conversation, made if new and locked for the rest of the transaction."""
    where = (Address.channel == channel, Address.external_id == external_id)
    address_id = await db.scalar(select(Address.id).where(*where))
    if address_id is None:
        await insert_new(db, Address, channel=channel, external_id=external_id, created_at=now, reachable=True)
        address_id = (await db.execute(select(Address.id).where(*where))).scalar_one()
        await insert_new(db, Conversation, address_id=address_id, data={}, menu=[])
    lock = select(Conversation).where(Conversation.address_id == address_id).with_for_update(key_share=True)
    return (await db.scalars(lock)).one()


async def read_conversation(db: AsyncSession, channel: str, external_id: str) -> Conversation | None:
    """Return the conversation as it stands, unlocked, to understand words that lean on what was said before."""
    return await db.scalar(
        select(Conversation)
        .join(Address, Address.id == Conversation.address_id)
        .where(Address.channel == channel, Address.external_id == external_id)
    )


async def set_reachable(db: AsyncSession, channel: str, external_id: str, *, reachable: bool) -> None:
    """Note that an account blocked us, or can be written to again."""
    await db.execute(
        update(Address)
        .where(Address.channel == channel, Address.external_id == external_id)
        .values(reachable=reachable)
    )
