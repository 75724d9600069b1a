"""Posts of the console: made once, changed, closed, opened again, and every change is seen by the board."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.errors import Refusal
from db.engine import Database
from db.jobs import Job, JobBoard
from db.places import Township
from knowledge.index import Snapshot
from services import employers, job_lists, jobs, neighbours, townships
from services.job_lists import JobFilter
from tests.fakes.job_list import ROW, JobDesk
from tests.storage.bureau import add_staff


@pytest.fixture
async def desk(database: Database, snapshot: Snapshot) -> JobDesk:
    made = JobDesk(database, snapshot)
    await made.build()
    return made


async def _post(desk: JobDesk, reference: str = "", **cells: str) -> Job:
    async with desk.database.transaction() as db:
        return await jobs.post(db, desk.sheet(**cells), None, desk.clock(), reference)


async def _version(desk: JobDesk) -> int:
    async with desk.database.snapshot() as db:
        return await db.scalar(select(JobBoard.version)) or 0


async def test_a_form_sent_twice_makes_one_post(desk: JobDesk) -> None:
    first, second = await _post(desk, "key"), await _post(desk, "key")
    assert (first.id, len(await desk.jobs())) == (second.id, 1)
    await _post(desk, 岗位="厨师")
    await _post(desk, 岗位="电工")
    assert len(await desk.jobs()) == 3


async def test_a_form_says_all_its_faults_at_once(desk: JobDesk) -> None:
    with pytest.raises(Refusal) as refusal:
        desk.sheet(月薪="-1", 乡镇="城冬街道", 电话="王经理")
    assert all(part in str(refusal.value) for part in ("不能是负数", "是不是城东街道", "不是电话号码"))


async def test_every_act_raises_the_boards_version(desk: JobDesk) -> None:
    job = await _post(desk)
    versions = [await _version(desk)]
    for act in (
        lambda db: jobs.change(db, job.id, desk.sheet(月薪="5000"), desk.clock()),
        lambda db: jobs.hold(db, job.id, desk.clock()),
        lambda db: jobs.approve(db, job.id, desk.clock()),
        lambda db: jobs.close(db, job.id, desk.clock()),
        lambda db: jobs.reopen(db, job.id, desk.clock()),
        lambda db: employers.unverify(db, job.employer_id),
        lambda db: neighbours.set_(db, min(desk.townships.values()), []),
    ):
        async with desk.database.transaction() as db:
            await act(db)
        versions.append(await _version(desk))
    assert versions == sorted(set(versions))


async def test_a_post_goes_through_its_states(desk: JobDesk) -> None:
    job = await _post(desk, 说明="限男性")
    assert (job.status, job.matched_to) == ("review", None)
    steps = (
        (jobs.approve, "open", 0), (jobs.close, "closed", None), (jobs.close, "closed", None), (jobs.reopen, "review", None),
        (jobs.approve, "open", 0), (jobs.hold, "review", None), (jobs.close, "closed", None), (jobs.hold, "closed", None),
    )  # fmt: skip
    for act, status, matched_to in steps:
        async with desk.database.transaction() as db:
            await act(db, job.id, desk.clock())
        (now,) = await desk.jobs()
        assert (now.status, now.matched_to, now.closed_at is None) == (status, matched_to, status != "closed")


async def test_what_cannot_be_done_is_refused(desk: JobDesk) -> None:
    job = await _post(desk)
    for act, said in ((jobs.approve, "待审核"), (jobs.reopen, "没有停招")):
        with pytest.raises(Refusal, match=said):
            async with desk.database.transaction() as db:
                await act(db, job.id, desk.clock())
    async with desk.database.transaction() as db:
        await jobs.close(db, job.id, desk.clock())
    desk.clock.advance(timedelta(days=60).total_seconds())
    with pytest.raises(Refusal, match="截止日期已经过了"):
        async with desk.database.transaction() as db:
            await jobs.reopen(db, job.id, desk.clock())
    for act in (jobs.close, jobs.hold, jobs.approve, jobs.reopen):
        with pytest.raises(Refusal, match="没有找到这个岗位"):
            async with desk.database.transaction() as db:
                await act(db, job.id + 1, desk.clock())


async def test_a_change_is_matched_anew_and_the_same_again_is_not(desk: JobDesk) -> None:
    job = await _post(desk)
    async with desk.database.transaction() as db:
        (await db.get_one(Job, job.id)).matched_to = None
    async with desk.database.transaction() as db:
        assert (await jobs.change(db, job.id, desk.sheet(), desk.clock())).matched_to is None
    async with desk.database.transaction() as db:
        changed = await jobs.change(db, job.id, desk.sheet(单位="海川公司", 截止日期="2027-01-31"), desk.clock())
    assert changed.matched_to == 0
    async with desk.database.snapshot() as db:
        full = await jobs.find(db, job.id)
    assert (full.employer.name, full.township and full.township.name) == ("海川公司", "城东街道")


async def test_staff_find_posts_by_what_they_look_for(desk: JobDesk) -> None:
    await _post(desk)
    await _post(desk, 岗位="厨师", 单位="海川餐饮公司", 市县="南通市", 说明="限男性")
    closed = await _post(desk, 岗位="电工")
    async with desk.database.transaction() as db:
        await jobs.close(db, closed.id, desk.clock())
    await desk.bring(ROW)
    wanted = {
        "小区保安": (JobFilter(text="保安"), 3), "海川": (JobFilter(text="海川"), 1), "number": (JobFilter(text="A-1"), 1),
        "city": (JobFilter(city="南通"), 1), "review": (JobFilter(status="review"), 1),
        "open": (JobFilter(status="open"), 2), "closed": (JobFilter(status="closed"), 1),
        "source": (JobFilter(source="县人社局"), 1), "flagged": (JobFilter(flagged=True), 1),
        "twins": (JobFilter(twins=True), 1), "kind": (JobFilter(kind="厨师"), 1), "all": (JobFilter(), 4),
        "expired": (JobFilter(status="expired"), 0),
    }  # fmt: skip
    async with desk.database.snapshot() as db:
        for name, (narrowed, count) in wanted.items():
            page = await job_lists.page(db, narrowed, desk.today)
            assert (name, page.total, len(page.rows), page.more) == (name, count, count, False)
        assert await job_lists.sources(db) == ["console", "县人社局"]
        later = await job_lists.page(db, JobFilter(status="expired"), desk.today + timedelta(days=90))
        assert [row.expired for row in later.rows] == [True, True]


async def test_employers_are_checked_and_named_once(desk: JobDesk) -> None:
    job = await _post(desk, 单位="安泰(南通) 公司", 统一社会信用代码="91350100M000100Y43")
    assert (await _post(desk, 岗位="厨师", 单位="安泰（南通）公司")).employer_id == job.employer_id
    async with desk.database.transaction() as db:
        lead = await add_staff(db, desk.clock(), "lead")
        await employers.verify(db, job.employer_id, lead.id, desk.clock())
    async with desk.database.snapshot() as db:
        row = await employers.find(db, job.employer_id)
        rows, more = await employers.page(db, "安泰", verified=True)
        none, _ = await employers.page(db, verified=False)
    assert (row.employer.name, row.employer.credit_code) == ("安泰（南通）公司", "91350100M000100Y43")
    assert (row.open_jobs, row.verified_by, len(rows), more, none) == (2, "李四", 1, False, [])


@pytest.mark.parametrize(
    ("name", "code", "phone", "said"),
    [
        ("", "", "", "请写上单位名称"),
        ("海川公司", "", "", "已经有叫“海川公司”的单位"),
        ("甲公司", "123", "", "统一社会信用代码"),
        ("甲公司", "", "打我", "不是电话号码"),
    ],
)
async def test_what_an_employer_cannot_be_called(desk: JobDesk, name: str, code: str, phone: str, said: str) -> None:
    job = await _post(desk)
    await _post(desk, 单位="海川公司")
    with pytest.raises(Refusal, match=said):
        async with desk.database.transaction() as db:
            await employers.change(db, job.employer_id, name, code, phone)


async def test_neighbours_hold_in_both_directions(desk: JobDesk) -> None:
    async with desk.database.transaction() as db:
        db.add(Township(name="石桥镇"))
        await db.flush()
        one, two, three = (await db.scalars(select(Township.id).order_by(Township.id))).all()
        await neighbours.set_(db, one, [two, three, one])
        assert await townships.read_neighbours(db) == {
            one: frozenset({two, three}), two: frozenset({one}), three: frozenset({one}),
        }  # fmt: skip
        await neighbours.set_(db, three, [two])
        assert await townships.read_neighbours(db) == {
            one: frozenset({two}), two: frozenset({one, three}), three: frozenset({two}),
        }  # fmt: skip
    with pytest.raises(Refusal, match="没有找到这个乡镇"):
        async with desk.database.transaction() as db:
            await neighbours.set_(db, one, [three + 99])


async def test_a_closed_post_that_was_edited_into_a_flagged_one_waits_for_a_look(desk: JobDesk) -> None:
    job = await _post(desk)
    async with desk.database.transaction() as db:
        await jobs.close(db, job.id, desk.clock())
        await jobs.change(db, job.id, desk.sheet(说明="限男性，须交押金"), desk.clock())
        again = await jobs.reopen(db, job.id, desk.clock())
    assert (again.status, again.matched_to, again.closed_at) == ("review", None, None)


async def test_the_mark_of_an_employer_ends_with_its_name_or_code(desk: JobDesk) -> None:
    job, name = await _post(desk), ROW["单位"]
    async with desk.database.transaction() as db:
        lead = await add_staff(db, desk.clock(), "lead")
    changes = (
        (name, "", "0513-88001234", True),
        ("海川公司", "", "", False),
        ("海川公司", "91350100M000100Y43", "", False),
    )
    for new, code, phone, stays in changes:
        async with desk.database.transaction() as db:
            await employers.verify(db, job.employer_id, lead.id, desk.clock())
            employer = await employers.change(db, job.employer_id, new, code, phone)
        assert (employer.verified_at is not None, employer.verified_by is not None) == (stays, stays)
