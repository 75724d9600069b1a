"""The desk and the bookings in the console over real HTTP: two clerks at once, numbers, masks, and who may see what."""

import asyncio

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.console import live
from db.staff import Audit
from services import booking_late
from tests.channels.console import Clerk, Office
from tests.channels.desk_office import Hall, open_hall, somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def hall(office: Office) -> Hall:
    return await open_hall(office)


def large(html: str) -> str:
    """Return the number at my window, "" when it is free."""
    _, found, rest = html.partition('data-part aria-label="')
    assert found
    return (
        rest.partition('<p class="large">')[2].partition("<")[0]
        if "正在办</p>" in rest.partition("</section>")[0]
        else ""
    )


async def test_a_day_at_the_desk(hall: Hall) -> None:
    name = somebody()
    one, two = await hall.book(name, 9, phone="13800007654"), await hall.book(somebody(), 9, 30)
    hall.begin(9)
    async with Clerk(hall.office.site, "agent") as clerk:
        status, html = await clerk.get(hall.path)
        assert (status, "您在几号窗口" in html, name in html, "赵**" in html) == (200, True, False, True)
        status, html = await clerk.get(f"{hall.path}?window=一楼大厅左边第二个")
        assert (status, "请写窗口的号码" in html) == (422, True)
        _, html = await clerk.get(f"{hall.path}?window=1号窗口")
        assert ("1号窗口空着" in html, "现在没有人等" in html) == (True, True)
        _, html = await clerk.get("/console/desk")
        assert "1号窗口空着" in html  # the tab leads back to my window
        scanned = f" yy－{one.booking.code[3:].lower()} "
        status, html = await clerk.post(f"{hall.path}/find", {"words": scanned, "window": "1"})
        assert (status, "A001 到了" in html, "下一个就是他" in html, "下一位是 <b>A001</b>" in html) == (
            200,
            True,
            True,
            True,
        )
        _, html = await clerk.post(f"{hall.path}/walk-in", {"service": "", "window": "1"})
        assert ("B001" in html, "前面还有 1 位" in html) == (True, True)
        status, html = await clerk.post(f"{hall.path}/next", {"window": "1"})
        assert (status, "A001 请到1号窗口" in html, large(html)) == (200, True, "A001")
        status, html = await clerk.post(f"{hall.path}/next", {"window": "1"})  # tapped twice
        assert (status, large(html)) == (200, "A001")
        a1, b1 = await hall.tickets()
        _, html = await clerk.post(f"{hall.path}/again", {"window": "1", "ticket": str(a1.id)})
        assert "A001 又叫了一次" in html
        for _ in range(2):
            status, html = await clerk.post(f"{hall.path}/next", {"window": "1", "finished": str(a1.id)})
            assert (status, large(html)) == (200, "B001")
        _, html = await clerk.post(f"{hall.path}/back", {"window": "1", "ticket": str(b1.id)})
        assert ("放回去等了" in html, large(html)) == (True, "")
        _, html = await clerk.post(f"{hall.path}/gone", {"window": "1", "ticket": str(b1.id)})
        assert "B001 不在，先不叫了" in html
        status, html = await clerk.post(f"{hall.path}/no-show", {"window": "1", "booking": str(two.booking.id)})
        assert (status, "30 分钟" in html) == (422, True)
        hall.begin(10)
        await clerk.sign_in()
        _, html = await clerk.get(f"{hall.path}?window=1")
        assert "过了 30 分钟</span>" in html
        _, html = await clerk.post(f"{hall.path}/no-show", {"window": "1", "booking": str(two.booking.id)})
        assert f"{two.booking.code} 记为没来" in html
        _, html = await clerk.post(f"{hall.path}/arrive", {"window": "1", "booking": str(two.booking.id)})
        assert "A002 到了" in html
        assert ((await hall.booking(one)).status, (await hall.booking(two)).status) == ("came", "came")
        audited = set(await clerk.audited())
        assert {
            "desk_viewed", "desk_arrived", "desk_walked_in", "desk_called", "desk_called_again", "desk_back", "desk_gone",
            "desk_no_show",
        } <= audited  # fmt: skip


