"""A tick at the desk is taken back over HTTP while the same person books elsewhere: a sentence, never a broken page."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import running
from bot.settings import Settings
from knowledge import vectors
from services import bookings, tickets
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.bookings import BY_STAFF, Who
from tests.channels.console import Clerk, Office
from tests.channels.desk_office import open_hall
from tests.fakes.clock import SettableClock
from tests.fakes.stationhouse import add_station, offer, wish
from tests.site import Site


@pytest.mark.parametrize("_template", ["postgresql"], indirect=True)
async def test_a_tick_is_taken_back_while_they_book_at_another_station(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "available", lambda: False)
    clock, who = SettableClock(), Who(name="赵前进", phone="13800000001", made_by=BY_STAFF)
    settings = Settings(port=0, data_dir=tmp_path, database_url=database_url, _env_file=None)  # type: ignore[call-arg]
    async with running(settings, clock) as (app, listening):
        hall = await open_hall(Office(Site(app, f"http://127.0.0.1:{listening}"), clock))
        visit = await hall.book("赵前进", 9, phone="13800000001")
        async with app.database.transaction() as db:
            north = await offer(db, await add_station(db, "北街服务站"), hall.house.service)
        hall.begin(9)
        async with Clerk(hall.office.site) as clerk:
            await clerk.get(hall.path)
            await clerk.post(f"{hall.path}/arrive", {"booking": str(visit.booking.id), "window": "1"})
            (ticket,) = await hall.tickets()
            async with app.database.transaction() as db:
                wanted = wish(north, hall.at(16), who)
                await bookings.reserve(db, app.vault, DEFAULT_BOOKING_RULES, wanted, clock())
                taking = asyncio.create_task(
                    clerk.post(f"{hall.path}/unarrive", {"ticket": str(ticket.id), "window": "1"})
                )
                while not await db.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                    pass
            status, html = await taking
            assert (status, tickets.BOOKED_AGAIN in html) == (422, True)
            assert (await hall.booking(visit)).status == "came"
