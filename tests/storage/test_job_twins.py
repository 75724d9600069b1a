"""A post offered twice is suggested to staff, and nobody hears of both; staff's word holds, and what was heard moves with it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.engine import Database
from db.jobs import Job, JobTold
from knowledge.index import Snapshot
from services import job_twins, jobs, people
from tests.fakes.job_list import ROW, JobDesk

OTHER = "招聘网"


@pytest.fixture
async def desk(database: Database, snapshot: Snapshot) -> JobDesk:
    made = JobDesk(database, snapshot)
    await made.build()
    return made


async def _groups(desk: JobDesk) -> list[tuple[int, int | None]]:
    """Return for each post the places in line of its group's first and of what it looks like."""
    found = await desk.jobs()
    order = {job.id: place for place, job in enumerate(found)}
    return [(order[job.group_id or 0], order.get(job.likely_of or 0)) for job in found]


@pytest.mark.parametrize(
    "change",
    [
        {"编号": "Z-9"},
        {"岗位": "【急招】小区保安员"},
        {"单位": "安泰保安服务有限责任公司"},
        {"单位": "安泰保安服务（南通）有限公司"},
        {"月薪": "4200-4800"},
        {"月薪": "面议"},
        {"乡镇": "", "地址": "人民路 1 号东门"},
        {"班次": ""},
    ],
)
async def test_two_sources_that_offer_one_post(desk: JobDesk, change: dict[str, str]) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW | change, source=OTHER)
    assert await _groups(desk) == [(0, None), (0, 0)]


@pytest.mark.parametrize(
    "change",
    [
        {"岗位": "小区保洁员"},
        {"岗位": "小区保安队长"},
        {"岗位": "小区保安2"},
        {"单位": "永泰餐饮有限公司"},
        {"单位": "安泰物业服务有限公司"},
        {"乡镇": "大杨镇"},
        {"市县": "南通市"},
        {"月薪": "6000-8000"},
        {"班次": "夜班"},
        {"用工形式": "兼职"},
    ],
)
async def test_two_sources_that_offer_two_posts(desk: JobDesk, change: dict[str, str]) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW | change, source=OTHER)
    assert await _groups(desk) == [(0, None), (1, None)]


async def test_one_list_knows_its_posts_apart_unless_all_is_equal(desk: JobDesk) -> None:
    await desk.bring(ROW, ROW | {"编号": "A-2", "地址": "人民路 2 号"}, ROW | {"编号": "A-3"})
    assert await _groups(desk) == [(0, None), (1, None), (0, 0)]


async def test_the_console_and_a_list(desk: JobDesk) -> None:
    async with desk.database.transaction() as db:
        await jobs.post(db, desk.sheet(), None, desk.clock())
    await desk.bring(ROW)
    assert await _groups(desk) == [(0, None), (0, 0)]


async def test_a_post_closed_long_ago_is_forgotten_and_one_closed_lately_is_not(desk: JobDesk) -> None:
    await desk.bring(ROW)
    (job,) = await desk.jobs()
    async with desk.database.transaction() as db:
        await jobs.close(db, job.id, desk.clock())
    desk.clock.advance(timedelta(days=30).total_seconds())
    await desk.bring(ROW, source=OTHER)
    desk.clock.advance(timedelta(days=5).total_seconds())
    assert await _groups(desk) == [(0, None), (0, 0)]
    async with desk.database.transaction() as db:
        for known in (await db.scalars(select(Job))).all():
            await jobs.close(db, known.id, desk.clock())
    desk.clock.advance(timedelta(days=61).total_seconds())
    await desk.bring(ROW | {"截止日期": "2027-05-01"}, source="第三处")
    assert (await _groups(desk))[2] == (2, None)


async def test_an_import_brought_in_again_asks_staff_no_second_time(desk: JobDesk) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW, source=OTHER)
    _, twin = await desk.jobs()
    async with desk.database.transaction() as db:
        await job_twins.different(db, twin.id)
    await desk.bring(ROW | {"人数": "7"}, source=OTHER)
    assert await _groups(desk) == [(0, None), (1, None)]


async def _tell(desk: JobDesk, sender: str, job: Job) -> int:
    async with desk.database.transaction() as db:
        address_id = (await people.open_conversation(db, "telegram", sender, desk.clock())).address_id
        db.add(JobTold(address_id=address_id, group_id=job.group_id, job_id=job.id, key=None, at=desk.clock()))
        return address_id


async def _heard(desk: JobDesk) -> set[tuple[int, int, int]]:
    async with desk.database.snapshot() as db:
        return {(told.address_id, told.group_id, told.job_id) for told in await db.scalars(select(JobTold))}


async def test_the_same_stay_together(desk: JobDesk) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW, source=OTHER)
    first, twin = await desk.jobs()
    address_id = await _tell(desk, "7", first)
    async with desk.database.transaction() as db:
        await job_twins.same(db, twin.id)
    first, twin = await desk.jobs()
    assert (twin.likely_of, twin.same_as, twin.group_id) == (None, first.id, first.id)
    assert await _heard(desk) == {(address_id, first.id, first.id)}
    with pytest.raises(Refusal, match="已经有人处理过"):
        async with desk.database.transaction() as db:
            await job_twins.same(db, twin.id)


