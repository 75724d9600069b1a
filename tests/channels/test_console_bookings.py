"""Bookings in the console over real HTTP: listed and found, made for those without a messenger, moved, cancelled, printed."""

from datetime import UTC, timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from core.clock import CHINA
from db.bookings import Booking, Slot
from db.turns import Outbox
from services import bookings
from services.events import LONGEST_REASON
from tests.channels.console import Clerk, Office, hidden
from tests.channels.desk_office import Hall, open_hall, somebody
from tests.fakes.examroom import add_person
from tests.fakes.stationhouse import add_station, close_day, offer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def hall(office: Office) -> Hall:
    return await open_hall(office)


def chosen(hall: Hall, hour: int) -> str:
    """Return what the list of times names a time by."""
    return hall.at(hour).astimezone(UTC).isoformat()


def wish(hall: Hall, hour: int, **fields: str) -> dict[str, str]:
    """Return the form of a booking at an hour of the day."""
    house = hall.house
    base = {"station": str(house.station.id), "service": str(house.service.id), "day": hall.day.isoformat()}
    return base | {"starts_at": chosen(hall, hour), "name": "", "phone": "", "purpose": ""} | fields


async def booked(hall: Hall, **where: object) -> list[Booking]:
    async with hall.office.site.app.database.snapshot() as db:
        rows = select(Booking).where(Booking.service_id == hall.house.service.id).filter_by(**where)
        return list(await db.scalars(rows.order_by(Booking.id)))


async def notices(hall: Hall, booking: Booking) -> list[str]:
    async with hall.office.site.app.database.snapshot() as db:
        about = Outbox.dedupe_key.startswith(f"visit:{booking.id}:", autoescape=True)
        return [row.payload["text"] for row in await db.scalars(select(Outbox).where(about).order_by(Outbox.id))]


async def test_booking_for_somebody_on_paper_and_the_slip(hall: Hall) -> None:
    name = somebody()
    async with Clerk(hall.office.site, "agent") as clerk:
        first = f"/console/bookings/new?station={hall.house.station.id}"
        status, html = await clerk.get(first)
        assert (status, hall.house.service.name in html, "看后面 7 天" in html) == (200, True, True)
        fields = wish(hall, 9, name=name, phone="13800009876", purpose="办卡")
        status, html = await clerk.post("/console/bookings/new", fields | {"starts_at": ""})
        assert (status, "请选一个时间" in html, f'value="{name}"' in html) == (422, True, True)
        status, html = await clerk.post("/console/bookings/new", fields | {"phone": "12"})
        assert (status, "电话" in html) == (422, True)
        status, html = await clerk.post("/console/bookings/new", fields)
        (row,) = await booked(hall)
        assert (status, row.code in html, "请当面或打电话告诉他" in html, "办卡" in html) == (200, True, True, True)
        assert (row.made_by, row.staff_id, name in html, "赵**" in html) == ("工作人员", clerk.staff.id, False, True)
        await clerk.post("/console/bookings/new", fields)  # tapped twice
        assert len(await booked(hall)) == 1
        status, html = await clerk.post("/console/bookings/new", wish(hall, 10, name=name, phone="13800009876"))
        assert (status, "已经约好了一次" in html, f"/console/bookings/{row.id}" in html) == (422, True, True)
        _, html = await clerk.post(f"/console/bookings/{row.id}/reveal")
        assert (name in html, "13800009876" in html) == (True, True)
        status, html = await clerk.get(f"/console/bookings/{row.id}/slip")
        assert (status, name in html, row.code in html, "两寸照片" in html, "南街12号" in html) == (200, *(True,) * 4)
        async with clerk.session.get(f"/console/bookings/{row.id}/code.svg") as response:
            drawn = await response.text()
            assert (response.status, response.content_type, "<svg" in drawn) == (200, "image/svg+xml", True)
        assert {"booking_made", "booking_viewed", "booking_revealed", "booking_printed"} <= set(await clerk.audited())