async def test_two_clerks_at_once_never_call_the_same_person(hall: Hall) -> None:
    hall.begin()
    async with Clerk(hall.office.site, "agent") as one, Clerk(hall.office.site, "agent") as two:
        for clerk in (one, two):
            await clerk.get(hall.path)
        for _ in range(6):
            await one.post(f"{hall.path}/walk-in", {"window": "1"})
        seen: list[str] = []
        finished = {"1": "", "2": ""}
        for _ in range(3):
            pages = await asyncio.gather(
                one.post(f"{hall.path}/next", {"window": "1", "finished": finished["1"]}),
                two.post(f"{hall.path}/next", {"window": "2", "finished": finished["2"]}),
            )
            seen += [large(html) for _, html in pages]
            for ticket in await hall.tickets():
                if ticket.status == "called" and ticket.window:
                    finished[ticket.window] = str(ticket.id)
        assert sorted(seen) == ["B001", "B002", "B003", "B004", "B005", "B006"]
        status, html = await two.post(f"{hall.path}/next", {"window": "1"})
        assert (status, "正在这个窗口办 " in html) == (422, True)


async def test_a_colleagues_window_is_taken_over_knowingly(hall: Hall) -> None:
    hall.begin()
    async with Clerk(hall.office.site, "agent", name="王姐") as one, Clerk(hall.office.site, "agent") as two:
        await hall_line(one, hall, 2)
        await one.post(f"{hall.path}/next", {"window": "1"})
        first, _ = await hall.tickets()
        _, html = await two.get(f"{hall.path}?window=1")
        assert ("王姐在1号窗口办着" in html, "办完，叫下一位" in html) == (True, False)
        status, html = await two.post(f"{hall.path}/next", {"window": "1", "finished": str(first.id)})
        assert (status, "王姐正在这个窗口办 B001" in html) == (422, True)
        assert [ticket.status for ticket in await hall.tickets()] == ["called", "waiting"]
        status, html = await two.post(f"{hall.path}/take-over", {"window": "1", "ticket": str(first.id)})
        assert (status, "B001 由您接着办" in html, "办完，叫下一位" in html) == (200, True, True)
        status, html = await one.post(f"{hall.path}/next", {"window": "1", "finished": str(first.id)})  # an older page
        assert (status, "正在这个窗口办 B001" in html) == (422, True)
        _, html = await two.post(f"{hall.path}/next", {"window": "1", "finished": str(first.id)})
        assert large(html) == "B002"
        assert "desk_taken_over" in await two.audited()


async def test_who_was_called_and_did_not_come_is_on_the_wall_for_a_while(hall: Hall) -> None:
    hall.begin()
    async with Clerk(hall.office.site, "agent") as clerk:
        await hall_line(clerk, hall, 2)
        _, html = await clerk.get(f"{hall.path}/wall")
        assert ("请稍等，马上叫号" in html, "过号" in html) == (True, False)
        await clerk.get(hall.path)
        for ticket in await hall.tickets():
            await clerk.post(f"{hall.path}/next", {"window": "1"})
            await clerk.post(f"{hall.path}/gone", {"window": "1", "ticket": str(ticket.id)})
        _, html = await clerk.get(f"{hall.path}/wall")
        assert "过号：<b>B002</b> <b>B001</b>" in html
        assert ("马上叫号" in html, "现在没有人等" in html) == (False, True)
        hall.office.clock.advance(31 * 60)
        await clerk.sign_in()
        assert "过号" not in (await clerk.get(f"{hall.path}/wall"))[1]


async def test_one_who_is_frail_is_called_first(hall: Hall) -> None:
    hall.begin()
    async with Clerk(hall.office.site, "agent") as clerk, Clerk(hall.office.site, "agent") as other:
        await hall_line(clerk, hall, 3)
        await other.get(hall.path)
        _, html = await clerk.get(hall.path)
        assert "先叫这一位" not in html  # before a window is named
        _, html = await clerk.get(f"{hall.path}?window=1")
        assert [f"{number} 先叫这一位" in html for number in ("B001", "B002", "B003")] == [False, True, True]
        _, _, third = await hall.tickets()
        for _ in range(2):
            status, html = await clerk.post(f"{hall.path}/first", {"window": "1", "ticket": str(third.id)})
            assert (status, large(html), "先叫这一位" in html) == (200, "B003", False)
        assert "B003 请到1号窗口" in html
        status, html = await other.post(f"{hall.path}/first", {"window": "2", "ticket": str(third.id)})
        assert (status, "刚才已经有人处理了" in html, large(html)) == (422, True, "")
        status, html = await other.post(f"{hall.path}/first", {"window": "2", "ticket": "没有"})
        assert (status, "没有找到这个号" in html) == (422, True)
        async with hall.office.site.app.database.snapshot() as db:
            lines = await db.scalars(select(Audit).where(Audit.action == "desk_called_first").order_by(Audit.id))
            detail = next(line.detail for line in lines if line.staff_id == clerk.staff.id)
        assert detail == {"number": "B003", "window": "1", "ahead": 2}
        _, html = await other.post(f"{hall.path}/next", {"window": "2"})
        assert large(html) == "B001"


