"""Who wants which post: masked in the list, opened with a trace, kept up to date, and seen by those alone whose it is."""

from typing import Any

import pytest
from sqlalchemy import event

from db.cases import SupportCase
from db.jobs import Job, JobReferral
from db.people import Address, Conversation, Person
from db.places import Station, Township, TownshipNeighbour
from services import referrals
from services.table import read_table
from tests.channels.console import Clerk, Office
from tests.channels.job_office import account, employer_of, post, read

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def wanted(office: Office, job: Job, name: str = "周建军", phone: str = "13800005678") -> JobReferral:
    address = await account(office)
    async with office.site.app.database.transaction() as db:
        conversation = await db.get_one(Conversation, address.id)
        return await referrals.want(
            db, office.site.app.vault, conversation, job.id, address.id, name, phone, office.clock()
        )


async def test_a_referral_from_the_list_to_hired(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        _, job = await post(office, clerk)
        one = await wanted(office, job)
        _, html = await clerk.get("/console/referrals?status=new")
        assert ("周**" in html, "周建军" in html, "13800005678" in html, job.title in html) == (
            True,
            False,
            False,
            True,
        )
        path = f"/console/referrals/{one.id}"
        _, html = await clerk.get(path)
        assert ("周建军" in html, "138****5678" in html, (await employer_of(office, job)).name in html) == (
            False, True, True,
        )  # fmt: skip
        _, html = await clerk.post(f"{path}/reveal")
        assert ("周建军" in html, "13800005678" in html) == (True, True)
        status, html = await clerk.post(path, {"status": "nothing", "note": "打过电话"})
        assert (status, "打过电话</textarea>" in html) == (422, True)
        status, html = await clerk.post(path, {"status": "hired", "note": "九点面试"})
        assert (status, "记下了" in html) == (200, True)
        (after,) = await read(office, JobReferral, JobReferral.id == one.id)
        assert (after.status, after.note, after.hired_on is not None) == ("hired", "九点面试", True)
        async with clerk.session.get("/console/referrals/export.xlsx?status=hired") as found:
            table = read_table(await found.read(), ("姓名", "电话", "情况", "备注"), ("姓名",))
        assert ("周建军", "13800005678", "录用了", "九点面试") in [tuple(row.cells.values()) for row in table.rows]
        assert [name for name in await clerk.audited() if name.startswith("referral")] == [
            "referrals_listed", "referral_viewed", "referral_revealed", "referral_viewed", "referral_changed",
            "referral_viewed", "referrals_exported",
        ]  # fmt: skip
        _, html = await clerk.get(f"/console/jobs/{job.id}")
        assert "<dt>说想去</dt><dd>1 人" in html


async def test_an_export_is_read_while_others_write(office: Office) -> None:
    """It is long, and SQLite has one writer."""
    seen = list[tuple[str, bool]]()

    def note(connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append((statement, "yizhan_write" in connection.get_execution_options()))

    async with Clerk(office.site, "agent") as clerk:
        _, job = await post(office, clerk)
        await wanted(office, job)
        engine = office.site.app.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            async with clerk.session.get("/console/referrals/export.xlsx") as found:
                assert found.status == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert "referrals_exported" in await clerk.audited()
    reads = [writes for statement, writes in seen if "FROM job_referral" in statement]
    assert reads
    assert not any(reads)


async def test_staff_of_one_station_do_not_see_those_of_another(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        _, job = await post(office, clerk)
    async with office.site.app.database.transaction() as db:
        here, there = Station(name="甲镇推荐站", level="township"), Station(name="乙镇推荐站", level="township")
        db.add_all([here, there])
    one = await wanted(office, job, name="郑小明")
    async with office.site.app.database.transaction() as db:
        (await db.get_one(SupportCase, one.case_id)).station_id = there.id
        person = Person(
            name=office.site.app.vault.encrypt("郑小明"), categories=[], station_id=there.id, created_at=office.clock()
        )
        db.add(person)
        await db.flush()
        (await db.get_one(Address, one.address_id)).person_id = person.id
        (await db.get_one(JobReferral, one.id)).person_id = person.id
    async with Clerk(office.site, "agent", station_id=here.id) as clerk:
        _, html = await clerk.get("/console/referrals")
        assert f'/console/referrals/{one.id}"' not in html
        assert (await clerk.get(f"/console/referrals/{one.id}"))[0] == 422
        assert (await clerk.post(f"/console/referrals/{one.id}", {"status": "hired"}))[0] == 422
        assert (await clerk.post(f"/console/referrals/{one.id}/reveal"))[0] == 422
        async with clerk.session.get("/console/referrals/export.xlsx") as found:
            assert "郑小明".encode() not in await found.read()
    async with Clerk(office.site, "agent", station_id=there.id) as clerk:
        assert (await clerk.get(f"/console/referrals/{one.id}"))[0] == 200


async def test_neighbours_are_ticked_once_for_both_sides(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        towns = [Township(name=name) for name in ("临江镇甲", "临江镇乙", "临江镇丙")]
        db.add_all(towns)
        await db.flush()
        one, other, third = (town.id for town in towns)
    path = "/console/places/neighbours"
    async with Clerk(office.site, "lead") as clerk:
        _, html = await clerk.get(f"{path}?township={one}")
        assert f'value="{other}"' in html
        status, html = await clerk.post(path, {"township": str(one), "neighbour": str(other)})
        assert (status, "临江镇甲的相邻乡镇存好了" in html) == (200, True)
        await clerk.get(f"{path}?township={other}")
        pairs = {(row.township_id, row.neighbour_id) for row in await read(office, TownshipNeighbour)}
        assert {(one, other), (other, one)} <= pairs
        await clerk.post(path, {"township": str(other), "neighbour": str(third)})
        pairs = {(row.township_id, row.neighbour_id) for row in await read(office, TownshipNeighbour)}
        assert ((one, other) in pairs, (third, other) in pairs) == (False, True)
        status, html = await clerk.post(path, {"township": "999999"})
        assert (status, "没有找到这个乡镇" in html) == (422, True)
        assert (await clerk.audited()).count("neighbours_set") == 2