async def test_booking_for_somebody_on_file_who_is_told(hall: Hall) -> None:
    app, name = hall.office.site.app, somebody()
    async with app.database.transaction() as db:
        person = await add_person(db, name, app.vault, phone="13800005555", account=("telegram", f"t-{name}"))
    async with Clerk(hall.office.site) as clerk:
        await clerk.get("/console/bookings")
        status, html = await clerk.post("/console/bookings/new/find", wish(hall, 9, name=name))
        assert (status, f'value="{person.id}" checked' in html, "138****5555" in html) == (200, True, True)
        assert f'value="{chosen(hall, 9)}" selected' in html
        status, html = await clerk.post("/console/bookings/new", wish(hall, 9, name=name, person=str(person.id)))
        (row,) = await booked(hall)
        assert (status, "对方会收到通知" in html, row.person_id) == (200, True, person.id)
        assert len(await notices(hall, row)) == 1
        status, html = await clerk.post("/console/bookings/new/find", wish(hall, 9, name="没有这个人"))
        assert (status, "没有找到档案" in html) == (200, True)


async def test_a_full_time_is_not_offered_and_not_given(hall: Hall) -> None:
    for _ in range(hall.house.service.capacity):
        await hall.book(somebody(), 9)
    async with Clerk(hall.office.site) as clerk:
        house = hall.house
        query = f"station={house.station.id}&service={house.service.id}&day={hall.day}"
        _, html = await clerk.get(f"/console/bookings/new?{query}")
        assert (f'value="{chosen(hall, 9)}"' in html, f'value="{chosen(hall, 10)}"' in html) == (False, True)
        status, html = await clerk.post("/console/bookings/new", wish(hall, 9, name=somebody()))
        assert (status, "约满了" in html) == (422, True)
        far = hall.day + timedelta(days=35)  # the same weekday, further than people may book by themselves
        _, html = await clerk.get(f"/console/bookings/new?{query.replace(str(hall.day), str(far))}")
        assert f'value="{far}T' in html


async def test_moved_in_one_step_and_cancelled_with_a_reason(hall: Hall) -> None:
    app, name = hall.office.site.app, somebody()
    async with app.database.transaction() as db:
        person = await add_person(db, name, app.vault, account=("telegram", f"t-{name}"))
        elsewhere = await offer(db, await add_station(db, f"{name}站"), hall.house.service)
    visit = await hall.book(name, 9, person_id=person.id)
    path = f"/console/bookings/{visit.booking.id}"
    async with Clerk(hall.office.site) as clerk:
        status, html = await clerk.get(path)
        assert (status, "09:30，还有 4 个" in html, elsewhere.station.name in html) == (200, True, True)
        shown = {"sequence": hidden(html, "sequence")}
        status, html = await clerk.post(f"{path}/move", shown | {"starts_at": "明天"})
        assert (status, "请选一个时间" in html) == (422, True)
        status, html = await clerk.post(f"{path}/move", shown | {"starts_at": hall.at(3).isoformat()})
        assert (status, "没有这个时间" in html) == (422, True)
        where = shown | {
            "starts_at": hall.at(10).isoformat(),
            "station": str(elsewhere.station.id),
            "reason": "设备检修",
        }
        status, html = await clerk.post(f"{path}/move", where)
        assert (status, "改好了。对方会收到通知" in html, elsewhere.station.name in html) == (200, True, True)
        row = await hall.booking(visit)
        assert (row.code, row.sequence, row.changed_by, row.reason) == (visit.booking.code, 1, "工作人员", "设备检修")
        async with app.database.snapshot() as db:
            old, new = [await db.get_one(Slot, id_) for id_ in (visit.slot.id, row.slot_id)]
            assert (old.taken, new.taken) == (0, 1)
        (told,) = await notices(hall, row)
        assert "设备检修" in told
        shown = {"sequence": hidden(html, "sequence")}
        status, html = await clerk.post(f"{path}/cancel", shown | {"reason": " "})
        assert (status, "请写上原因" in html) == (422, True)
        for act in ("cancel", "move"):
            status, html = await clerk.post(
                f"{path}/{act}", shown | where | shown | {"reason": "长" * (LONGEST_REASON + 1)}
            )
            assert (status, f"原因太长，最多 {LONGEST_REASON} 个字" in html) == (422, True)
        status, html = await clerk.post(f"{path}/cancel", shown | {"reason": "本人来电话说不办了"})
        assert (status, "空出来的名额先问候补的人" in html, "取消预约</button>" in html) == (200, True, False)
        status, html = await clerk.post(f"{path}/cancel", shown | {"reason": "再点一次"})
        assert (status, "已经取消了，张三取消的" in html) == (422, True)
        assert [row.status for row in await booked(hall)] == ["cancelled"]
        assert {"booking_moved", "booking_cancelled"} <= set(await clerk.audited())


