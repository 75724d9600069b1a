"""The page 未送达: whoever is not reached stands there with the reason, until somebody has seen to it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, func, select, update

from db.people import Address, Person
from db.staff import Audit
from db.turns import Inbox, Outbox
from services.person_cards import name_key, phone_key
from services.table import read_table
from tests.channels.console import Clerk, Office, add_staff
from tests.storage.bureau import add_station

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/console/undelivered"
_numbers = count(1)


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def _nothing_else(office: Office) -> AsyncIterator[None]:
    async with office.site.app.database.transaction() as db:
        await db.execute(delete(Outbox).where(Outbox.status == "dead"))
        await db.execute(update(Address).values(reachable=True))
    yield


async def _account(office: Office, name: str | None = None, phone: str = "13800001111", **columns: Any) -> Address:
    vault = office.site.app.vault
    async with office.site.app.database.transaction() as db:
        person_id = None
        if name is not None:
            person = Person(
                name=vault.encrypt(name), name_key=name_key(vault, name), phone=vault.encrypt(phone),
                phone_key=phone_key(vault, phone), created_at=office.clock(), categories=[], **columns,
            )  # fmt: skip
            db.add(person)
            await db.flush()
            person_id = person.id
        number = f"9{next(_numbers):08}"
        address = Address(channel="telegram", external_id=number, person_id=person_id, created_at=office.clock())
        db.add(address)
    return address


async def _dead(office: Office, address: Address, error: str, **columns: Any) -> Outbox:
    values: dict[str, Any] = {
        "channel": address.channel, "recipient": address.external_id, "address_id": address.id, "lane": 1,
        "notice": "certification", "payload": {"text": "提醒", "choices": []}, "at": office.clock(),
        "available_at": office.clock(), "status": "dead", "error": error,
    }  # fmt: skip
    async with office.site.app.database.transaction() as db:
        row = Outbox(**values | columns)
        db.add(row)
    return row


async def test_the_reason_is_plain_and_the_person_masked(office: Office) -> None:
    address = await _account(office, "欧阳建国", region="青石镇")
    await _dead(office, address, "TelegramForbiddenError: Forbidden: bot was blocked by the user")
    async with Clerk(office.site, "agent") as clerk:
        status, html = await clerk.get(PATH)
        assert (status, "欧阳**" in html, "138****1111" in html) == (200, True, True)
        assert ("欧阳建国" in html, "13800001111" in html) == (False, False)
        assert ("对方停用了我们的账号" in html, "生存认证提醒" in html, "TelegramForbidden" in html) == (
            True,
            True,
            False,
        )
        assert f"/console/people/{address.person_id}" in html
        assert await clerk.audited() == ["sign_in", "undelivered_viewed"]


async def test_one_line_an_account_and_gone_when_seen_to_until_the_next_fault(office: Office) -> None:
    address = await _account(office, "钱多")
    for _ in range(3):
        await _dead(office, address, "TelegramBadRequest: Bad Request: message is too long")
    async with Clerk(office.site, "agent", name="周经办") as clerk:
        _, html = await clerk.get(PATH)
        assert (html.count("钱**"), "共 3 条没送到" in html, "内容太长" in html) == (1, True, True)
        status, html = await clerk.post(f"{PATH}/handled", {"address": address.id})
        assert (status, "处理过了" in html, "钱**" in html) == (200, True, False)
        _, html = await clerk.get(f"{PATH}?state=handled")
        assert ("钱**" in html, "周经办" in html) == (True, True)
        status, html = await clerk.post(f"{PATH}/handled", {"address": address.id})
        assert (status, "可能已经处理过" in html) == (422, True)
        office.clock.advance(60)
        await _dead(office, address, "TelegramBadRequest: Bad Request: message is too long")
        _, html = await clerk.get(PATH)
        assert "钱**" in html
        assert "undelivered_handled" in await clerk.audited()


async def test_an_account_that_shut_us_out_is_listed_and_one_that_came_back_is_not(office: Office) -> None:
    gone, back, long_ago = (
        await _account(office, "孙一"),
        await _account(office, "李二"),
        await _account(office, "周三"),
    )
    async with office.site.app.database.transaction() as db:
        for address, reachable, days in ((gone, False, 1), (back, True, 1), (long_ago, False, 31)):
            row = await db.get_one(Address, address.id)
            row.reachable = reachable
            at = office.clock() - timedelta(days=days)
            event = Inbox(channel="telegram", event_id=f"b{address.id}", kind="event", text="blocked", at=at)
            event.address_id = address.id
            db.add(event)
    async with Clerk(office.site, "agent") as clerk:
        _, html = await clerk.get(PATH)
        assert ("孙**" in html, "李**" in html, "周**" in html) == (True, False, False)
        assert ("还没有发过" in html, "对方停用了我们的账号" in html) == (True, True)


async def test_narrowed_by_kind_and_channel(office: Office) -> None:
    await _dead(office, await _account(office, "吴认证"), "x")
    await _dead(office, await _account(office, "郑公告"), "x", notice="news")
    await _dead(office, await _account(office, "王答复"), "x", notice=None)
    async with Clerk(office.site, "agent") as clerk:
        for query, surname in (("kind=certification", "吴"), ("kind=news", "郑"), ("kind=answer", "王")):
            _, html = await clerk.get(f"{PATH}?{query}")
            assert [name for name in "吴郑王" if f"{name}**" in html] == [surname]
        _, html = await clerk.get(f"{PATH}?channel=web")
        assert [name for name in "吴郑王" if f"{name}**" in html] == []
        assert (await clerk.get(f"{PATH}?kind=no&channel=no&page=x&state=no"))[0] == 200


async def test_what_staff_did_not_get_and_what_cards_could_not_be_pinned(office: Office) -> None:
    """A grid worker's notice is listed by name; cards of the staff group have their own place."""
    worker = await add_staff(office.site, "grid", name="网格赵六", telegram_id=770077)
    row = await _dead(office, await _account(office), "Forbidden: user is deactivated", address_id=None,
                      recipient=str(worker.telegram_id))  # fmt: skip
    await _dead(office, await _account(office), "x", address_id=None, notice=None, channel="staff", recipient="-1")
    async with Clerk(office.site, "agent") as clerk:
        _, html = await clerk.get(PATH)
        assert ("网格赵六（工作人员）" in html, "对方的账号注销了" in html, html.count("<tr>")) == (True, True, 2)
        status, html = await clerk.post(f"{PATH}/handled", {"outbox": row.id})
        assert (status, "网格赵六" in html) == (200, False)


