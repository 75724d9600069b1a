"""Binding, proxies and deaths in the console: confirmed, printed once, audited, told, and never another station's."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from db.cases import SupportCase
from db.people import Address, Person
from db.places import Township, Village
from db.proxies import BindingCode, Proxy
from db.staff import Audit
from db.turns import Outbox
from services import binding_requests, bindings, people, proxies
from services.binding_requests import Said
from services.person_cards import id_tail_key, name_key
from tests.channels.console import Clerk, Office
from tests.storage.bureau import add_station

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _person(office: Office, name: str, **values: Any) -> Person:
    vault = office.site.app.vault
    async with office.site.app.database.transaction() as db:
        sealed = {"name": vault.encrypt(name), "name_key": name_key(vault, name), "categories": []}
        person = Person(created_at=office.clock(), **(sealed | values))
        db.add(person)
    return person


async def _account(office: Office, name: str) -> int:
    async with office.site.app.database.transaction() as db:
        return (await people.open_conversation(db, "web", name, office.clock())).address_id


async def _ask(office: Office, account: str, said: Said) -> int:
    address_id = await _account(office, account)
    async with office.site.app.database.transaction() as db:
        assert await binding_requests.ask(db, office.site.app.vault, address_id, said, office.clock())
    return address_id


async def _told(office: Office, address_id: int) -> list[str]:
    async with office.site.app.database.snapshot() as db:
        rows = select(Outbox.payload).where(Outbox.address_id == address_id, Outbox.notice == "account")
        return [payload["text"] for payload in await db.scalars(rows)]


async def test_a_request_is_compared_masked_and_bound_once(office: Office) -> None:
    vault = office.site.app.vault
    person = await _person(office, "绑定甲", id_tail_key=id_tail_key(vault, "123X"))
    other = await _person(office, "绑定乙")
    address_id = await _ask(office, "bind-1", Said("绑定甲", "123x", None))
    async with Clerk(office.site, "agent") as clerk:
        _, html = await clerk.get("/console/people/bindings")
        assert ("姓名和身份证后四位都对得上" in html, "绑定甲" in html, "123X" in html) == (True, False, False)
        accept = re.findall(
            rf'action="(/console/people/bindings/\d+/accept)">(?:(?!</form>).)*?value="{person.id}"', html, re.DOTALL
        )
        assert len(accept) == 1
        status, html = await clerk.post(accept[0], {"person": other.id})
        assert (status, "不能绑定" in html) == (422, True)
        _, html = await clerk.post(accept[0], {"person": person.id})
        assert "已绑定" in html
        status, html = await clerk.post(accept[0], {"person": person.id})
        assert (status, "已经有人处理过" in html) == (422, True)
        assert "binding_accepted" in await clerk.audited()
    async with office.site.app.database.snapshot() as db:
        assert (await db.get_one(Address, address_id)).person_id == person.id
    assert "核对好了" in (await _told(office, address_id))[0]


async def test_who_cannot_be_compared_is_refused_and_told(office: Office) -> None:
    address_id = await _ask(office, "bind-2", Said("绑定丙", "0000", None))
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get("/console/people/bindings")
        assert "没有姓名对得上的档案" in html
        path = re.findall(r"/console/people/bindings/\d+/refuse", html)[-1]
        _, html = await clerk.post(path)
        assert "没有核对上" in html
    assert "没有核对上" in (await _told(office, address_id))[0]


async def test_requests_are_for_their_station_and_its_superiors(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        north, south = await add_station(db, "绑定北站"), await add_station(db, "绑定南站")
    await _ask(office, "bind-3", Said("绑定丁", "0000", south.id))
    for role, station, seen in (("agent", north.id, False), ("agent", south.id, True), ("lead", None, True)):
        async with Clerk(office.site, role, station_id=station) as clerk:
            _, html = await clerk.get("/console/people/bindings")
            assert ("绑定南站</p>" in html) == seen
    async with Clerk(office.site, "editor") as clerk:
        assert (await clerk.get("/console/people/bindings"))[0] == 403


async def test_a_village_is_printed_once_with_codes_that_work(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        town = Township(name="绑定镇")
        db.add(town)
        await db.flush()
        village = Village(township_id=town.id, name="绑定村")
        db.add(village)
    people_there = [await _person(office, f"村民{sign}", village_id=village.id) for sign in "甲乙丙"]
    bound = await _account(office, "bind-4")
    async with office.site.app.database.transaction() as db:
        (await db.get_one(Address, bound)).person_id = people_there[2].id
    async with Clerk(office.site) as clerk:
        await clerk.get("/console/people/bindings")
        _, html = await clerk.post("/console/people/bindings/print", {"village": village.id})
        codes = re.findall(r'class="code">([A-Z0-9]{4} [A-Z0-9]{4})<', html)
        assert (len(codes), "村民甲" in html, "村民丙" in html) == (2, True, False)
        address_id = await _account(office, "bind-5")
        async with office.site.app.database.transaction() as db:
            code = bindings.read_code(codes[0])
            assert code is not None
            used = await bindings.use_code(db, office.site.app.vault, address_id, code, office.clock())
            assert used is not None
            assert used.id == people_there[0].id
        async with office.site.app.database.snapshot() as db:
            written = [row.detail for row in await db.scalars(select(Audit).where(Audit.action == "binding_printed"))]
            assert {"count": 2} in written
            assert not [code for code in codes if code in str(written)]
        status, html = await clerk.post("/console/people/bindings/print", {"village": 999999})
        assert (status, "没有要打绑定码的人" in html) == (422, True)


async def test_one_slip_from_the_record(office: Office) -> None:
    person = await _person(office, "单打甲")
    async with Clerk(office.site) as clerk:
        await clerk.get(f"/console/people/{person.id}")
        _, html = await clerk.post(f"/console/people/{person.id}/code")
        assert ("单打甲" in html, html.count('class="code"')) == (True, 1)
        _, html = await clerk.get(f"/console/people/{person.id}")
        assert "有一张没用的" in html
    async with office.site.app.database.snapshot() as db:
        assert len((await db.scalars(select(BindingCode).where(BindingCode.person_id == person.id))).all()) == 1


async def test_a_relative_is_named_at_the_counter_and_ended(office: Office) -> None:
    person = await _person(office, "代办甲")
    form = {"relation": "女儿", "relative": "代办乙", "scope": ["remind", "book"], "ends_on": "2027-03-01"}
    async with Clerk(office.site) as clerk:
        path = f"/console/people/{person.id}"
        await clerk.get(path)
        status, html = await clerk.post(f"{path}/proxies", form)
        assert (status, "要本人当面同意" in html, 'value="2027-03-01"' in html) == (422, True, True)
        status, html = await clerk.post(f"{path}/proxies", form | {"agreed": "yes", "ends_on": "2020-01-01"})
        assert (status, "最长三年" in html) == (422, True)
        _, html = await clerk.post(f"{path}/proxies", form | {"agreed": "yes"})
        code = re.findall(r"代办 (\d{6})", html)[0]
        address_id = await _account(office, "bind-6")
        async with office.site.app.database.transaction() as db:
            used = await proxies.use_code(db, office.site.app.vault, address_id, code, office.clock())
            assert used is not None
        _, html = await clerk.get(path)
        assert [part for part in ("代**", "收提醒、预约，到 2027-03-01", "张三当面登记") if part not in html] == []
        _, html = await clerk.post(f"{path}/proxies/end", {"proxy": used.id})
        assert ("没有人代办" in html, "双方会收到通知" in html) == (True, True)
        assert {"proxy_offered", "proxy_ended"} <= set(await clerk.audited())
    assert "已经停了" in (await _told(office, address_id))[0]


async def test_another_persons_proxy_cannot_be_ended_from_here(office: Office) -> None:
    mine, other = await _person(office, "代办丙"), await _person(office, "代办丁")
    async with office.site.app.database.transaction() as db:
        consent = proxies.Consent(["remind"], proxies.in_a_year(office.clock()), "儿子")
        await proxies.offer(db, office.site.app.vault, other.id, consent, office.clock())
        number = (await db.scalars(select(Proxy.id).where(Proxy.person_id == other.id))).one()
    async with Clerk(office.site) as clerk:
        await clerk.get(f"/console/people/{mine.id}")
        await clerk.post(f"/console/people/{mine.id}/proxies/end", {"proxy": number})
    async with office.site.app.database.snapshot() as db:
        assert (await db.get_one(Proxy, number)).status == "offered"


async def test_a_death_is_written_down_and_taken_back(office: Office) -> None:
    person = await _person(office, "去世甲")
    async with Clerk(office.site) as clerk:
        path = f"/console/people/{person.id}"
        await clerk.get(path)
        assert (await clerk.post(f"{path}/death"))[0] == 422
        _, html = await clerk.post(f"{path}/death", {"sure": "yes"})
        assert [part for part in ("联系家属的是", "已登记去世", "撤销登记") if part not in html] == []
        _, html = await clerk.post(f"{path}/death", {"sure": "yes"})
        assert "已经登记过去世了" in html
        async with office.site.app.database.snapshot() as db:
            cases = await db.scalars(select(SupportCase).join(Address).where(Address.person_id == person.id))
            assert [(case.kind, case.reason) for case in cases] == [("benefit", "staff")]
        status, html = await clerk.post(f"{path}/proxies", {"relation": "女儿", "scope": "remind", "agreed": "yes"})
        assert (status, "不能登记代办" in html) == (422, True)
        _, html = await clerk.post(f"{path}/death/undo", {"reason": "同名的人"})
        assert ("已撤销" in html, "撤销登记" in html) == (True, False)
        assert [one for one in await clerk.audited() if one.startswith("death")] == [
            "death_reported", "death_reported", "death_undone",
        ]  # fmt: skip


async def test_who_may_not_see_a_person_can_do_nothing(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        north, south = await add_station(db, "家属北站"), await add_station(db, "家属南站")
    person = await _person(office, "外站甲", station_id=south.id)
    async with Clerk(office.site, "agent", station_id=north.id) as clerk:
        await clerk.get("/console/people")
        for act in ("code", "proxies", "proxies/end", "death", "death/undo"):
            fields = {"sure": "yes", "agreed": "yes", "relation": "女儿", "scope": "remind", "proxy": 1}
            status, html = await clerk.post(f"/console/people/{person.id}/{act}", fields)
            assert (status, "外站" in html) == (422, False)
    async with office.site.app.database.snapshot() as db:
        assert (await db.get_one(Person, person.id)).deceased_at is None