async def test_a_page_that_is_older_than_a_colleagues_change_changes_nothing(hall: Hall) -> None:
    visit = await hall.book(somebody(), 9)
    path = f"/console/bookings/{visit.booking.id}"
    async with Clerk(hall.office.site, name="王姐") as wang, Clerk(hall.office.site, name="李敏") as li:
        _, html = await wang.get(path)
        old = {"sequence": hidden(html, "sequence")}
        await li.get(path)
        status, _ = await li.post(f"{path}/move", old | {"starts_at": chosen(hall, 10)})
        moved = await hall.booking(visit)
        assert (status, moved.sequence) == (200, 1)
        for act, fields in (
            ("cancel", {"reason": "停电"}),
            ("move", {"starts_at": chosen(hall, 11)}),
            ("cancel", {"reason": "停电", "sequence": ""}),
        ):
            status, html = await wang.post(f"{path}/{act}", old | fields)
            assert (status, "10:00" in html, "李敏改的" in html, "这次没有动它" in html) == (422, *(True,) * 3)
        after = await hall.booking(visit)
        assert (after.status, after.sequence, after.slot_id) == ("booked", 1, moved.slot_id)
        _, html = await wang.get(path)
        assert ("<dt>谁改的</dt><dd>工作人员 李敏" in html, hidden(html, "sequence")) == (True, "1")
        status, _ = await wang.post(f"{path}/cancel", {"reason": "停电", "sequence": "1"})
        assert (status, (await hall.booking(visit)).status) == (200, "cancelled")


async def test_moved_to_where_it_is_nothing_is_said_or_recorded(hall: Hall) -> None:
    name = somebody()
    async with hall.office.site.app.database.transaction() as db:
        person = await add_person(db, name, hall.office.site.app.vault, account=("telegram", f"t-{name}"))
    visit = await hall.book(name, 9, person_id=person.id)
    path = f"/console/bookings/{visit.booking.id}"
    async with Clerk(hall.office.site) as clerk:
        await clerk.get(path)
        status, html = await clerk.post(f"{path}/move", {"sequence": "0", "starts_at": chosen(hall, 9)})
        assert (status, "还是原来的时间" in html, "对方会收到通知" in html) == (200, True, False)
        assert ("booking_moved" in await clerk.audited(), await notices(hall, visit.booking)) == (False, [])


async def test_whoever_was_not_told_stands_in_a_list_until_a_clerk_has_told_them(hall: Hall) -> None:
    name, other = somebody(), await hall.book(somebody(), 9)
    visit, asked = await hall.book(name, 9, phone="13700003344"), await hall.book(somebody(), 9)
    station = hall.house.station
    async with Clerk(hall.office.site, "agent", station_id=station.id) as clerk:
        _, html = await clerk.get("/console/calls")
        assert "没有人要打电话" in html
        moving = {"sequence": "0", "starts_at": chosen(hall, 10), "reason": "设备检修"}
        _, html = await clerk.post(f"/console/bookings/{visit.booking.id}/move", moving)
        assert ("请当面或打电话告诉他" in html, "在“要打电话”里" in html, "他还不知道这个变化" in html) == (
            True,
            True,
            True,
        )
        fields = {"sequence": "0", "reason": "本人打电话说不来了", "asked": "1"}
        _, html = await clerk.post(f"/console/bookings/{asked.booking.id}/cancel", fields)
        assert ("不用再打电话了" in html, "请当面或打电话" in html) == (True, False)
        for path in (hall.path, "/console/bookings"):
            assert "有 1 位还不知道，要打电话" in (await clerk.get(path))[1]

        # moved once more: what they believe in is still the first time
        later = moving | {"sequence": "1", "starts_at": chosen(hall, 11)}
        await clerk.post(f"/console/bookings/{visit.booking.id}/move", later)
        _, html = await clerk.get("/console/calls")
        assert ("09:00" in html, "11:00" in html, "10:00" in html, "设备检修" in html) == (True, True, False, True)
        assert (visit.booking.code in html, asked.booking.code in html, "13700003344" in html) == (True, False, False)
        _, html = await clerk.post("/console/calls/reveal")
        assert (name in html, "13700003344" in html, "按 Ctrl+P 打印" in html, "print.css" in html) == (True,) * 4
        status, html = await clerk.post(f"/console/calls/{visit.booking.id}/rung", {"sequence": "1"})
        assert (status, "预约又变了" in html, visit.booking.code in html) == (422, True, True)

        async with Clerk(hall.office.site) as colleague:
            await colleague.get("/console/calls")
            status, html = await colleague.post(f"/console/calls/{visit.booking.id}/rung", {"sequence": "2"})
            assert (status, f"{visit.booking.code} 告诉过他了" in html) == (200, True)
            assert "booking_rung" in await colleague.audited()
        status, html = await clerk.post(f"/console/calls/{visit.booking.id}/rung", {"sequence": "2"})
        assert (status, "已经有人打过电话了" in html, "没有人要打电话" in html) == (422, True, True)
        assert {"calls_listed", "calls_revealed"} <= set(await clerk.audited())
        assert (await hall.booking(other)).untold_slot_id is None