async def test_the_table_has_what_is_needed_to_telephone_and_leaves_a_trace(office: Office) -> None:
    await _dead(office, await _account(office, "冯满仓", "13911112222", region="白云镇 红旗村"), "chat not found")
    async with Clerk(office.site, "agent") as clerk:
        async with clerk.session.get(f"{PATH}/export.xlsx?kind=certification") as found:
            assert (found.status, "xlsx" in found.headers["Content-Disposition"]) == (200, True)
            table = read_table(await found.read(), ("姓名", "电话", "乡镇村社", "原因"), ("姓名", "电话"))
        assert [tuple(row.cells.values()) for row in table.rows] == [
            ("冯满仓", "13911112222", "白云镇 红旗村", "没有找到这个账号，可能换号了")
        ]
        async with office.site.app.database.snapshot() as db:
            last = await db.get_one(Audit, (await _last_audit(office)))
        assert (last.action, last.detail) == ("undelivered_exported", {"lines": 1})


async def _last_audit(office: Office) -> int:
    async with office.site.app.database.snapshot() as db:
        return await db.scalar(select(func.max(Audit.id))) or 0


async def test_one_station_sees_its_own_people_only(office: Office) -> None:
    async with office.site.app.database.transaction() as db:
        north, south = await add_station(db, "未达北站"), await add_station(db, "未达南站")
    address = await _account(office, "陈北", station_id=north.id)
    await _dead(office, address, "x")
    await _dead(office, await _account(office), "x")
    async with Clerk(office.site, "agent", station_id=south.id) as clerk:
        _, html = await clerk.get(PATH)
        assert ("陈**" in html, "没有建档" in html) == (False, False)
        assert (await clerk.post(f"{PATH}/handled", {"address": address.id}))[0] == 422
    async with Clerk(office.site, "agent", station_id=north.id) as clerk:
        assert "陈**" in (await clerk.get(PATH))[1]
    async with Clerk(office.site, "editor") as clerk:
        assert (await clerk.get(PATH))[0] == 403


async def test_page_after_page(office: Office) -> None:
    for _ in range(51):
        await _dead(office, await _account(office), "x")
    async with Clerk(office.site, "agent") as clerk:
        _, first = await clerk.get(PATH)
        _, second = await clerk.get(f"{PATH}?page=2")
        assert (first.count("没有建档"), second.count("没有建档"), "上一页" in second) == (50, 1, True)
