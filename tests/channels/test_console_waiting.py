"""The waiting list in the console over real HTTP: who has no messenger gets in line, is rung up, and answers through a clerk."""

import re
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from db.bookings import Booking, Slot, Waiting
from db.turns import Outbox
from handlers import waiting_notices
from services import bookings, waits
from services.bookings import Visit
from services.who import BY_STAFF, Who
from tests.channels.console import Clerk, Office
from tests.channels.desk_office import Hall, open_hall, somebody
from tests.fakes.examroom import add_person
from tests.fakes.stationhouse import add_station

pytestmark = pytest.mark.asyncio(loop_scope="session")
WEEK = {str(day): [["09:00", "09:30"], ["15:00", "15:30"]] for day in range(7)}


@pytest_asyncio.fixture(loop_scope="session")
async def hall(office: Office) -> Hall:
    """Open a station that sees four people in the morning and four in the afternoon, all of the morning booked."""
    return await open_hall(office, week=WEEK)


async def fill(hall: Hall, *hours: int) -> list[Visit]:
    return [await hall.book(somebody(), hour) for hour in hours for _ in range(hall.house.service.capacity)]


async def cancel(hall: Hall, visit: Visit) -> None:
    app = hall.office.site.app
    async with app.database.transaction() as db:
        await bookings.cancel(db, app.settings.booking_rules, visit.booking.id, "本人", app.now())


async def wish(hall: Hall, clerk: Clerk, half: str = "am", **fields: str) -> tuple[int, str]:
    """Fill in the form of a booking on behalf, and ask for the waiting list."""
    house = hall.house
    await clerk.get(f"/console/bookings/new?station={house.station.id}&service={house.service.id}&day={hall.day}")
    base = {"station": str(house.station.id), "service": str(house.service.id), "day": str(hall.day)}
    return await clerk.post("/console/bookings/new/wait", base | {"wait": f"{hall.day} {half}"} | fields)


async def lines(hall: Hall) -> list[Waiting]:
    async with hall.office.site.app.database.snapshot() as db:
        rows = select(Waiting).where(Waiting.station_id == hall.house.station.id)
        return list(await db.scalars(rows.order_by(Waiting.id)))


async def check_places(hall: Hall) -> None:
    """Check that every place is counted once: booked, or kept for somebody."""
    async with hall.office.site.app.database.snapshot() as db:
        for slot in await db.scalars(select(Slot).where(Slot.station_id == hall.house.station.id)):
            booked = select(Booking.id).where(Booking.slot_id == slot.id, Booking.status != "cancelled")
            kept = select(Waiting.id).where(Waiting.slot_id == slot.id, Waiting.status == "offered")
            assert slot.taken == len((await db.scalars(booked)).all()) + len((await db.scalars(kept)).all())


async def told(hall: Hall, waiting_id: int) -> list[str]:
    async with hall.office.site.app.database.snapshot() as db:
        about = Outbox.dedupe_key.startswith(f"wait:{waiting_id}:", autoescape=True)
        return [row.payload["text"] for row in await db.scalars(select(Outbox).where(about).order_by(Outbox.id))]


def page_of(hall: Hall) -> str:
    return f"/console/waiting?station={hall.house.station.id}"


