"""Who reads on a channel without files gets a line with a link, which opens the calendar entry and nothing else."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import vobject
from aiohttp import web
from sqlalchemy import delete, select, update

from bot.calendar_link import CalendarLinks
from bot.channels.base import Message
from bot.channels.web.page import add_headers
from bot.keys import read_key
from bot.metrics import Metrics
from bot.wake import Wake
from bot.workers.deliver import Deliverer
from core.reply import Document, Reply
from db.bookings import Booking
from db.engine import Database
from db.turns import Outbox
from handlers import texts
from services import outbox
from tests.fakes.clock import SettableClock
from tests.fakes.stationhouse import open_house
from tests.journeys.world import Visitor
from tests.site import Site

KEY = bytes(range(32))
ENTRY = Document("预约YY-12345.ics", "text/calendar", "BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR\r\n")


@dataclass
class Terminal:
    """A channel that shows words only."""

    name: str = "terminal"
    takes_files: bool = False
    shown: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> None:
        self.shown.append(message)


@dataclass
class Bench:
    """The links served on a real port, and the terminal that they are sent to."""

    database: Database
    clock: SettableClock
    links: CalendarLinks
    session: aiohttp.ClientSession
    terminal: Terminal = field(default_factory=Terminal)

    async def says(self, reply: Reply, *, links: CalendarLinks | None = None) -> int:
        """Have the service say something; return the row."""
        async with self.database.transaction() as db:
            to = outbox.Recipient("terminal", "laozhang", None, 4096)
            (row_id,) = await outbox.post(db, to, reply, self.clock())
        await self.deliver(links or self.links)
        return row_id

    async def deliver(self, links: CalendarLinks | None) -> None:
        channels = {"terminal": self.terminal}
        lease = timedelta(seconds=30)
        deliverer = Deliverer(
            self.database, channels, Wake(), Metrics(), self.clock, lease, Path, links=links
        )  # fmt: skip
        while await deliverer.deliver_once():
            pass

    @property
    def line(self) -> str:
        """Return the last line that was shown."""
        return self.terminal.shown[-1].text.split("\n")[-1]

    @property
    def path(self) -> str:
        """Return where the last link leads, on this site."""
        return self.line[self.line.index("/calendar/") :]

    async def opens(self, path: str) -> tuple[int, str]:
        async with self.session.get(path) as response:
            return response.status, (await response.read()).decode()


@pytest.fixture
async def bench(database: Database, clock: SettableClock) -> AsyncIterator[Bench]:
    app = web.Application()
    app.on_response_prepare.append(add_headers)
    links = CalendarLinks(database, KEY, "https://yizhan.example/")
    app.add_routes(links.routes())
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession(url) as session:
        yield Bench(database, clock, links, session)
    await runner.cleanup()


async def test_a_visit_booked_without_files_opens_in_a_calendar(bench: Bench) -> None:
    async with bench.database.transaction() as db:
        await open_house(db)
    visitor = Visitor(bench.database, channel="terminal", clock=bench.clock)
    said = await visitor.says("预约")
    said = await visitor.says(said.digit("优待证申领"), "1", "1")
    await bench.deliver(bench.links)
    shown = bench.terminal.shown[-1]
    assert shown.text.startswith(said.text + "\n加到手机日历：https://yizhan.example/calendar/")
    assert shown.document is None
    async with bench.session.get(bench.path) as response:
        assert (response.status, response.content_type, response.charset) == (200, "text/calendar", "utf-8")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
        entry = vobject.readOne(await response.text()).vevent
    async with bench.database.snapshot() as db:
        booking = (await db.scalars(select(Booking))).one()
    assert entry.uid.value == f"{booking.code}@yizhan"
    assert "南街服务站" in entry.location.value


async def test_it_gives_what_the_message_said_though_another_came_since(bench: Bench) -> None:
    await bench.says(Reply("约好了。", document=ENTRY))
    first = bench.path
    moved = Document("预约YY-12345.ics", "text/calendar", ENTRY.text.replace("METHOD", "SEQUENCE:1\r\nMETHOD"))
    await bench.says(Reply("改好了。", document=moved))
    assert await bench.opens(first) == (200, ENTRY.text)
    assert await bench.opens(bench.path) == (200, moved.text)


async def test_a_cancelled_visit_leads_out_of_the_calendar(bench: Bench) -> None:
    gone = Document("取消预约YY-12345.ics", "text/calendar", ENTRY.text.replace("PUBLISH", "CANCEL"))
    await bench.says(Reply("取消了。", document=gone))
    assert bench.line.startswith("从手机日历里去掉：https://yizhan.example/calendar/")


async def test_nobody_opens_another_s_by_counting_or_by_guessing(bench: Bench) -> None:
    mine = await bench.says(Reply("约好了。", document=ENTRY))
    path, signature = bench.path, bench.path.partition("-")[2]
    other = await bench.says(Reply("约好了。", document=ENTRY))
    forged = CalendarLinks(bench.database, KEY[::-1], "https://yizhan.example")
    async with bench.database.snapshot() as db:
        foreign = forged.line(await db.get_one(Outbox, mine))
    for guess in (
        f"/calendar/{other}-{signature}", f"/calendar/{mine}", f"/calendar/{mine}-", path[:-1], path + "0",
        path.upper().replace("CALENDAR", "calendar"), f"/calendar/0{path.removeprefix('/calendar/')}", f"/calendar/{'9' * 30}-{signature}",
        f"/calendar/٣-{signature}", "/calendar/-", "/calendar/x", f"/calendar/{mine}.{signature}",
        foreign[foreign.index("/calendar/") :],
    ):  # fmt: skip
        assert await bench.opens(guess) == (404, texts.CALENDAR_GONE), guess
    assert (await bench.opens(path))[0] == 200


@pytest.mark.parametrize("status", ["held", "cancelled", "dead"])
async def test_what_was_not_said_is_not_given(bench: Bench, status: str) -> None:
    row_id = await bench.says(Reply("约好了。", document=ENTRY))
    async with bench.database.transaction() as db:
        await db.execute(update(Outbox).where(Outbox.id == row_id).values(status=status))
    assert (await bench.opens(bench.path))[0] == 404


async def test_it_ends_with_its_message_and_never_comes_to_mean_a_later_one(bench: Bench) -> None:
    """SQLite gives the number of a last row that was deleted to the next."""
    row_id = await bench.says(Reply("约好了。", document=ENTRY))
    path = bench.path
    async with bench.database.transaction() as db:
        await db.execute(delete(Outbox))
    assert (await bench.opens(path))[0] == 404
    async with bench.database.transaction() as db:
        said = {
            "text": "约好了。",
            "choices": [],
            "document": {"name": "a.ics", "media_type": "text/calendar", "text": "BEGIN"},
        }
        values: dict[str, Any] = {
            "at": bench.clock(),
            "available_at": bench.clock(),
            "status": "sent",
            "lane": 0,
            "attempts": 1,
        }
        db.add(Outbox(id=row_id, channel="terminal", recipient="laoli", payload=said, **values))
    assert (await bench.opens(path))[0] == 404


@pytest.mark.parametrize("site", ["", None], ids=["no address", "no links"])
async def test_without_an_address_of_ours_the_words_come_alone(bench: Bench, site: str | None) -> None:
    async with bench.database.transaction() as db:
        to = outbox.Recipient("terminal", "laozhang", None, 4096)
        await outbox.post(db, to, Reply("约好了。", document=ENTRY), bench.clock())
    await bench.deliver(None if site is None else CalendarLinks(bench.database, KEY, site))
    assert (bench.terminal.shown[-1].text, bench.terminal.shown[-1].document) == ("约好了。", None)


async def test_a_message_without_an_entry_has_no_line(bench: Bench) -> None:
    await bench.says(Reply("您好。"))
    assert bench.line == "您好。"
    await bench.says(Reply("名单在这里。", document=Document("名单.csv", "text/csv", "姓名\r\n")))
    assert bench.line == "名单在这里。"


async def test_a_channel_that_takes_files_gets_the_file_and_no_line(bench: Bench) -> None:
    bench.terminal.takes_files = True
    await bench.says(Reply("约好了。", document=ENTRY))
    assert (bench.terminal.shown[-1].text, bench.terminal.shown[-1].document) == ("约好了。", ENTRY)


@pytest.mark.asyncio(loop_scope="session")
async def test_the_service_answers_its_links_without_a_cookie(site: Site) -> None:
    key = read_key(site.app.settings.data_dir, "calendar.key")
    links = CalendarLinks(site.app.database, key, site.url)
    async with site.app.database.transaction() as db:
        to = outbox.Recipient("terminal", "laozhang", None, 4096)
        (row_id,) = await outbox.post(db, to, Reply("约好了。", document=ENTRY), site.app.now())
        link = links.line(await db.get_one(Outbox, row_id)).partition("：")[2]
    async with aiohttp.ClientSession() as session, session.get(link) as response:
        assert (response.status, await response.read()) == (200, ENTRY.text.encode())
        assert response.headers.getall("Cache-Control") == ["no-store"]
        assert response.cookies == {}
