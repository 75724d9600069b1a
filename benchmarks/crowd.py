"""A county's worth of made-up people, written inside the database, because a million rows through Python take minutes."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from sqlalchemy import JSON, Date, Integer, String, case, cast, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.selectable import CTE

from core.tick import Pass
from db.base import UtcDateTime
from db.campaigns import Certification
from db.engine import Database
from db.people import Address, Conversation, Person
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import broadcasts, campaigns
from services.audience import Audience
from services.broadcasts import Sheet
from services.campaign_steps import default_steps
from services.campaigns import CampaignSheet
from services.outbox import payload

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Ten in the morning in China: no quiet hours."""
TEXT = "本周六上午九点，县人民医院为优抚对象免费体检，请带身份证和优待证，早上不要吃东西。" * 3
"""About the length of an announcement."""


async def settle(database: Database, count: int) -> None:
    """Write down so many people, each with a Telegram account that has written to us; ids count from 1."""
    number = _numbers(count)
    n, now = number.c.n, literal(NOW, UtcDateTime())
    people = select(n, literal([], JSON), now).select_from(number)
    accounts = select(n, n, literal("telegram"), cast(n + 10**6, String), literal(value=True), now).select_from(number)
    talks = select(n, literal({}, JSON), literal([], JSON)).select_from(number)
    async with database.transaction() as db:
        await db.execute(insert(Person).from_select(["id", "categories", "created_at"], people))
        columns = ["id", "person_id", "channel", "external_id", "reachable", "created_at"]
        await db.execute(insert(Address).from_select(columns, accounts))
        await db.execute(insert(Conversation).from_select(["address_id", "data", "menu"], talks))
        for number_of_staff in (1, 2):
            db.add(Staff(login=f"s{number_of_staff}", name="李", role="admin", created_at=NOW))
    await analyse(database)


def _numbers(count: int) -> CTE:
    first = select(literal(1, Integer).label("n")).cte("number", recursive=True)
    return first.union_all(select(first.c.n + 1).where(first.c.n < count))


async def analyse(database: Database) -> None:
    """Let PostgreSQL look at the tables at once, as its daemon would within a minute; SQLite is never asked to."""
    if not database.embedded:
        async with database.transaction() as db:
            await db.execute(text("ANALYZE"))


async def approved_broadcast(database: Database, now: datetime = NOW) -> int:
    """Draft, submit and approve a broadcast to everybody."""
    async with database.transaction() as db:
        drafter, approver = [await db.get_one(Staff, number) for number in (1, 2)]
        sheet = Sheet("免费体检通知", TEXT, Audience(strangers=True))
        made = await broadcasts.create(db, drafter, sheet, now)
        await broadcasts.submit(db, made.id, now)
        await broadcasts.approve(db, approver, made.id, now, now)
        return made.id


async def campaign(database: Database, count: int, due_each: int) -> None:
    """Run a campaign in which everybody has a pending reminder, of which each so-and-so-many-th is due by `NOW`."""
    day = NOW.date()
    sheet = CampaignSheet("生存认证", 2026, "第八条", day, date(2027, 6, 30), default_steps())
    number = _numbers(count)
    n = number.c.n
    next_at = case(
        (n % due_each == 0, literal(NOW - timedelta(hours=1), UtcDateTime())),
        else_=literal(NOW + timedelta(days=60), UtcDateTime()),
    )
    async with database.transaction() as db:
        made = await campaigns.create(db, await db.get_one(Staff, 1), sheet, NOW - timedelta(days=1))
        made.status = "running"
        listed = select(literal(made.id), n, literal("open")).select_from(number)
        await db.execute(insert(Certification).from_select(["campaign_id", "person_id", "status"], listed))
        rows = select(
            n, literal("certification"), literal(str(made.id)), literal(made.id), literal(sheet.deadline, Date()),
            literal(0), next_at, literal("pending"),
        ).select_from(number)  # fmt: skip
        columns = ["person_id", "kind", "period", "about_id", "due_on", "step", "next_at", "status"]
        await db.execute(insert(Reminder).from_select(columns, rows))
    await analyse(database)


async def ready_notices(database: Database, count: int) -> None:
    """Put so many released notices into the outbox, each to another account."""
    number = _numbers(count)
    n, now = number.c.n, literal(NOW, UtcDateTime())
    rows = select(
        literal("telegram"), cast(n + 10**6, String), literal(2), literal("news"), literal(payload(TEXT, ()), JSON), now,
        literal("ready"), now, now, literal(0),
    ).select_from(number)  # fmt: skip
    columns = [
        "channel", "recipient", "lane", "notice", "payload", "at", "status", "available_at", "released_at", "attempts",
    ]  # fmt: skip
    async with database.transaction() as db:
        await db.execute(insert(Outbox).from_select(columns, rows))
    await analyse(database)


async def drain(
    database: Database, work: Callable[[AsyncSession, datetime], Awaitable[Pass]]
) -> tuple[float, list[float]]:
    """Repeat a piece of the clock's work until nothing is left; return the seconds and those of each transaction."""
    began, passes = perf_counter(), []
    while True:
        entered = perf_counter()
        async with database.transaction() as db:
            done = await work(db, NOW)
        passes.append(perf_counter() - entered)
        if not done.done:
            return perf_counter() - began, passes