async def test_a_caller_is_put_in_line_rung_up_and_says_yes(hall: Hall) -> None:
    name, (first, *_) = somebody(), await fill(hall, 9, 15)
    async with Clerk(hall.office.site, "agent") as clerk:
        status, html = await clerk.get(
            f"/console/bookings/new?station={hall.house.station.id}&service={hall.house.service.id}&day={hall.day}"
        )
        assert (status, f'value="{hall.day} any"' in html, f'value="{hall.day} pm"' in html) == (200, True, True)
        for fields, said in (
            ({"name": name}, "请写上电话"), ({"name": name, "phone": "12"}, "电话"), ({"phone": "13800009876"}, "姓名"), ({"name": name, "wait": "", "phone": "13800009876"}, "请选候补哪一天"),
            ({"name": name, "wait": "2026-13-45 am"}, "请选候补哪一天"), ({"name": name, "wait": f"{hall.day} x"}, "请选候补哪一天"),
        ):  # fmt: skip
            status, html = await wish(hall, clerk, **fields)
            assert (status, said in html) == (422, True), html
        assert await lines(hall) == []
        for _ in range(2):  # tapped twice
            status, html = await wish(hall, clerk, name=name, phone="13800009876", purpose="补办")
        (row,) = await lines(hall)
        assert (row.made_by, row.half, row.status, row.name == name) == ("工作人员", "am", "waiting", False)
        assert (status, "第 1 位" in html, "赵**" in html, "138****9876" in html, name in html) == (
            200,
            *(True,) * 3,
            False,
        )
        assert ("收不到通知" in html, "他说：补办" in html, "下一个问他" in html) == (True, True, True)
        status, html = await wish(hall, clerk, "pm", name=name, phone="13800009876")
        assert (status, "已经在候补" in html) == (422, True)

        await cancel(hall, first)
        _, html = await clerk.get("/console/bookings")
        assert "有 1 位收不到通知，要打电话" in html
        _, html = await clerk.get(hall.path)
        assert "有 1 位收不到通知，要打电话" in html
        _, html = await clerk.get(f"{hall.path}/now")
        assert "有 1 位收不到通知，要打电话" in html
        _, html = await clerk.get(page_of(hall))
        assert ("请打电话" in html, "等他答复（1 位）" in html, "排着的（0 位）" in html) == (True, True, True)
        status, html = await clerk.post(f"/console/waiting/{row.id}/reveal?station={hall.house.station.id}")
        assert (status, name in html, "13800009876" in html) == (200, True, True)
        status, html = await clerk.post(f"/console/waiting/{row.id}/accept")
        (row,) = await lines(hall)
        assert (status, row.status, "预约好了，预约码" in html, "收不到即时通知" in html) == (200, "taken", True, True)
        async with Clerk(hall.office.site, "agent") as other:
            await other.get(page_of(hall))
            status, html = await other.post(f"/console/waiting/{row.id}/accept")
            assert (status, "已经答应下来" in html) == (422, True)
            for act in ("decline", "leave"):
                status, html = await other.post(f"/console/waiting/{row.id}/{act}")
                assert (status, "已经有变化了" in html) == (422, True)
        _, html = await clerk.get(hall.path)
        assert "收不到通知，要打电话" not in html
        await check_places(hall)
        done = set(await clerk.audited())
        assert {"waiting_made", "waiting_listed", "waiting_revealed", "waiting_accepted"} <= done


async def test_who_says_no_makes_way_for_the_next_who_is_told(hall: Hall) -> None:
    app, name, (first, *_) = hall.office.site.app, somebody(), await fill(hall, 9)
    async with app.database.transaction() as db:
        person = await add_person(db, name, app.vault, phone="13800005555", account=("telegram", f"w-{name}"))
    async with Clerk(hall.office.site) as clerk:
        await wish(hall, clerk, name=somebody(), phone="13800001234")
        status, html = await wish(hall, clerk, name="", person=str(person.id))
        assert (status, "第 2 位。对方会收到通知" in html) == (200, True)
        caller, known = await lines(hall)
        (said,) = await told(hall, known.id)
        assert ("排上了候补" in said, hall.house.station.name in said) == (True, True)
        await cancel(hall, first)
        status, html = await clerk.post(f"/console/waiting/{caller.id}/decline?station={hall.house.station.id}")
        assert (status, "让给后面的人了" in html, "已经发通知，等他回复" in html) == (200, True, True)
        assert [row.status for row in await lines(hall)] == ["passed", "offered"]
        status, html = await clerk.post(f"/console/waiting/{caller.id}/decline")
        assert (status, "已经有变化了" in html) == (422, True)
        status, html = await clerk.post(f"/console/waiting/{known.id}/decline")
        assert (status, [row.status for row in await lines(hall)]) == (200, ["passed", "passed"])
        assert "不要空出来的号了" in (await told(hall, known.id))[-1]
        await check_places(hall)
        assert "waiting_declined" in await clerk.audited()