async def test_who_is_to_be_rung_up_is_none_of_another_stations_business(hall: Hall) -> None:
    visit, name = await hall.book(somebody(), 9), somebody()
    async with hall.office.site.app.database.transaction() as db:
        elsewhere = await add_station(db, f"{name}站")
    async with Clerk(hall.office.site) as clerk:
        await clerk.get(f"/console/bookings/{visit.booking.id}")
        await clerk.post(f"/console/bookings/{visit.booking.id}/cancel", {"sequence": "0", "reason": "停电"})
        assert visit.booking.code in (await clerk.get("/console/calls"))[1]
    async with Clerk(hall.office.site, "agent", station_id=elsewhere.id) as stranger:
        _, html = await stranger.get("/console/calls")
        assert ("没有人要打电话" in html, visit.booking.code in html) == (True, False)
        status, html = await stranger.post(f"/console/calls/{visit.booking.id}/rung", {"sequence": "1"})
        assert (status, visit.booking.code in html) == (422, False)
        assert (await hall.booking(visit)).untold_slot_id == visit.slot.id
    async with Clerk(hall.office.site, "editor") as editor:
        assert (await editor.get("/console/calls"))[0] == 403


async def test_what_the_person_changes_needs_no_call(hall: Hall) -> None:
    visit = await hall.book(somebody(), 9)
    app = hall.office.site.app
    async with Clerk(hall.office.site) as clerk:
        await clerk.get(f"/console/bookings/{visit.booking.id}")
        fields = {"sequence": "0", "starts_at": chosen(hall, 10)}
        await clerk.post(f"/console/bookings/{visit.booking.id}/move", fields)
        assert (await hall.booking(visit)).untold_slot_id == visit.slot.id
        async with app.database.transaction() as db:
            await bookings.cancel(db, app.settings.booking_rules, visit.booking.id, "本人", app.now())
        row = await hall.booking(visit)
        assert (row.untold_slot_id, row.changed_staff_id) == (None, None)
        _, html = await clerk.get("/console/calls")
        assert visit.booking.code not in html


async def test_a_stations_own_clerk_is_told_of_bookings_that_cannot_be(hall: Hall) -> None:
    visit = await hall.book(somebody(), 9)
    async with Clerk(hall.office.site, "agent", station_id=hall.house.station.id) as clerk:
        for path in (hall.path, "/console/bookings"):
            assert "个预约要处理" not in (await clerk.get(path))[1]
        async with hall.office.site.app.database.transaction() as db:
            await close_day(db, hall.house.station, hall.day)
        for path in (hall.path, "/console/bookings"):
            assert "有 1 个预约要处理" in (await clerk.get(path))[1]
        await clerk.get(f"/console/bookings/{visit.booking.id}")
        await clerk.post(f"/console/bookings/{visit.booking.id}/cancel", {"sequence": "0", "reason": "停电"})
        assert "个预约要处理" not in (await clerk.get(hall.path))[1]


