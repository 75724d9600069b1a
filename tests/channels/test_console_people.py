"""People in the console: masked everywhere, opened by a logged act, and never a name or phone in the audit."""

import json
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from db.cases import SupportCase
from db.people import Person
from db.staff import Audit
from tests.channels.console import Clerk, Office
from tests.storage.bureau import add_case, add_station

pytestmark = pytest.mark.asyncio(loop_scope="session")

_phones = count(13900000000)


async def _case(office: Office, **options: Any) -> SupportCase:
    async with office.site.app.database.transaction() as db:
        return await add_case(db, office.clock(), **options)


async def _made(clerk: Clerk, office: Office, name: str = "王建国", **fields: Any) -> tuple[int, str]:
    """Make a record through the page; return its id and phone."""
    case, phone = await _case(office), str(next(_phones))
    path = f"/console/people/new?address={case.address_id}"
    await clerk.get(path)
    form = {"address": case.address_id, "name": name, "phone": phone} | fields
    status, html = await clerk.post("/console/people/new", form)
    assert (status, "档案建好了" in html) == (200, True), html
    async with office.site.app.database.snapshot() as db:
        return (await db.scalars(select(Person.id).order_by(Person.id.desc()).limit(1))).one(), phone


async def _audit(office: Office, clerk: Clerk) -> list[Audit]:
    async with office.site.app.database.snapshot() as db:
        return list(await db.scalars(select(Audit).where(Audit.staff_id == clerk.staff.id).order_by(Audit.id)))