async def test_somebody_is_taken_off_the_list_and_hears_of_it(hall: Hall) -> None:
    app, name = hall.office.site.app, somebody()
    await fill(hall, 9)
    async with app.database.transaction() as db:
        person = await add_person(db, name, app.vault, account=("telegram", f"w-{name}"))
    async with Clerk(hall.office.site) as clerk:
        await wish(hall, clerk, person=str(person.id))
        (row,) = await lines(hall)
        status, html = await clerk.post(f"/console/waiting/{row.id}/leave?station={hall.house.station.id}")
        assert (status, "候补取消了" in html, "没有人在排候补" in html) == (200, True, True)
        assert [one.status for one in await lines(hall)] == ["left"]
        assert "工作人员取消了您的候补" in (await told(hall, row.id))[-1]
        assert "waiting_left" in await clerk.audited()


async def test_what_became_free_meanwhile_is_kept_at_once(hall: Hall) -> None:
    *_, last = await fill(hall, 9)
    await cancel(hall, last)
    async with Clerk(hall.office.site) as clerk:
        status, html = await wish(hall, clerk, name=somebody(), phone="13800001234")
        assert (status, "现在就有号" in html, "请打电话" in html) == (200, True, True)
        assert [row.status for row in await lines(hall)] == ["offered"]


async def test_an_offer_that_runs_out_while_the_clerk_rings_is_not_taken(hall: Hall) -> None:
    first, *_ = await fill(hall, 9)
    app = hall.office.site.app
    async with Clerk(hall.office.site) as clerk:
        await wish(hall, clerk, name=somebody(), phone="13800001234")
        await cancel(hall, first)
        (row,) = await lines(hall)
        assert row.offer_until is not None
        async with app.database.transaction() as db:
            await waits.run_out(db, app.settings.booking_rules, row.offer_until, 99)
            await waiting_notices.tell_news(app.vault, app.settings.booking_rules, db, row.offer_until)
        status, html = await clerk.post(f"/console/waiting/{row.id}/accept?station={hall.house.station.id}")
        assert (status, "没能留住" in html, "没有等到，请打电话告诉他（1 位）" in html) == (422, True, True)
        await check_places(hall)
        _, html = await clerk.get(hall.path)
        assert "有 1 位收不到通知，要打电话" in html
        status, html = await clerk.post(f"/console/waiting/{row.id}/told?station={hall.house.station.id}")
        assert (status, "记下了" in html, "没有等到，请打电话" in html) == (200, True, False)
        status, html = await clerk.post(f"/console/waiting/{row.id}/told")
        assert (status, "已经有人打过电话了" in html) == (422, True)


async def test_a_time_that_fills_up_while_the_clerk_writes_leads_to_the_list(hall: Hall) -> None:
    async with Clerk(hall.office.site) as clerk:
        house = hall.house
        query = f"station={house.station.id}&service={house.service.id}&day={hall.day}"
        _, html = await clerk.get(f"/console/bookings/new?{query}")
        assert f'value="{hall.day} am"' not in html
        await fill(hall, 9)
        fields = {"station": str(house.station.id), "service": str(house.service.id), "day": str(hall.day)}
        fields |= {"starts_at": hall.at(9).isoformat(), "name": "赵大爷", "phone": "13800001234"}
        status, html = await clerk.post("/console/bookings/new", fields)
        assert (status, "约满了" in html, f'value="{hall.day} am"' in html, 'value="赵大爷"' in html) == (
            422,
            *(True,) * 3,
        )


