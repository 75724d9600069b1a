"""Moments are aware and in UTC on both sides of the database, and a naive one never gets in."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from core.clock import CHINA
from db.engine import Database
from db.leases import Lease

MOMENT = datetime(2026, 11, 21, 10, 30, 15, 123456, tzinfo=CHINA)


async def _kept(database: Database, moment: datetime) -> datetime:
    async with database.transaction() as db:
        db.add(Lease(name="poll", holder="a", until=moment))
    async with database.snapshot() as db:
        return (await db.scalars(select(Lease.until))).one()


async def test_another_zone_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    kept = await _kept(database, MOMENT)
    assert kept == MOMENT
    assert kept.utcoffset() == timedelta(0)


async def test_naive_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive datetime"):
        await _kept(database, MOMENT.replace(tzinfo=None))
    async with database.snapshot() as db:
        assert (await db.scalars(select(Lease))).all() == []


async def test_compared_as_moments_and_not_as_words(database: Database) -> None:
    await _kept(database, MOMENT)
    async with database.snapshot() as db:
        for now, past in ((MOMENT - timedelta(microseconds=1), False), (MOMENT.astimezone(UTC), True)):
            assert bool((await db.scalars(select(Lease).where(Lease.until <= now))).all()) is past


async def test_stored_in_utc(database: Database) -> None:
    """A hand with a database client must not have to guess the zone."""
    await _kept(database, MOMENT)
    async with database.snapshot() as db:
        raw = (await db.execute(text("SELECT until FROM lease"))).scalar_one()
    if isinstance(raw, datetime):
        assert raw == MOMENT
    else:
        assert raw == "2026-11-21 02:30:15.123456"
