"""What the database itself refuses, so that no bug above it can store nonsense."""

from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from core.reply import Lane
from db.base import Base
from db.engine import Database
from db.leases import Lease
from db.people import Address, Conversation
from db.turns import STATUSES, Inbox, Outbox
from tests.fakes.clock import START


def _address(**changes: Any) -> Address:
    return Address(**({"channel": "telegram", "external_id": "7", "created_at": START} | changes))


def _inbox(**changes: Any) -> Inbox:
    return Inbox(**({"channel": "telegram", "event_id": "1", "kind": "text", "text": "在吗", "at": START} | changes))


def _outbox(**changes: Any) -> Outbox:
    values = {
        "channel": "telegram", "recipient": "7", "lane": 0, "payload": {"text": "在", "choices": []}, "at": START,
        "available_at": START,
    }  # fmt: skip
    return Outbox(**(values | changes))


def _lease(**changes: Any) -> Lease:
    return Lease(**({"name": "poll", "holder": "a", "until": START} | changes))


async def _store(database: Database, *rows: Base) -> None:
    async with database.transaction() as db:
        db.add_all(rows)


@pytest.mark.parametrize(
    "rows",
    [
        lambda: (_address(), _address()),
        lambda: (_inbox(), _inbox(text="又来")),
        lambda: (_outbox(dedupe_key="jobs:1"), _outbox(dedupe_key="jobs:1", recipient="8")),
        lambda: (_outbox(external_id="55"), _outbox(external_id="55")),
        lambda: (_lease(), _lease(holder="b")),
        lambda: (_outbox(status="lost"),),
        lambda: (_outbox(lane=3),),
        lambda: (_outbox(lane=-1),),
        lambda: (_outbox(address_id=404),),
        lambda: (_inbox(address_id=404),),
        lambda: (Conversation(address_id=404),),
        lambda: (_outbox(recipient=None),),
    ],
    ids=[
        "same address twice", "same event twice", "same dedupe key", "same external id to one recipient", "same lease",
        "unknown status", "lane too high", "lane too low", "message to nobody", "event of nobody",
        "conversation of nobody", "message without recipient",
    ],
)  # fmt: skip
async def test_refused(database: Database, rows: Any) -> None:
    made = rows()
    with pytest.raises(IntegrityError):
        await _store(database, *made)
    async with database.snapshot() as db:
        assert await db.get(type(made[0]), _key(made[0])) is None


def _key(row: Base) -> Any:
    keys = [getattr(row, column.name) for column in type(row).__table__.primary_key]
    return tuple(keys) if all(key is not None for key in keys) else tuple(key or 0 for key in keys)


@pytest.mark.parametrize(
    "rows",
    [
        lambda: (_address(), _address(channel="web"), _address(external_id="8")),
        lambda: (_inbox(), _inbox(channel="web"), _inbox(event_id="2")),
        lambda: (_outbox(), _outbox()),
        lambda: (_outbox(external_id="55"), _outbox(external_id="55", recipient="8")),
        lambda: (_outbox(external_id="55"), _outbox(external_id="55", channel="web")),
        lambda: tuple(_outbox(status=status) for status in STATUSES),
        lambda: tuple(_outbox(lane=lane) for lane in Lane),
    ],
    ids=["addresses", "events", "no keys at all", "other recipient", "other channel", "every status", "every lane"],
)
async def test_allowed(database: Database, rows: Any) -> None:
    await _store(database, *rows())