async def test_who_waits_elsewhere_is_none_of_a_stations_business(hall: Hall) -> None:
    first, *_ = await fill(hall, 9)
    name = somebody()
    async with hall.office.site.app.database.transaction() as db:
        other = await add_station(db, f"{name}站")
    async with Clerk(hall.office.site) as clerk:
        await wish(hall, clerk, name=name, phone="13800001234")
        await cancel(hall, first)
        (row,) = await lines(hall)
    async with Clerk(hall.office.site, "agent", station_id=other.id) as stranger:
        _, html = await stranger.get("/console/waiting")
        assert ("现在没有留着的号" in html, "138****1234" in html) == (True, False)
        _, html = await stranger.get("/console/bookings")
        assert "收不到通知，要打电话" not in html
        for act in ("reveal", "accept", "decline", "leave", "told"):
            status, html = await stranger.post(f"/console/waiting/{row.id}/{act}")
            assert (status, "不是您的站的" in html, "13800001234" in html) == (422, True, False)
        status, html = await wish(hall, stranger, name=somebody(), phone="13800001235")
        assert status == 422
        assert (await stranger.post("/console/waiting/999999999/accept"))[0] == 422
        assert (await stranger.post(f"/console/waiting/{row.id}/accept", {"csrf": "no"}))[0] == 403
    async with Clerk(hall.office.site, "editor") as editor:
        assert (await editor.get("/console/waiting"))[0] == 403
    assert [one.status for one in await lines(hall)] == ["offered"]


async def test_odd_addresses_are_no_error(hall: Hall) -> None:
    async with Clerk(hall.office.site) as clerk:
        for nonsense in ("page=99999999999", "page=-1", "station=abc", "station=99999999999999999999"):
            assert (await clerk.get(f"/console/waiting?{nonsense}"))[0] == 200


async def test_more_than_a_page_wait(hall: Hall) -> None:
    await fill(hall, 9)
    app, station_id, service_id = hall.office.site.app, hall.house.station.id, hall.house.service.id
    rules = app.settings.booking_rules
    async with Clerk(hall.office.site) as clerk:
        async with app.database.transaction() as db:
            for number in range(21):
                who = Who(name=somebody(), phone=f"138000020{number:02}", made_by=BY_STAFF)
                await waits.join(db, app.vault, rules, station_id, service_id, hall.day, "am", who, "", app.now())
        _, html = await clerk.get(page_of(hall))
        assert ("排着的（21 位）" in html, len(re.findall("取消他的候补", html))) == (True, 20)
        path = f"{page_of(hall)}&page=1"
        assert path.replace("&", "&amp;") in html
        _, html = await clerk.get(path)
        assert ("<b>21</b>" in html, "上一页" in html, "下一页" in html) == (True, True, False)


async def test_who_has_a_booking_waits_for_a_better_day_and_is_moved(hall: Hall) -> None:
    (mine,), (first, *_) = [await hall.book(somebody(), 15)], await fill(hall, 9)
    path = f"/console/bookings/{mine.booking.id}"
    async with Clerk(hall.office.site) as clerk:
        _, html = await clerk.get(path)
        assert (f'value="{hall.day} am"' in html, f'value="{hall.day} pm"' in html) == (True, False)
        status, html = await clerk.post(f"{path}/wait", {"wait": ""})
        assert (status, "请选候补哪一天" in html) == (422, True)
        status, html = await clerk.post(f"{path}/wait", {"wait": f"{hall.day} am"})
        assert (status, "第 1 位" in html) == (200, True)
        await cancel(hall, first)
        (row,) = await lines(hall)
        assert row.who_key == mine.booking.who_key
        status, html = await clerk.post(f"/console/waiting/{row.id}/accept")
        assert (status, "改好了" in html, mine.booking.code in html) == (200, True, True)
        assert (await hall.booking(mine)).slot_id == first.slot.id
        await check_places(hall)


async def test_a_list_of_yesterday_is_gone(hall: Hall) -> None:
    await fill(hall, 9)
    async with Clerk(hall.office.site) as clerk:
        await wish(hall, clerk, name=somebody(), phone="13800001234")
        hall.office.clock.moment = hall.at(9) + timedelta(days=1)
        await clerk.sign_in()
        _, html = await clerk.get(page_of(hall))
        assert "没有人在排候补" in html