async def test_a_week_without_a_free_time_says_of_each_day_why(hall: Hall) -> None:
    house = hall.house
    async with hall.office.site.app.database.transaction() as db:
        for number in range(9):
            await close_day(db, house.station, hall.day + timedelta(days=number))
    async with Clerk(hall.office.site) as clerk:
        _, html = await clerk.get(
            f"/console/bookings/new?station={house.station.id}&service={house.service.id}&day={hall.day}"
        )
        assert ("7 天没有空的时间" in html, html.count("停办：停电检修")) == (True, 7)


async def test_the_slip_of_a_station_without_a_telephone_names_no_number(office: Office) -> None:
    for phone, said in (("0573-88001234", "请打上面的电话"), (None, "请托人到服务站说一声")):
        hall = await open_hall(office, phone=phone)
        visit = await hall.book(somebody(), 9)
        async with Clerk(office.site) as clerk:
            _, html = await clerk.get(f"/console/bookings/{visit.booking.id}/slip")
            when = f"{hall.day.year}年{hall.day.month}月{hall.day.day}日"
            assert (said in html, when in html, "上午 9:00" in html) == (True, True, True)


async def test_lists_by_day_and_station_and_search(hall: Hall) -> None:
    name = somebody()
    visit, other = await hall.book(name, 9, phone="13700001122"), await hall.book(somebody(), 10)
    async with Clerk(hall.office.site) as clerk:
        base = f"/console/bookings?station={hall.house.station.id}"
        _, html = await clerk.get(base)
        assert "这些日子没有预约" in html  # today there is none
        _, html = await clerk.get(f"{base}&first={hall.day}")
        assert ("共 2 个" in html, visit.booking.code in html, "赵**" in html, name in html) == (
            True,
            True,
            True,
            False,
        )
        _, html = await clerk.get(f"{base}&first={hall.day}&status=cancelled")
        assert "这些日子没有预约" in html
        for nonsense in (
            "first=2026-13-45",
            "page=99999999999",
            "page=-1",
            "status=x",
            "station=abc",
            "last=1999-01-01",
        ):
            assert (await clerk.get(f"/console/bookings?{nonsense}"))[0] == 200
        for code in (visit.booking.code, visit.booking.code[3:].lower()):
            status, html = await clerk.post("/console/bookings/find", {"words": code})
            assert (status, "取消预约" in html) == (200, True)
        for words in (name, "137 0000 1122", "+86 13700001122", "１１２２"):
            status, html = await clerk.post("/console/bookings/find", {"words": words})
            assert (status, visit.booking.code in html, other.booking.code in html) == (200, True, False)
        for words, said in (
            ("没有这个人", "没有找到“没有这个人”"),
            (" ", "请写预约码"),
            ("123", "电话号码好像不对"),
            ("+86", "请写预约码"),
        ):
            status, html = await clerk.post("/console/bookings/find", {"words": words})
            assert (status, said in html) == (422, True)
        assert {"bookings_listed", "bookings_searched"} <= set(await clerk.audited())
        _, html = await clerk.get(f"/console/bookings?first={hall.day}&last={hall.day - timedelta(days=1)}")
        assert "“到哪天”比“从哪天”早" in html
        assert f'first={hall.office.clock().astimezone(CHINA).date() + timedelta(days=1)}">明天' in html


async def test_a_day_of_all_stations_is_counted_by_station(hall: Hall, office: Office) -> None:
    other = Hall(office, (await open_hall(office)).house, hall.day)
    for here, hours in ((hall, (9, 10)), (other, (9,))):
        for hour in hours:
            await here.book(somebody(), hour)
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(f"/console/bookings?first={hall.day}")
        counts = f"{hall.house.station.name} 2 个", f"{other.house.station.name} 1 个"
        assert [count in html for count in counts] == [True, True]
        _, html = await clerk.get(f"/console/bookings?first={hall.day}&station={hall.house.station.id}")
        assert ("共 2 个。" in html, other.house.station.name + " 1 个" in html) == (True, False)


