"""The pictures of a morning at the desk of a station: everything in them is invented."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from playwright.async_api import Page
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import day_of
from db.bookings import Booking, Service, Slot, Ticket
from db.places import Station
from services.vault import Vault
from tests.architecture.source import ROOT
from tests.fakes.stationhouse import MONDAY, add_service, add_station, at, offer
from tests.site import Site

MORNING = at(MONDAY, 10, 2).astimezone(UTC)
"""When the day that is prepared is half over; another moment may cut it in two at midnight, or fall on a day of rest."""
_MINUTE = timedelta(minutes=1)
_SERVICES = ("优待证申领", "政策咨询", "生存认证", "立功喜报登记")
_NAMES = (
    "王建国",
    "李志强",
    "张卫东",
    "刘桂英",
    "陈爱军",
    "杨国庆",
    "赵海涛",
    "黄秀兰",
    "周建军",
    "吴玉梅",
    "孙志明",
    "欧阳兰",
)
_BOOKED = (  # minutes from now, what became of it, number, window
    (-80, "done", 1, "1"), (-65, "done", 2, "2"), (-65, "no_show", 0, ""), (-50, "done", 3, "1"), (-45, "late", 0, ""),
    (-20, "called", 4, "1"), (-5, "waiting", 5, ""), (10, "waiting", 6, ""), (10, "booked", 0, ""), (25, "booked", 0, ""),
    (40, "booked", 0, ""), (55, "booked", 0, ""),
)  # fmt: skip
_WALKED_IN = ((-50, "done", "2"), (-27, "called", "2"), (-21, "waiting", ""), (-9, "waiting", ""))
_STATUS = {"no_show": "no_show", "late": "booked", "booked": "booked"}
_numbers = count(1)


async def prepare(site: Site) -> tuple[Station, Booking]:
    """Put the day of a station into the database; return it and a booking still to come."""
    now = site.app.now()
    now -= timedelta(minutes=now.minute % 5, seconds=now.second, microseconds=now.microsecond)
    week = {str(day): [["08:00", "20:00"]] for day in range(7)}
    async with site.app.database.transaction() as db:
        number = next(_numbers)
        name = "城关镇退役军人服务站" if number == 1 else f"城关镇第{number}退役军人服务站"
        station = await add_station(db, name, address="振兴东路 88 号", week=week)
        mark = "" if number == 1 else f"（{number}）"
        services = [await add_service(db, service + mark, minutes=15, words=[]) for service in _SERVICES]
        for service in services:
            await offer(db, station, service)
        for turn, (minutes, state, number, window) in enumerate(_BOOKED):
            service, starts_at = services[turn % 4], now + minutes * _MINUTE
            row = await _booking(
                db, site.app.vault, station, service, starts_at, _NAMES[turn], _STATUS.get(state, "came")
            )
            if number:
                came = min(starts_at, now) - 9 * _MINUTE
                await _ticket(
                    db, station, came, letter="A", number=number, status=state, window=window or None, booking_id=row.id,
                    service_id=service.id, turn_at=starts_at,
                )  # fmt: skip
        for number, (minutes, state, window) in enumerate(_WALKED_IN, 1):
            came = now + minutes * _MINUTE
            await _ticket(
                db, station, came, letter="B", number=number, status=state, window=window or None,
                service_id=services[number % 4].id, turn_at=came,
            )  # fmt: skip
    return station, row


async def _booking(
    db: AsyncSession, vault: Vault, station: Station, service: Service, starts_at: datetime, name: str, status: str
) -> Booking:
    """Write one; its code is one that the service never gives, for its own begin with a letter."""
    slot = Slot(
        station_id=station.id, service_id=service.id, starts_at=starts_at, ends_at=starts_at + 15 * _MINUTE, capacity=2,
        taken=1,
    )  # fmt: skip
    db.add(slot)
    await db.flush()
    number = next(_numbers)
    row = Booking(
        code=f"YY-{2000 + number}", slot_id=slot.id, service_id=service.id, who_key=f"n:picture-{number}",
        name=vault.encrypt(name), phone=vault.encrypt(f"1380000{number:04}"), purpose="", status=status,
        made_by="工作人员" if number % 3 == 0 else "本人", created_at=starts_at - timedelta(days=2),
    )  # fmt: skip
    db.add(row)
    await db.flush()
    return row


async def _ticket(db: AsyncSession, station: Station, came: datetime, **columns: Any) -> None:
    called = came + 17 * _MINUTE if columns["window"] else None
    ended = called + 9 * _MINUTE if called and columns["status"] == "done" else None
    day = day_of(came)
    db.add(Ticket(station_id=station.id, day=day, came_at=came, called_at=called, ended_at=ended, **columns))
    await db.flush()


async def draw(page: Page, site: Site, station: Station, booking: Booking) -> None:
    """Draw the pages that the guide shows."""
    for path, name, height in (
        (f"desk/{station.id}?window=1", "desk", 1560), (f"desk/{station.id}/wall", "desk-wall", 768),
        (f"bookings/{booking.id}", "desk-booking", 1150), (f"bookings/{booking.id}/slip", "desk-slip", 900),
    ):  # fmt: skip
        await page.goto(f"{site.url}/console/{path}")
        clip = {"x": 0, "y": 0, "width": 1366, "height": height}
        await page.screenshot(path=ROOT / f"docs/images/console-{name}.png", clip=clip, full_page=height > 768)  # type: ignore[arg-type]
