"""A full day in a real browser: a caller is put on the waiting list, rung up, and says yes; axe finds nothing on any page."""

import re
from collections.abc import AsyncIterator
from itertools import count

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize

from services import bookings
from services.booking_rules import DEFAULT_BOOKING_RULES
from services.bookings import BY_STAFF, Visit, Who, Wish
from tests.browser import desk_pictures
from tests.browser.signed_in import faults, signed_in
from tests.fakes.clock import SettableClock
from tests.fakes.stationhouse import MONDAY, House, add_service, add_station, at, offer
from tests.site import Site, open_site

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)
SIZES: list[ViewportSize] = [{"width": 1280, "height": 800}, {"width": 390, "height": 844}]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """Run a service on whose clock it is the morning of a workday."""
    async with open_site(tmp_path_factory.mktemp("waiting"), now=SettableClock(desk_pictures.MORNING)) as opened:
        yield opened


@pytest_asyncio.fixture(params=SIZES, ids=["desk", "phone"], loop_scope="session")
async def page(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> AsyncIterator[Page]:
    async with signed_in(chromium, site, request.param) as opened:
        yield opened


async def prepare(site: Site) -> tuple[House, Visit]:
    """Open a station with one time in the afternoon, and let somebody have it."""
    app = site.app
    async with app.database.transaction() as db:
        station = await add_station(
            db, f"南山镇第{next(_numbers)}退役军人服务站", week={str(day): [["15:00", "15:30"]] for day in range(7)}
        )
        house = await offer(db, station, await add_service(db, f"立功喜报登记{station.id}", capacity=1))
        wish = Wish(
            station.id, house.service.id, at(MONDAY, 15), "", Who(name="王建国", phone=_phone(), made_by=BY_STAFF)
        )
        return house, await bookings.reserve(db, app.vault, DEFAULT_BOOKING_RULES, wish, app.now())


def _phone() -> str:
    return f"1380000{next(_numbers):04}"


async def test_a_caller_waits_is_rung_up_and_says_yes(page: Page, site: Site) -> None:
    house, visit = await prepare(site)
    await page.goto(f"/console/bookings/new?station={house.station.id}&service={house.service.id}")
    assert await faults(page) == []
    await page.get_by_label("候补哪天").select_option(label="11月23日（周一）下午")
    await page.get_by_label("姓名").fill("李志强")
    phone = _phone()
    await page.get_by_label("电话").fill(phone)
    await page.get_by_role("button", name="排候补").click()
    await page.get_by_text("排上候补了，第 1 位").wait_for()
    assert await faults(page) == []
    async with site.app.database.transaction() as db:
        await bookings.cancel(db, DEFAULT_BOOKING_RULES, visit.booking.id, "本人", site.app.now())
    await page.goto(f"/console/desk/{house.station.id}?window=1")
    await page.get_by_text("有 1 位收不到通知，要打电话").wait_for()
    assert await faults(page) == []
    await page.get_by_role("link", name="去打电话").click()
    await page.get_by_role("button", name=re.compile("显示姓名和电话")).click()
    await page.get_by_text(phone).wait_for()
    assert await faults(page) == []
    await page.get_by_role("button", name=re.compile("替他答应")).click()
    await page.get_by_text("预约好了，预约码").wait_for()
    assert await faults(page) == []