async def test_who_was_here_today_is_found_by_name_phone_and_its_end(hall: Hall) -> None:
    name = somebody()
    visit = await hall.book(name, 9, phone="13700005566")
    hall.begin(9)
    async with Clerk(hall.office.site) as clerk:
        hall.office.clock.moment = hall.at(9) + timedelta(hours=5)
        await clerk.sign_in()
        await clerk.get(f"/console/bookings/{visit.booking.id}")
        await clerk.post(f"/console/bookings/{visit.booking.id}/outcome", {"came": "1"})
        for words in (name, "13700005566", "5566"):
            status, html = await clerk.post("/console/bookings/find", {"words": words})
            assert (status, visit.booking.code in html, "来过了" in html) == (200, True, True)
        hall.office.clock.moment = hall.at(9) + timedelta(days=1)
        await clerk.sign_in()
        status, html = await clerk.post("/console/bookings/find", {"words": name})
        assert (status, "没有找到" in html) == (422, True)


async def test_a_day_beyond_the_decreed_calendar_is_marked(hall: Hall, office: Office) -> None:
    far = await open_hall(office, week={str(day): [["08:00", "18:00"]] for day in range(7)})
    day = far.day.replace(year=2032, month=3, day=10)
    visit = await Hall(office, far.house, day).book(somebody(), 9)
    sure = await hall.book(somebody(), 9)
    async with Clerk(office.site) as clerk:
        for shown, mark in ((visit, True), (sure, False)):
            on = shown.slot.starts_at.astimezone(CHINA).date()
            _, html = await clerk.get(f"/console/bookings?station={shown.station.id}&first={on}")
            assert (shown.booking.code in html, "日历还没公布" in html) == (True, mark)
            _, html = await clerk.get(f"/console/bookings/{shown.booking.id}")
            assert ("日历还没公布，放不放假" in html) == mark


async def test_a_booking_whose_day_was_closed_says_so(hall: Hall) -> None:
    visit = await hall.book(somebody(), 9)
    async with hall.office.site.app.database.transaction() as db:
        await close_day(db, hall.house.station, hall.day)
    async with Clerk(hall.office.site) as clerk:
        _, html = await clerk.get(f"/console/bookings/{visit.booking.id}")
        assert ("这个时间服务站不办了" in html, "停办：停电检修" in html) == (True, True)
        hall.begin()
        await clerk.sign_in()
        _, html = await clerk.get(hall.path)
        assert "今天停办：停电检修" in html


async def test_whether_they_came_is_noted_afterwards(hall: Hall) -> None:
    visit = await hall.book(somebody(), 9)
    path = f"/console/bookings/{visit.booking.id}"
    async with Clerk(hall.office.site) as clerk:
        _, html = await clerk.get(path)
        assert "来了没有" not in html
        hall.office.clock.moment = hall.at(9) + timedelta(days=1)
        await clerk.sign_in()
        _, html = await clerk.get(path)
        assert ("来了没有" in html, "改期</button>" in html) == (True, False)
        _, html = await clerk.post(f"{path}/outcome", {"came": "0"})
        assert ("记为没来" in html, (await hall.booking(visit)).status) == (True, "no_show")
        _, html = await clerk.post(f"{path}/outcome", {"came": "1"})
        assert ("记为来过了" in html, (await hall.booking(visit)).status) == (True, "came")


async def test_what_nobody_noted_is_not_shown_as_come(hall: Hall) -> None:
    name = somebody()
    visit = await hall.book(name, 9, phone="13700007788")
    hall.begin(10)
    await hall.book(name, 16, phone="13700007788")
    path = f"/console/bookings/{visit.booking.id}"
    async with Clerk(hall.office.site) as clerk:
        _, html = await clerk.get(path)
        shown = html.partition("<dt>情况</dt>")[2].partition("</dd>")[0]
        assert ("没有记" in shown, "来过了" in shown) == (True, False)
        _, html = await clerk.get(f"/console/bookings?first={hall.day}&status=over")
        assert visit.booking.code in html
        _, html = await clerk.post(f"{hall.path}/find", {"words": "7788", "window": "1"})
        assert ("没有记" in html, f'value="{visit.booking.id}"' in html) == (True, True)
        _, html = await clerk.post(f"{path}/outcome", {"came": "1"})
        assert ("记为来过了" in html, (await hall.booking(visit)).status) == (True, "came")
