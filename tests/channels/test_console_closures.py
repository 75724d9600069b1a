"""A day is closed, and whoever booked is moved or cancelled, each or all, with the reason; nobody's place is lost."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.console.desk_words import time_name
from core.clock import day_of
from db.bookings import StationClosure
from db.engine import Database
from db.turns import Outbox
from services import booking_lists, bookings, slots
from services.bookings import Visit, Who, Wish
from services.timetable import read_timetable
from services.who import BY_STAFF
from tests.channels.console import Clerk, Office, hidden
from tests.channels.test_console_stations import _name
from tests.fakes.stationhouse import House, add_service, add_station, check_slots, offer, somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEEK = {str(day): [["09:00", "11:00"]] for day in range(7)}


def _database(office: Office) -> Database:
    return office.site.app.database


async def _house(office: Office, name: str = "") -> House:
    """Open a station that is open every day but holidays, for one visit at a time."""
    async with _database(office).transaction() as db:
        station = await add_station(db, name or _name(), week=WEEK, horizon_days=30, notice_minutes=0)
        return await offer(db, station, await add_service(db, _name(), words=[], capacity=1))


async def _times(office: Office, house: House) -> list[datetime]:
    """Return what is free from the day after tomorrow on."""
    now = office.clock()
    async with _database(office).snapshot() as db:
        timetable = await read_timetable(db, station_ids=[house.station.id])
        first = day_of(now) + timedelta(days=2)
        rules = office.site.app.settings.booking_rules
        last = first + timedelta(days=20)
        found = await slots.open_slots(db, timetable, timetable.provisions, first, last, rules, now)
    return [one.starts_at for one in found]


async def _book(office: Office, house: House, starts_at: datetime, *, writes: bool) -> Visit:
    """Book for somebody who writes to us, or for a name with a phone that staff wrote down."""
    async with _database(office).transaction() as db:
        written = Who(name=_visitor(house), phone="13800001111", made_by=BY_STAFF)
        who = await somebody(db, _name()) if writes else written
        wish = Wish(house.station.id, house.service.id, starts_at, "", who)
        return await bookings.reserve(
            db, office.site.app.vault, office.site.app.settings.booking_rules, wish, office.clock()
        )


def _visitor(house: House) -> str:
    """Return a name that nobody has at another station of these tests: one cannot be at two at a time."""
    return f"王{house.station.name[1:4]}"


async def _as_it_is(office: Office, visit: Visit) -> Visit:
    async with _database(office).snapshot() as db:
        found = await booking_lists.find(db, visit.booking.id)
    assert found is not None
    return found


async def _told(office: Office, visit: Visit) -> list[str]:
    async with _database(office).snapshot() as db:
        rows = await db.scalars(select(Outbox).where(Outbox.address_id == visit.booking.address_id))
        return [row.payload["text"] for row in rows]


async def _close(clerk: Clerk, house: House, day: date, reason: str = "停电检修") -> tuple[int, str]:
    await clerk.get(f"/console/closures?station={house.station.id}")
    fields = {"station": str(house.station.id), "day": str(day), "reason": reason}
    return await clerk.post("/console/closures", fields)


def _day(moment: datetime) -> date:
    return day_of(moment)


def _filled(html: str, visits: Sequence[Visit], reason: str, act: str) -> dict[str, object]:
    """Return the form as the page offers it: every visit ticked, each with the time that is proposed."""
    fields: dict[str, object] = {"reason": reason, "act": act, "booking": [str(one.booking.id) for one in visits]}
    for one in visits:
        fields[f"sequence_{one.booking.id}"] = hidden(html, f"sequence_{one.booking.id}")
        part = html.partition(f'name="to_{one.booking.id}"')[2].partition("</select>")[0]
        chosen = re.search(r'value="([^"]+)" selected', part)
        assert chosen, html
        fields[f"to_{one.booking.id}"] = chosen[1].replace("&#43;", "+")
    return fields


async def _handle(clerk: Clerk, html: str, visits: Sequence[Visit], act: str) -> tuple[int, str]:
    fields = _filled(html, visits, "停电检修", act)
    data = [("csrf", clerk.csrf)]
    for name, value in fields.items():
        data += [(name, one) for one in value] if isinstance(value, list) else [(name, str(value))]
    async with clerk.session.post("/console/stranded", data=data) as response:
        return response.status, clerk._seen(await response.text())


async def test_a_day_that_nobody_booked_is_closed_and_opened_again(office: Office) -> None:
    house = await _house(office)
    day = _day((await _times(office, house))[0])
    async with Clerk(office.site, role="agent", station_id=house.station.id) as clerk:
        status, html = await _close(clerk, house, day)
        assert (status, "没有人预约" in html, "停电检修" in html) == (200, True, True)
        assert day not in {_day(time) for time in await _times(office, house)}
        fields = {"station": str(house.station.id), "day": str(day)}
        status, html = await clerk.post("/console/closures/reopen", fields)
        assert (status, "照常上班了" in html) == (200, True)
        assert day in {_day(time) for time in await _times(office, house)}
        assert (await clerk.audited())[-2:] == ["station_closed", "station_reopened"]


async def test_all_of_a_closed_day_are_moved_to_times_of_their_own_and_told(office: Office) -> None:
    house = await _house(office)
    times = await _times(office, house)
    day = _day(times[0])
    visits = [await _book(office, house, time, writes=True) for time in times[:3]]
    async with Clerk(office.site) as clerk:
        status, html = await _close(clerk, house, day)
        assert (status, "有人预约" in html, html.count('name="booking"')) == (200, True, 3)
        assert all(one.booking.status == "booked" for one in [await _as_it_is(office, one) for one in visits])
        status, html = await _handle(clerk, html, visits, "move")
        assert (status, "改好了 3 个" in html, "没有办成" in html) == (200, True, False), html
        after = [await _as_it_is(office, one) for one in visits]
        assert len({one.slot.starts_at for one in after}) == 3
        assert all(_day(one.slot.starts_at) > day for one in after)
        assert [(one.booking.sequence, one.booking.changed_by, one.booking.reason) for one in after] == [
            (1, "工作人员", "停电检修")
        ] * 3
        for one in after:
            assert any("停电检修" in text and one.booking.code in text for text in await _told(office, one))
        async with _database(office).snapshot() as db:
            await check_slots(db)
        assert "没有要处理的预约" in (await clerk.get("/console/stranded"))[1]


@pytest.mark.parametrize(
    ("act", "said", "status"), [("cancel", "取消了 1 个", "cancelled"), ("move", "改好了 1 个", "booked")]
)
async def test_whoever_cannot_be_written_to_is_to_be_telephoned(
    office: Office, act: str, said: str, status: str
) -> None:
    house = await _house(office)
    times = await _times(office, house)
    visits = [await _book(office, house, time, writes=index == 0) for index, time in enumerate(times[:2])]
    async with Clerk(office.site) as clerk:
        _, html = await _close(clerk, house, _day(times[0]))
        assert "13800001111" not in html
        seen, html = await _handle(clerk, html, visits[1:], act)
        assert (seen, said in html, "没有办成" in html) == (200, True, False), html
        assert (_visitor(house) in html, "13800001111" in html) == (True, True)
        after = [await _as_it_is(office, one) for one in visits]
        assert [one.booking.status for one in after] == ["booked", status]
        assert after[1].booking.reason == "停电检修"
        async with _database(office).snapshot() as db:
            await check_slots(db)
        _, html = await clerk.get("/console/stranded")
        assert (visits[0].booking.code in html, visits[1].booking.code in html) == (True, False)
        await _handle(clerk, html, visits[:1], "cancel")


async def test_the_second_of_two_clerks_with_one_list_undoes_nothing(office: Office) -> None:
    house = await _house(office)
    times = await _times(office, house)
    visits = [await _book(office, house, time, writes=False) for time in times[:1]]
    visits.append(await _book(office, house, times[1], writes=True))
    async with Clerk(office.site, name="王姐") as wang, Clerk(office.site, name="李敏") as li:
        _, html = await _close(wang, house, _day(times[0]))
        _, old = await li.get(f"/console/stranded?station={house.station.id}&day={_day(times[0])}")
        _, html = await _handle(wang, html, visits, "move")
        assert ("改好了 2 个" in html, "print.css" in html, "要打电话" in html) == (True, True, True)
        when = time_name(times[0])
        assert (html.count(when), "原因：停电检修" in html) == (1, True)
        status, html = await _handle(li, old, visits, "cancel")
        assert (status, "取消了 0 个，没有办成 2 个" in html, html.count("王姐改的")) == (200, True, 2)
        after = [await _as_it_is(office, one) for one in visits]
        assert [(one.booking.status, one.booking.sequence) for one in after] == [("booked", 1)] * 2
        assert all(one.slot.starts_at not in times[:2] for one in after)
        _, html = await li.get("/console/calls")  # the page of the first clerk may be gone
        assert [one.booking.code in html for one in visits] == [True, False]
        assert when in html


async def test_a_time_that_somebody_else_took_meanwhile_is_told_and_the_old_one_stands(office: Office) -> None:
    house = await _house(office)
    times = await _times(office, house)
    one = await _book(office, house, times[0], writes=True)
    async with Clerk(office.site) as clerk:
        _, html = await _close(clerk, house, _day(times[0]))
        proposed = datetime.fromisoformat(str(_filled(html, [one], "", "move")[f"to_{one.booking.id}"]).split("@")[1])
        await _book(office, house, proposed, writes=True)
        status, html = await _handle(clerk, html, [one], "move")
        assert (status, "改好了 0 个" in html, "没有办成 1 个" in html) == (200, True, True)
        after = await _as_it_is(office, one)
        assert (after.booking.status, after.slot.starts_at) == ("booked", times[0])
        _, html = await clerk.get("/console/stranded")
        status, html = await _handle(clerk, html, [one], "move")
        assert "改好了 1 个" in html


async def test_one_that_is_not_theirs_hides_nothing_of_what_was_done_with_the_others(office: Office) -> None:
    house = await _house(office)
    times = await _times(office, house)
    one = await _book(office, house, times[0], writes=False)
    async with Clerk(office.site) as clerk:
        await _close(clerk, house, _day(times[0]))
        data = [("csrf", clerk.csrf), ("act", "cancel"), ("reason", "停电"), ("booking", str(one.booking.id))]
        data.append((f"sequence_{one.booking.id}", "0"))
        async with clerk.session.post("/console/stranded", data=[*data, ("booking", "9" * 18)]) as response:
            status, html = response.status, clerk._seen(await response.text())
        assert (status, "取消了 1 个" in html, "还有 1 个没有找到" in html) == (200, True, True)
        assert (_visitor(house) in html, "13800001111" in html) == (True, True)


async def test_a_day_marked_free_in_the_calendar_leads_to_who_has_to_be_helped(office: Office) -> None:
    house = await _house(office)
    times = await _times(office, house)
    one = await _book(office, house, times[0], writes=True)
    async with Clerk(office.site, role="lead") as clerk:
        await clerk.get("/console/calendar")
        day = str(_day(times[0]))
        _, html = await clerk.post("/console/calendar/days", {"day": day, "how": "free", "note": "全局培训"})
        assert "个预约要处理" in html
        _, html = await clerk.get("/console/stranded")
        assert one.booking.code in html
        await _handle(clerk, html, [one], "cancel")
        await clerk.get("/console/calendar")
        _, html = await clerk.post("/console/calendar/days", {"day": day, "how": "decreed"})
        assert "个预约要处理" not in html


async def test_where_the_station_has_nothing_left_another_one_is_proposed(office: Office) -> None:
    house, other = await _house(office), await _house(office, f"{_name()}另站")
    async with _database(office).transaction() as db:
        await offer(db, other.station, house.service)
    times = await _times(office, house)
    one = await _book(office, house, times[0], writes=True)
    async with Clerk(office.site) as clerk:
        async with _database(office).transaction() as db:
            (await db.get_one(type(house.station), house.station.id)).closed_on = day_of(office.clock())
        _, html = await clerk.get("/console/stranded")
        assert other.station.name in html
        _, html = await _handle(clerk, html, [one], "move")
        assert "改好了 1 个" in html, html
        assert (await _as_it_is(office, one)).station.id == other.station.id


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": " "}, "原因"),
        ({"reason": "长" * 61}, "太长"),
        ({"day": "2020-01-01"}, "已经过去"),
        ({"day": "2099-12-31"}, "太远"),
        ({"day": "9999-12-31"}, "请选一个日期"),
        ({"day": "2026-02-30"}, "请选一个日期"),
        ({"station": ""}, "请选一个服务站"),
        ({"station": "999999"}, "没有找到这个服务站"),
    ],
)
async def test_what_cannot_be_closed(office: Office, changes: dict[str, str], said: str) -> None:
    house = await _house(office)
    day = str(_day((await _times(office, house))[0]))
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/closures")
        fields = {"station": str(house.station.id), "day": day, "reason": "停电"} | changes
        status, html = await clerk.post("/console/closures", fields)
        assert (status, said in html) == (422, True)
        async with _database(office).snapshot() as db:
            closed = select(StationClosure).where(StationClosure.station_id == house.station.id)
            assert (await db.scalars(closed)).all() == []


async def test_a_station_is_closed_by_its_own_staff_only(office: Office) -> None:
    house, other = await _house(office), await _house(office)
    times = await _times(office, house)
    one = await _book(office, house, times[0], writes=True)
    async with Clerk(office.site) as clerk:
        await _close(clerk, house, _day(times[0]))
    async with Clerk(office.site, role="agent", station_id=other.station.id) as clerk:
        status, html = await _close(clerk, house, _day(times[1]))
        assert (status, "不是您的站" in html) == (422, True)
        assert house.station.name not in html
        _, html = await clerk.get("/console/stranded")
        assert one.booking.code not in html
        data = {"booking": str(one.booking.id), "act": "cancel", "reason": "试试"}
        status, html = await clerk.post("/console/stranded", data)
        assert (status, "不是您的站" in html) == (422, True)
        assert (await _as_it_is(office, one)).booking.status == "booked"
    async with _database(office).transaction() as db:
        now = office.clock()
        rules = office.site.app.settings.booking_rules
        await bookings.cancel(db, rules, one.booking.id, BY_STAFF, now, "收尾")


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"act": "move", "reason": "停电"}, "请先勾选"), ({"act": "cancel", "reason": "", "booking": "1"}, "请写上原因")],
)
async def test_nothing_ticked_or_no_reason(office: Office, fields: dict[str, str], said: str) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/stranded")
        status, html = await clerk.post("/console/stranded", fields)
        assert (status, said in html) == (422, True)


async def test_not_for_editors(office: Office) -> None:
    async with Clerk(office.site, role="editor") as clerk:
        for path in ("/console/closures", "/console/stranded"):
            assert (await clerk.get(path))[0] == 403
