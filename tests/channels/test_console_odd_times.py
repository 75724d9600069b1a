"""What no link of ours says: ids too long for a row, days at the ends of all time; a page says so and never breaks."""

import pytest
import pytest_asyncio

from tests.channels.console import Clerk, Office
from tests.channels.desk_office import Hall, open_hall, somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")

BIG, LAST, FIRST = "9" * 25, "9999-12-31", "0001-01-01"
AFTER_ALL, BEFORE_ALL = f"{LAST}T23:59:00+00:00", f"{FIRST}T00:00:00+08:00"


@pytest_asyncio.fixture(loop_scope="session")
async def hall(office: Office) -> Hall:
    return await open_hall(office)


async def test_pages_with_odd_ids_and_days_are_shown(hall: Hall) -> None:
    visit = await hall.book(somebody())
    one, station, service = visit.booking.id, hall.house.station.id, hall.house.service.id
    paths = [
        *(f"bookings?{name}={value}" for name in ("first", "last") for value in (LAST, FIRST)),
        *(f"bookings?{name}={value}" for name in ("station", "page") for value in (BIG, "²", "9" * 5000)),
        *(f"bookings/{one}?{asked}" for asked in (f"station={BIG}", "station=²", f"day={LAST}", f"day={FIRST}")),
        *(f"bookings/new?station={station}&service={service}&day={day}" for day in (LAST, FIRST)),
        f"stranded?station={BIG}&day=x", f"closures?station={BIG}", f"calendar?day={LAST}",
    ]  # fmt: skip
    async with Clerk(hall.office.site) as clerk:
        assert {path: status for path in paths if (status := (await clerk.get(f"/console/{path}"))[0]) != 200} == {}


@pytest.mark.parametrize("moment", [AFTER_ALL, BEFORE_ALL, "2026-12-01T09:00:00"])
async def test_a_time_that_was_never_offered_is_refused(hall: Hall, moment: str) -> None:
    visit = await hall.book(somebody())
    one, station = visit.booking.id, str(hall.house.station.id)
    new = {"station": station, "service": str(hall.house.service.id), "name": "王五", "phone": "13800001111"}
    async with Clerk(hall.office.site) as clerk:
        await clerk.get(f"/console/bookings/{one}")
        for path, fields in ((f"{one}/move", {"reason": "", "sequence": "0"}), ("new", new)):
            status, html = await clerk.post(f"/console/bookings/{path}", fields | {"starts_at": moment})
            assert (status, "请选一个时间" in html) == (422, True)
        moved = {
            "booking": str(one),
            "reason": "停电",
            "act": "move",
            f"sequence_{one}": "0",
            f"to_{one}": f"{station}@{moment}",
        }
        status, html = await clerk.post("/console/stranded", moved)
        assert (status, "没有办成 1 个" in html) == (200, True)
    assert (await hall.booking(visit)).sequence == 0
