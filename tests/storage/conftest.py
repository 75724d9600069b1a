"""Somebody to write to, and a short way to put messages for them into the outbox."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from core.reply import Choice, Lane, Reply
from db.engine import Database
from db.turns import Outbox
from services import outbox, people
from tests.fakes.clock import SettableClock

LEASE = timedelta(seconds=30)
Post = Callable[..., Awaitable[int]]


@pytest.fixture
async def address_id(database: Database, clock: SettableClock) -> int:
    async with database.transaction() as db:
        return (await people.open_conversation(db, "telegram", "7", clock())).address_id


@pytest.fixture
def post(database: Database, clock: SettableClock, address_id: int) -> Post:
    """Write one message into the outbox in a transaction of its own; return its id."""

    async def post_one(
        text: str = "您好", to: str = "7", lane: Lane = Lane.REPLY, channel: str = "telegram", *choices: Choice
    ) -> int:
        async with database.transaction() as db:
            recipient = outbox.Recipient(channel, to, address_id, 4096)
            return (await outbox.post(db, recipient, Reply(text, choices), clock(), lane=lane))[0]

    return post_one


@pytest.fixture
def claim(database: Database, clock: SettableClock) -> Callable[..., Awaitable[list[Outbox]]]:
    """Claim what is due now for Telegram, under a lease of `LEASE`."""

    async def claim_now(limit: int = 50, channels: tuple[str, ...] = ("telegram",)) -> list[Outbox]:
        async with database.transaction() as db:
            return await outbox.claim(db, channels, clock(), LEASE, limit)

    return claim_now


@pytest.fixture
def read(database: Database) -> Callable[[int], Awaitable[Outbox]]:
    """Read a row as it stands."""

    async def read_row(row_id: int) -> Outbox:
        async with database.snapshot() as db:
            return (await db.scalars(select(Outbox).where(Outbox.id == row_id))).one()

    return read_row
