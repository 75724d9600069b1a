"""A campaign is drafted, started once, changed with care, and closed; its list grows by category, its sheet comes back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.campaigns import Campaign, Certification
from db.engine import Database
from db.people import Person
from db.places import Station
from db.reminders import Reminder
from db.staff import Staff
from db.turns import Outbox
from services import campaigns, certifications, cohort, progress, visit_sheet
from services.campaign_steps import default_steps
from services.campaigns import CampaignSheet
from services.certifications import Done
from services.visit_codes import code_of
from services.visit_sheet import Typed
from tests.fakes.clock import SettableClock
from tests.fakes.county import DEADLINE, OPENS, County, before, nine
from tests.fakes.sealed import VAULT

AT_STATION = Done("self", "本人", "身份证", None)


@pytest.fixture
async def county(database: Database) -> County:
    made = County(database, SettableClock(nine(OPENS)))
    await made.build()
    await made.draft()
    return made


def _sheet(**values: Any) -> CampaignSheet:
    made = {
        "title": "2027年生存认证", "year": 2027, "basis": "军人抚恤优待条例第八条", "opens_on": OPENS,
        "deadline": DEADLINE, "steps": default_steps(),
    }  # fmt: skip
    return CampaignSheet(**(made | values))


async def _change(county: County, **values: Any) -> Campaign:
    async with county.database.transaction() as db:
        return await campaigns.change(db, county.campaign_id, _sheet(**values))


async def _reminders(county: County) -> list[Reminder]:
    async with county.database.snapshot() as db:
        return list(await db.scalars(select(Reminder).order_by(Reminder.id)))


@pytest.mark.parametrize(
    "values",
    [
        {"title": " "}, {"title": "字" * 41}, {"basis": ""}, {"deadline": OPENS}, {"opens_on": OPENS - timedelta(days=300)},
        {"year": 2020}, {"steps": []}, {"steps": [{"days": None, "rung": "person", "text": "{who}"}]},
    ],
)  # fmt: skip
async def test_a_sheet_that_cannot_be_used(county: County, values: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        await _change(county, **values)


async def test_a_title_is_used_once(county: County) -> None:
    with pytest.raises(Refusal, match="同名"):
        await county.draft()


async def test_it_starts_once_and_reminds_everybody_once(county: County) -> None:
    with pytest.raises(Refusal, match="还没有人"):
        await county.start()
    async with county.database.transaction() as db:
        for _ in range(3):
            await county.person(db)
    for _ in range(2):
        await county.start()
    assert [(one.next_at, one.due_on, one.step) for one in await _reminders(county)] == [(nine(OPENS), DEADLINE, 0)] * 3
    await _change(county, title="2027年年度确认")
    with pytest.raises(Refusal, match="已经开始"):
        await _change(county, opens_on=OPENS + timedelta(days=1))


async def test_it_does_not_start_after_its_deadline(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db)
    county.clock.moment = before(-1)
    with pytest.raises(Refusal, match="截止日"):
        await county.start()


async def test_a_later_deadline_moves_what_is_to_come(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db)
    await county.start()
    await county.goes(nine(OPENS))
    later = DEADLINE + timedelta(days=31)
    await _change(county, deadline=later)
    (reminder,) = await _reminders(county)
    assert (reminder.step, reminder.next_at, reminder.due_on) == (1, nine(later - timedelta(days=30)), later)


async def test_a_claim_that_waits_for_staff_has_the_later_deadline_too(county: County) -> None:
    async with county.database.transaction() as db:
        person = await county.person(db)
        address = await county.account(db, "telegram")
    await county.start()
    await county.goes(nine(OPENS))
    async with county.database.transaction() as db:
        await certifications.claim_done(db, (await county.reminder(person)).id, address.id, county.clock())
    later = DEADLINE + timedelta(days=31)
    await _change(county, deadline=later)
    reminder = await county.reminder(person)
    assert (reminder.due_on, reminder.next_at) == (later, None)


async def test_closed_it_is_over_for_everybody(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db, channel="web")
    await county.start()
    await county.goes(nine(OPENS))
    async with county.database.transaction() as db:
        (await db.scalars(select(Outbox))).one().status = "ready"
    for _ in range(2):
        async with county.database.transaction() as db:
            await campaigns.close(db, county.campaign_id, county.clock())
    assert [one.status for one in await _reminders(county)] == ["stopped"]
    async with county.database.snapshot() as db:
        assert [row.status for row in await db.scalars(select(Outbox))] == ["cancelled"]
    assert await county.goes(before(30)) == []
    for act in (county.start, lambda: _change(county)):
        with pytest.raises(Refusal):
            await act()


async def test_the_list_by_category_and_station(county: County) -> None:
    async with county.database.transaction() as db:
        other = Station(name="桥头镇服务站", level="township")
        db.add(other)
        await db.flush()
        wanted = await county.person(db, listed=False, categories=["三属", "退役军人"])
        elsewhere = await county.person(db, listed=False, categories=["三属"], station_id=other.id)
        await county.person(db, listed=False, categories=["现役军人家属"])
        await county.person(db, listed=False, categories=["三属"], deceased_at=county.clock())
        await county.person(db, listed=False, categories=["三属"], erased_at=county.clock())
        assert await cohort.add_by_category(db, county.campaign_id, ["三属"], [county.station_id]) == 1
        assert set(await db.scalars(cohort.people(county.campaign_id))) == {wanted.id}
        assert await cohort.add_by_category(db, county.campaign_id, ["三属", "退役军人"]) == 1
        assert set(await db.scalars(cohort.people(county.campaign_id))) == {wanted.id, elsewhere.id}
        for categories in ([], ["首长"]):
            with pytest.raises(Refusal):
                await cohort.add_by_category(db, county.campaign_id, categories)


async def test_progress_is_of_the_stations_one_may_see(county: County) -> None:
    async with county.database.transaction() as db:
        other = Station(name="桥头镇服务站", level="township")
        db.add(other)
        await db.flush()
        here = await county.person(db)
        await county.person(db, station_id=other.id, village_id=None, grid_id=None)
        boss = Staff(login="boss", name="局长", role="lead", created_at=county.clock())
        db.add(boss)
        await db.flush()
        lead, worker = await db.get_one(Staff, county.lead), await db.get_one(Staff, county.worker)
    async with county.database.transaction() as db:
        await certifications.certify(db, (await county.listed(here)).id, AT_STATION, county.clock())
    async with county.database.snapshot() as db:
        rows = await progress.by_station(db, county.campaign_id, boss)
        assert [(one.name, one.total, one.done) for one in rows] == [("城关镇服务站", 1, 1), ("桥头镇服务站", 1, 0)]
        assert [one.total for one in await progress.by_station(db, county.campaign_id, lead)] == [1]
        assert (await progress.overall(db, county.campaign_id, worker)).total == 1
        villages = await progress.by_village(db, county.campaign_id, boss)
        assert [(one.name, one.total) for one in villages] == [("城关镇东风村", 1), ("", 1)]
        (day,) = await progress.by_day(db, county.campaign_id, boss)
    assert (day.day, day.done, day.so_far) == (OPENS, 1, 1)


async def _type(county: County, *lines: str) -> list[Typed]:
    typed = []
    async with county.database.snapshot() as db:
        worker = await db.get_one(Staff, county.worker)
    for line in visit_sheet.read_typed("\n".join(lines)):
        async with county.database.transaction() as db:
            typed.append(
                await visit_sheet.type_back(db, VAULT, county.campaign_id, worker, line, county.clock(), sure=True)
            )
    return typed


async def test_the_visit_sheet_goes_out_and_comes_back(county: County) -> None:
    async with county.database.transaction() as db:
        people = [await county.person(db, name, None) for name in ("王一", "王二", "王三", "王四")]
        lead = await db.get_one(Staff, county.lead)
    await county.start()
    async with county.database.snapshot() as db:
        sheet = await visit_sheet.rows(db, VAULT, county.campaign_id, lead, county.village_id)
        assert await visit_sheet.rows(db, VAULT, county.campaign_id, lead, county.village_id + 1) == []
    assert [line.name for line in sheet] == ["王一", "王二", "王三", "王四"]
    assert (sheet[0].township, sheet[0].village, sheet[0].grid) == ("城关镇", "东风村", "第一网格")
    seen, done, away, dead = (line.code for line in sheet)
    typed = await _type(
        county, f"{seen} 1", f"{done}\uff0c2", "", f"{away} ３", f"{dead} - 6", f"{done} 2", f"{done} 3"
    )
    assert [one.fault for one in typed[:5]] == [""] * 5
    assert "已经认证过" in typed[5].fault
    found = [await county.listed(person) for person in people]
    assert [(one.status, one.visit) for one in found] == [
        ("open", "seen"), ("done", None), ("open", "away"), ("deceased", None),
    ]  # fmt: skip
    assert (found[1].way, found[1].staff_id) == ("visit", county.worker)
    async with county.database.snapshot() as db:
        assert (await db.get_one(Person, people[3].id)).deceased_at is not None
        left = await visit_sheet.rows(db, VAULT, county.campaign_id, lead)
    assert [line.visit for line in left] == ["seen", "away"]


async def test_what_is_mistyped_is_told_by_line_and_records_nothing(county: County) -> None:
    async with county.database.transaction() as db:
        await county.person(db)
        outside = await county.person(db, "李四", None, grid_id=None)
    beyond = code_of((await county.listed(outside)).id)
    wrong = ["你好", "12", "123456 2", f"{code_of(1)} 8", f"{code_of(999)} 2", f"{beyond} 2"]
    typed = await _type(county, *wrong)
    assert [(one.number, one.text) for one in typed] == list(enumerate(wrong, 1))
    assert all(one.fault and not one.box for one in typed)
    async with county.database.snapshot() as db:
        assert set(await db.scalars(select(Certification.status))) == {"open"}
