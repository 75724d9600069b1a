"""Find or make the address and conversation of whoever wrote."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from db.cases import SupportCase
from db.people import Address, Conversation
from db.upsert import insert_new


async def open_conversation(db: AsyncSession, channel: str, external_id: str, now: datetime) -> Conversation:
    """Return the conversation, made if new and locked for the rest of the transaction."""
    locked = _conversation_of(channel, external_id).with_for_update(key_share=True, of=Conversation)
    known = await db.scalar(locked)
    if known is not None:
        return known
    await insert_new(db, Address, channel=channel, external_id=external_id, created_at=now, reachable=True)
    address = select(Address.id).where(Address.channel == channel, Address.external_id == external_id)
    address_id = (await db.execute(address)).scalar_one()
    await insert_new(db, Conversation, address_id=address_id, data={}, menu=[])
    return (await db.scalars(locked)).one()


async def read_conversation(db: AsyncSession, channel: str, external_id: str) -> Conversation | None:
    """Return the conversation as it stands, unlocked, to understand words that lean on what was said before."""
    return await db.scalar(_conversation_of(channel, external_id))


def _conversation_of(channel: str, external_id: str) -> Select[Conversation]:
    return (
        select(Conversation)
        .join(Address, Address.id == Conversation.address_id)
        .where(Address.channel == channel, Address.external_id == external_id)
    )


async def offer(db: AsyncSession, address_id: int, choices: Sequence[Mapping[str, str]]) -> None:
    """Let a digit typed next mean what was offered unasked, unless the person is in the middle of something.

    While staff have the case, a digit is an answer to them.
    """
    held = select(Conversation).where(Conversation.address_id == address_id, Conversation.state.is_(None))
    talk = await db.scalar(held.with_for_update(key_share=True), execution_options={"populate_existing": True})
    if talk is None or await _with_staff(db, talk):
        return
    talk.menu = [{"label": choice["label"], "action": choice["action"]} for choice in choices]
    await db.flush()


async def _with_staff(db: AsyncSession, talk: Conversation) -> bool:
    """Tell whether staff have the case; asked once the talk is locked, for a claim locks it too."""
    owner = select(SupportCase.claimed_by).where(SupportCase.id == talk.case_id)
    return talk.case_id is not None and await db.scalar(owner) is not None


async def set_reachable(db: AsyncSession, channel: str, external_id: str, *, reachable: bool) -> None:
    """Note that an account blocked us, or can be written to again."""
    await db.execute(
        update(Address)
        .where(Address.channel == channel, Address.external_id == external_id)
        .values(reachable=reachable)
    )
