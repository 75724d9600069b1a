"""Who may let a broadcast out and when, whom an audience means, and how its text is cut."""

from datetime import UTC, date, datetime, timedelta

import pytest

from core.errors import Refusal
from db.engine import Database
from db.places import Township, Village
from services import broadcast_pace, broadcast_text, broadcasts
from services.audience import Audience
from services.broadcast_pace import Speed
from services.broadcasts import Sheet
from services.notice_gate import Rules
from tests.fakes.casebook import add_staff, add_station
from tests.fakes.clock import SettableClock
from tests.fakes.newsroom import Newsroom
from tests.fakes.population import Account, Soul, add_account, add_soul

TODAY = date(2026, 11, 21)


@pytest.fixture
async def newsroom(database: Database, clock: SettableClock) -> Newsroom:
    return await Newsroom(database, clock).open()


async def test_changing_what_was_submitted_or_approved_makes_it_a_draft_of_the_changer(newsroom: Newsroom) -> None:
    for approved in (False, True):
        broadcast_id = await newsroom.draft(starts_at=newsroom.clock() + timedelta(hours=1))
        if approved:
            await newsroom.approve(broadcast_id)
        else:
            await newsroom.act(broadcasts.submit, broadcast_id)
        async with newsroom.database.transaction() as db:
            other = await add_staff(db, newsroom.clock(), "lead")
            await broadcasts.change(db, other, broadcast_id, Sheet("新标题", "新内容", Audience()), newsroom.clock())
        found = await newsroom.read(broadcast_id)
        assert (found.status, found.drafted_by, found.approved_by, found.submitted_at) == (
            "draft",
            other.id,
            None,
            None,
        )
        await newsroom.tick()
        assert (await newsroom.read(broadcast_id)).status == "draft"


async def test_what_has_begun_is_not_changed_any_more(newsroom: Newsroom) -> None:
    await newsroom.settle_people(Soul([Account("telegram")]))
    broadcast_id = await newsroom.let_out()
    await newsroom.tick()
    async with newsroom.database.transaction() as db:
        with pytest.raises(Refusal, match="已经开始发送"):
            await broadcasts.change(db, newsroom.writer, broadcast_id, Sheet("a", "b", Audience()), newsroom.clock())


@pytest.mark.parametrize(
    ("role", "station", "may"),
    [
        ("admin", False, True),
        ("lead", False, True),
        ("lead", True, False),
        ("agent", False, False),
        ("editor", False, False),
    ],
)
async def test_only_who_speaks_for_the_bureau_approves(
    newsroom: Newsroom, role: str, *, station: bool, may: bool
) -> None:
    broadcast_id = await newsroom.draft()
    await newsroom.act(broadcasts.submit, broadcast_id)
    seen = (await newsroom.read(broadcast_id)).submitted_at
    async with newsroom.database.transaction() as db:
        where = await add_station(db, "东站") if station else None
        staff = await add_staff(db, newsroom.clock(), role, station_id=where.id if where else None)
        if may:
            approved = await broadcasts.approve(db, staff, broadcast_id, seen, newsroom.clock())
            assert (approved.status, approved.approved_by) == ("scheduled", staff.id)
            assert approved.expires_at == newsroom.clock() + broadcasts.LIFE
        else:
            with pytest.raises(Refusal, match="可以审批"):
                await broadcasts.approve(db, staff, broadcast_id, seen, newsroom.clock())


async def test_an_audience_means_whom_it_says(database: Database, clock: SettableClock) -> None:
    async with database.transaction() as db:
        town = Township(name="城关镇")
        db.add(town)
        await db.flush()
        village = Village(township_id=town.id, name="一村")
        db.add(village)
        county = await add_station(db, "县中心")
        below = await add_station(db, "镇站", county)
        await db.flush()
        sheets = {
            "villager": {"village_id": village.id, "birth_year": 1950, "categories": ["退役军人"]},
            "written": {"region": "城关镇 二村", "station_id": below.id, "categories": ["三属", "退役军人"]},
            "central": {"station_id": county.id, "birth_year": 1990},
            "stopped": {"birth_year": 1966},
        }
        ids = {
            name: await add_soul(
                db, Soul([Account("web", stops=frozenset({"news"} if name == "stopped" else ()))]), clock(), **columns
            )
            for name, columns in sheets.items()
        }
        stranger = await add_account(db, Account("web"), clock())
        await add_account(db, Account("terminal"), clock())
    everybody = set(ids)
    wanted: list[tuple[Audience, set[str]]] = [
        (Audience(), everybody),
        (Audience(townships=(town.id,)), {"villager", "written"}),
        (Audience(stations=(county.id,)), {"written", "central"}),
        (Audience(stations=(below.id,)), {"written"}),
        (Audience(categories=("三属",)), {"written"}),
        (Audience(categories=("退役军人", "三属")), {"villager", "written"}),
        (Audience(age_from=60), {"villager", "stopped"}),
        (Audience(age_from=30, age_to=60), {"central", "stopped"}),
        (Audience(subscribed=True), everybody - {"stopped"}),
        (Audience(on_file=False, strangers=True), set()),
    ]
    async with database.snapshot() as db:
        for audience, names in wanted:
            again = Audience.read(audience.stored())
            assert again == audience
            found = set(await db.scalars(again.people(TODAY)))
            assert found == {ids[name] for name in names}, audience
            accounts = list(await db.scalars(again.accounts()))
            assert accounts == ([stranger] if audience.strangers else [])


def test_the_end_is_reckoned_with_the_nights() -> None:
    evening = datetime(2026, 11, 21, 11, 0, tzinfo=UTC)  # seven in China
    rules = Rules(quiet_from=20, quiet_until=8)
    assert broadcast_pace.ends_at(evening, 1800, rules) == evening + timedelta(minutes=30)
    assert broadcast_pace.ends_at(evening, 7200, rules) == evening + timedelta(hours=14)
    assert broadcast_pace.ends_at(evening, 7200 + 12 * 3600, rules) == evening + timedelta(hours=38)
    assert broadcast_pace.ends_at(evening, 7200, rules, urgent=True) == evening + timedelta(hours=2)


def test_speed_is_that_of_the_last_minute(clock: SettableClock) -> None:
    speed = Speed()
    assert speed.note(clock(), 0) is None
    assert speed.note(clock.advance(10), 300) == 30
    for _ in range(12):
        last = speed.note(clock.advance(10), 300)
    assert last == 0


def test_wechat_gets_no_part_over_its_bytes() -> None:
    seen = broadcast_text.preview("通知", "请带好身份证和优待证。" * 150)
    assert len(seen.wechat) > 1
    assert all(len(part.encode()) <= 2048 for part in seen.wechat)
    assert [w for w in seen.warnings if "微信" in w and str(len(seen.wechat)) in w]
    assert broadcast_text.preview("通知", "明天停水。").warnings == []


def test_the_longest_text_is_one_notice() -> None:
    title, body = broadcast_text.check("题" * broadcast_text.LONGEST_TITLE, "文" * broadcast_text.LONGEST_BODY)
    from services.notices import LONGEST

    assert len(broadcast_text.message(title, body)) <= LONGEST
    for bad in (("", "b"), ("a", ""), ("题" * 41, "b"), ("a", body + "文")):
        with pytest.raises(Refusal):
            broadcast_text.check(*bad)