async def test_the_different_part_with_their_own_twins_and_with_who_heard_of_them(desk: JobDesk) -> None:
    for source in ("县人社局", OTHER, "第三处"):
        await desk.bring(ROW if source == "县人社局" else ROW | {"月薪": "4700-4800"}, source=source)
    first, second, third = await desk.jobs()
    assert await _groups(desk) == [(0, None), (0, 0), (0, 1)]
    of_first, of_second, of_third = [await _tell(desk, str(job.id), job) for job in (first, second, third)]
    async with desk.database.transaction() as db:
        for job in await db.scalars(select(Job)):
            job.matched_to = None
    async with desk.database.transaction() as db:
        await job_twins.different(db, second.id)
    assert await _groups(desk) == [(0, None), (1, None), (1, 1)]
    assert await _heard(desk) == {
        (of_first, first.id, first.id), (of_second, second.id, second.id), (of_third, second.id, third.id),
    }  # fmt: skip
    assert [job.matched_to for job in await desk.jobs()] == [None, 0, 0]


async def test_a_word_too_many_can_be_taken_back(desk: JobDesk) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW, source=OTHER)
    _, twin = await desk.jobs()
    for act in (job_twins.same, job_twins.different):
        async with desk.database.transaction() as db:
            await act(db, twin.id)
    assert await _groups(desk) == [(0, None), (1, None)]
    with pytest.raises(Refusal, match="已经有人处理过"):
        async with desk.database.transaction() as db:
            await job_twins.different(db, twin.id)


async def test_staff_see_pairs_until_they_decide(desk: JobDesk) -> None:
    await desk.bring(ROW, ROW | {"编号": "A-2", "岗位": "保洁员"})
    await desk.bring(ROW, ROW | {"编号": "A-2", "岗位": "保洁员"}, source=OTHER)
    async with desk.database.transaction() as db:
        pairs, more = await job_twins.pairs(db)
        assert [(pair.job.title, pair.like.title, pair.employer) for pair in pairs] == [
            ("保洁员", "保洁员", ROW["单位"]), ("小区保安", "小区保安", ROW["单位"]),
        ]  # fmt: skip
        await job_twins.same(db, pairs[0].job.id)
        await job_twins.different(db, pairs[1].job.id)
        assert (more, await job_twins.pairs(db)) == (False, ([], False))


CLERK = {"岗位": "仓库管理员", "编号": "Z"}
DRIVER = {"岗位": "大货车司机", "月薪": "9000-11000"}


async def test_a_post_put_right_later_joins_the_one_it_is_with_who_heard_of_it(desk: JobDesk) -> None:
    await desk.bring(ROW)
    await desk.bring(ROW | CLERK, source=OTHER)
    first, second = await desk.jobs()
    address_id = await _tell(desk, "7", second)
    await desk.bring(ROW | {"编号": "Z"}, source=OTHER)
    assert await _groups(desk) == [(0, None), (0, 0)]
    assert (address_id, first.id, second.id) in await _heard(desk)


async def test_an_older_post_put_right_joins_a_newer_one(desk: JobDesk) -> None:
    await desk.bring(ROW | CLERK)
    await desk.bring(ROW, source=OTHER)
    first, second = await desk.jobs()
    address_id = await _tell(desk, "7", first)
    async with desk.database.transaction() as db:
        await jobs.change(db, first.id, desk.sheet(), desk.clock())
    assert await _groups(desk) == [(1, 1), (1, None)]
    assert (address_id, second.id, first.id) in await _heard(desk)


@pytest.mark.parametrize("edited", [0, 1])
async def test_a_guess_ends_when_either_becomes_another_post(desk: JobDesk, edited: int) -> None:
    sources = ("县人社局", OTHER)
    for source in sources:
        await desk.bring(ROW, source=source)
    _, second = await desk.jobs()
    address_id = await _tell(desk, "7", second)
    async with desk.database.transaction() as db:
        for job in await db.scalars(select(Job)):
            job.matched_to = None
    await desk.bring(ROW | DRIVER, source=sources[edited])
    assert await _groups(desk) == [(0, None), (1, None)]
    assert await _heard(desk) == {(address_id, second.id, second.id)}
    assert (await desk.jobs())[1].matched_to == 0
    await desk.bring(ROW, source=sources[edited])
    assert len({job.group_id for job in await desk.jobs()}) == 1


async def test_what_staff_said_outlasts_an_edit(desk: JobDesk) -> None:
    for source in ("县人社局", OTHER, "第三处"):
        await desk.bring(ROW, source=source)
    _, second, third = await desk.jobs()
    async with desk.database.transaction() as db:
        await job_twins.different(db, second.id)
        await job_twins.same(db, third.id)
    groups = await _groups(desk)
    await desk.bring(ROW | {"月薪": "4100-4800"}, source=OTHER)
    await desk.bring(ROW | DRIVER, source="第三处")
    assert await _groups(desk) == groups


async def test_a_post_that_ran_out_long_ago_hides_no_new_one(desk: JobDesk) -> None:
    await desk.bring(ROW)
    desk.clock.advance(timedelta(days=500).total_seconds())
    await desk.bring(ROW | {"截止日期": (desk.today + timedelta(days=40)).isoformat()}, source=OTHER)
    assert await _groups(desk) == [(0, None), (1, None)]