async def test_a_record_is_made_from_a_stranger_and_shown_masked(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        case = await _case(office)
        _, html = await clerk.get("/console/people/strangers")
        assert f"/console/people/new?address={case.address_id}" in html
        person_id, phone = await _made(clerk, office, region="青石镇 红旗村", category=["三属"])
        for path in (f"/console/people/{person_id}", "/console/people", "/console/people?region=红旗&category=三属"):
            _, html = await clerk.get(path)
            assert ("王**" in html, "139****" in html, "青石镇 红旗村" in html) == (True, True, True)
            assert ("王建国" in html, phone in html) == (False, False)


async def test_a_look_behind_the_mask_lasts_one_answer_and_is_recorded_with_its_reason(office: Office) -> None:
    async with Clerk(office.site, "agent") as clerk:
        person_id, phone = await _made(clerk, office)
        status, html = await clerk.post(f"/console/people/{person_id}/reveal", {"reason": "打电话回访"})
        assert (status, "王建国" in html, phone in html) == (200, True, True)
        _, html = await clerk.get(f"/console/people/{person_id}")
        assert ("王建国" in html, phone in html) == (False, False)
        assert (await clerk.session.get(f"/console/people/{person_id}/reveal")).status == 405
        rows = await _audit(office, clerk)
        revealed = next(row for row in rows if row.action == "person_revealed")
        assert (revealed.object, revealed.detail) == (f"person:{person_id}", {"reason": "打电话回访"})
        assert [row.action for row in rows][-4:] == [
            "person_made", "person_viewed", "person_revealed", "person_viewed",
        ]  # fmt: skip


async def test_the_audit_holds_fields_and_never_values(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        person_id, phone = await _made(clerk, office, "赵小满")
        await clerk.post("/console/people/find", {"words": "赵小满"})
        await clerk.post("/console/people/find", {"words": phone})
        _, html = await clerk.post(f"/console/people/{person_id}", {"name": "赵大满", "phone": "0573-88001234"})
        assert "赵**" in html
        rows = await _audit(office, clerk)
        changed = next(row for row in rows if row.action == "person_changed")
        assert changed.detail == {"fields": ["name", "phone"]}
        searched = [row.detail["by"] for row in rows if row.action == "people_searched"]
        assert searched == ["name", "phone"]
        written = json.dumps([row.detail for row in rows], ensure_ascii=False)
        assert [part for part in ("赵", "满", phone, "88001234") if part in written] == []


async def test_found_whole_and_put_to_the_record(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        person_id, phone = await _made(clerk, office, "孙有田")
        case = await _case(office, channel="web")
        await clerk.get("/console/people")
        _, html = await clerk.post("/console/people/find", {"words": "孙有", "address": case.address_id})
        assert "没有找到" in html
        status, html = await clerk.post("/console/people/find", {"words": "123", "address": case.address_id})
        assert (status, "电话号码好像不对" in html, 'value="123"' in html) == (422, True, True)
        _, html = await clerk.post("/console/people/find", {"words": phone, "address": case.address_id})
        assert f'action="/console/people/{person_id}/link"' in html
        _, html = await clerk.post(f"/console/people/{person_id}/link", {"address": case.address_id})
        assert ("已归到这份档案" in html, case.code in html, "网页" in html) == (True, True, True)
        _, html = await clerk.post(f"/console/people/{person_id}/unlink", {"address": case.address_id})
        assert ("已从这份档案移走" in html, case.code in html) == (True, False)


async def test_two_records_of_one_person_are_joined(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        keep, _ = await _made(clerk, office, "周一平")
        other, _ = await _made(clerk, office, "周一平")
        _, html = await clerk.get(f"/console/people/{keep}")
        assert "姓名或电话相同的档案" in html
        status, html = await clerk.post(f"/console/people/{keep}/join", {"other": keep})
        assert (status, "同一份档案" in html) == (422, True)
        _, html = await clerk.post(f"/console/people/{keep}/join", {"other": other})
        assert ("已合并成一份档案" in html, "姓名或电话相同" in html) == (True, False)
        status, html = await clerk.get(f"/console/people/{other}")
        assert (status, "没有找到这份档案" in html) == (422, True)


async def test_a_refused_form_keeps_what_was_typed(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        case = await _case(office)
        await clerk.get(f"/console/people/new?address={case.address_id}")
        form = {"address": case.address_id, "name": "<b>吴明", "phone": "8800", "region": "白云镇", "category": "三属"}
        status, html = await clerk.post("/console/people/new", form)
        assert (status, "电话号码好像不对" in html) == (422, True)
        kept = ('value="&lt;b&gt;吴明"', 'value="8800"', 'value="白云镇"', 'value="三属" checked')
        assert [part for part in kept if part not in html] == []
        person_id, _ = await _made(clerk, office, "吴明")
        status, html = await clerk.post(f"/console/people/{person_id}", {"name": "", "phone": "123456"})
        assert (status, 'value="123456"' in html) == (422, True)


async def test_who_may_not_see_a_person_learns_nothing(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        north, south = await add_station(db, "人员北站"), await add_station(db, "人员南站")
    hidden_case = await _case(office, station=south)
    async with Clerk(office.site) as admin:
        person_id, phone = await _made(admin, office, "郑小北", station_id=south.id)
    async with office.site.app.database.transaction() as db:
        case = (await db.scalars(select(SupportCase).order_by(SupportCase.id.desc()).limit(1))).one()
        case.station_id = south.id
    async with Clerk(office.site, "agent", station_id=north.id) as clerk:
        await clerk.get("/console/people")
        for path in (f"/console/people/{person_id}", f"/console/people/new?address={hidden_case.address_id}"):
            status, html = await clerk.get(path)
            assert (status, "没有找到" in html, "郑" in html) == (422, True, False)
        for act in ("reveal", "link", "unlink", "join", ""):
            path = f"/console/people/{person_id}/{act}".rstrip("/")
            status, html = await clerk.post(path, {"address": hidden_case.address_id, "other": 1, "name": "改"})
            assert (status, "郑" in html, phone in html) == (422, False, False)
        _, html = await clerk.post("/console/people/find", {"words": phone})
        assert "没有找到" in html
    for role in ("editor", "grid"):
        async with Clerk(office.site, role) as clerk:
            assert (await clerk.get("/console/people"))[0] == 403


async def test_the_list_pages_and_strange_addresses_do_no_harm(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        db.add_all(Person(created_at=office.clock(), categories=[], region="翻页镇") for _ in range(51))
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get("/console/people?region=翻页镇")
        assert html.count('data-label="姓名"') == 50
        following = html.split('href="/console/people?region=', 1)[1].split('"')[0].replace("&amp;", "&")
        _, html = await clerk.get(f"/console/people?region={following}")
        assert html.count('data-label="姓名"') == 1
        strange = "station=x&channel=%27&before=-1&category=老乡&region=%25"
        assert (await clerk.get(f"/console/people?{strange}"))[0] == 200
        assert (await clerk.get("/console/people/new?address=x"))[0] == 422