async def test_the_wall_needs_no_session_and_hears_of_a_call(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_POLL_SECONDS", 600)  # it hears at once, not by looking now and then
    hall.begin()
    async with Clerk(hall.office.site, "agent") as clerk, Clerk(hall.office.site, sign_in=False) as screen:
        await hall_line(clerk, hall, 2)
        async with clerk.session.get(f"{hall.path}/wall", allow_redirects=False) as response:
            wall = response.headers["Location"]
        status, html = await screen.get(wall)
        assert (status, "接下来：<b>B001</b>" in html, "退出" in html) == (200, True, False)
        async with screen.session.get(f"{wall}/stream") as stream:
            assert (await stream.content.readline()).strip() == b"event: change"
            before = await stream.content.readline()
            await clerk.post(f"{hall.path}/next", {"window": "3"})
            async with asyncio.timeout(30):
                while not (line := await stream.content.readline()).startswith(b"data:"):
                    pass
            assert line != before
        _, html = await screen.get(f"{wall}/now")
        assert ("<b>B001</b> <span>请到 3号窗口</span>" in html, "接下来：<b>B002</b>" in html) == (True, True)
        forged = wall.replace(wall[-6:], "abcdef")
        assert [(await screen.get(f"{forged}{part}"))[0] for part in ("", "/now", "/stream")] == [404] * 3
        assert (await screen.get(hall.path))[1].count("登录") > 0


async def hall_line(clerk: Clerk, hall: Hall, count: int) -> None:
    await clerk.get(hall.path)
    for _ in range(count):
        await clerk.post(f"{hall.path}/walk-in", {"window": "1"})


async def test_the_open_desk_hears_of_a_colleague(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_POLL_SECONDS", 600)
    hall.begin()
    async with Clerk(hall.office.site, "agent") as one, Clerk(hall.office.site, "agent") as two:
        async with one.session.get(f"{hall.path}/stream") as stream:
            assert (await stream.content.readline()).strip() == b"event: change"
            await stream.content.readline()
            await hall_line(two, hall, 1)
            async with asyncio.timeout(30):
                while not (await stream.content.readline()).startswith(b"data:"):
                    pass
        status, html = await one.get(f"{hall.path}/now?window=1")
        assert (status, "叫下一位（B001）" in html, "<html" in html) == (200, True, False)


async def test_who_comes_on_the_wrong_day_or_to_the_wrong_station(hall: Hall, office: Office) -> None:
    visit = await hall.book(somebody(), 9)
    other = await open_hall(office)
    async with Clerk(office.site) as clerk:
        await clerk.get(hall.path)
        status, html = await clerk.post(f"{hall.path}/find", {"words": visit.booking.code, "window": "1"})
        assert (status, "不是今天" in html, f"/console/bookings/{visit.booking.id}" in html) == (422, True, True)
        hall.begin()
        await clerk.sign_in()
        await clerk.get(other.path)
        status, html = await clerk.post(f"{other.path}/find", {"words": visit.booking.code, "window": "1"})
        assert (status, f"约的是{hall.house.station.name}" in html) == (422, True)
        status, html = await clerk.post(f"{other.path}/find", {"words": "没有这个人", "window": "1"})
        assert (status, "没有找到“没有这个人”" in html, 'value="没有这个人"' in html) == (422, True, True)
        for act in ("no-show", "arrive"):
            status, html = await clerk.post(f"{other.path}/{act}", {"window": "1", "booking": str(visit.booking.id)})
            assert (status, visit.booking.code in html, hall.house.station.name in html) == (422, False, False)
        assert (await hall.booking(visit)).status == "booked"


async def test_a_name_or_a_phone_finds_whom_to_tick(hall: Hall) -> None:
    name = somebody()
    visit = await hall.book(name, 9, phone="13900004321")
    await hall.book(somebody(), 9, phone="13900008888")
    hall.begin()
    async with Clerk(hall.office.site) as clerk:
        await clerk.get(hall.path)
        for words in (name, "4321"):
            status, html = await clerk.post(f"{hall.path}/find", {"words": words, "window": "1"})
            found = html.partition("<h2>找到的人</h2>")[2].partition("</table>")[0]
            assert (status, visit.booking.code in found, found.count("<tr>")) == (200, True, 2)
        _, html = await clerk.post(f"{hall.path}/arrive", {"window": "1", "booking": str(visit.booking.id)})
        (ticket,) = await hall.tickets()
        _, html = await clerk.post(f"{hall.path}/unarrive", {"window": "1", "ticket": str(ticket.id)})
        assert ("A001 改回还没到" in html, (await hall.booking(visit)).status) == (True, "booked")


async def test_only_the_staff_of_a_station_use_its_desk(hall: Hall, office: Office) -> None:
    other = await open_hall(office)
    visit = await hall.book(somebody(), 9)
    async with Clerk(office.site, "agent", station_id=other.house.station.id) as clerk:
        for path in (hall.path, f"{hall.path}/now", f"{hall.path}/stream", f"{hall.path}/wall"):
            status, html = await clerk.get(path)
            assert (status, "不是您的站" in html) == (422, True), path
        await clerk.get(other.path)
        for act in ("walk-in", "next", "first", "arrive", "find"):
            status, html = await clerk.post(f"{hall.path}/{act}", {"window": "1", "words": "啊啊"})
            assert status == 422
        assert await hall.tickets() == []
        assert (await clerk.get(f"/console/bookings/{visit.booking.id}"))[0] == 422
        assert (await clerk.get(f"/console/bookings/{visit.booking.id}/slip"))[0] == 422
        assert (await clerk.get(f"/console/bookings/{visit.booking.id}/code.svg"))[0] == 422
        await clerk.get("/console/bookings")
        status, html = await clerk.post("/console/bookings/find", {"words": visit.booking.code})
        assert (status, "不是您的站的" in html, f"/console/bookings/{visit.booking.id}" in html) == (422, True, False)
        status, html = await clerk.get("/console/desk")
        assert (status, other.house.station.name in html) == (200, True)  # the only one they have
    for role in ("editor", "grid"):
        async with Clerk(office.site, role, station_id=hall.house.station.id) as clerk:
            assert [(await clerk.get(path))[0] for path in (hall.path, "/console/bookings")] == [403, 403]


async def test_the_slip_of_a_number(hall: Hall) -> None:
    hall.begin()
    async with Clerk(hall.office.site) as clerk:
        await hall_line(clerk, hall, 2)
        _, ticket = await hall.tickets()
        status, html = await clerk.get(f"{hall.path}/numbers/{ticket.id}?window=1")
        assert (status, "B002" in html, "前面还有 1 位" in html, hall.house.station.name in html) == (
            200,
            True,
            True,
            True,
        )
        assert (await clerk.get(f"{hall.path}/numbers/{ticket.id + 50}"))[0] == 422


async def test_what_a_page_fetches_by_itself_takes_no_notice_away(hall: Hall) -> None:
    hall.begin()
    async with Clerk(hall.office.site) as clerk:
        await hall_line(clerk, hall, 1)
        fields = {"csrf": clerk.csrf, "window": "1"}
        async with clerk.session.post(f"{hall.path}/next", data=fields, allow_redirects=False) as response:
            assert response.status == 303
        await clerk.get(f"{hall.path}/now?window=1")  # the live part is quicker than the page that follows
        _, html = await clerk.get(f"{hall.path}?window=1")
        assert "B001 请到1号窗口" in html


async def test_who_said_they_will_be_late_is_marked_so(hall: Hall) -> None:
    one, two = await hall.book(somebody(), 9), await hall.book(somebody(), 9)
    async with hall.office.site.app.database.transaction() as db:
        assert await booking_late.note(db, one.booking.id, 45)
        assert await booking_late.note(db, two.booking.id, 0)
    hall.begin(9, 35)
    async with Clerk(hall.office.site, "agent") as clerk:
        _, html = await clerk.get(hall.path)
        assert ("约晚到45分钟</span>" in html, "会晚到</span>" in html) == (True, True)
        assert html.count("过了 30 分钟</span>") == 1
