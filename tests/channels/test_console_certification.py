"""One person of a campaign in the console: certified, a claim looked into, visited, taken back, taken off the list."""

import re
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
import pytest_asyncio
from sqlalchemy import select

from db.campaigns import Campaign, Certification
from db.people import Address, Person
from db.reminders import Reminder
from db.turns import Outbox
from services import certifications
from services.table import read_table
from services.visit_codes import code_of
from tests.channels.campaign_office import Town, add_campaign, add_person, add_town, day, listed
from tests.channels.console import Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")


class Cohort(NamedTuple):
    """A running campaign of three people of one village."""

    town: Town
    campaign: Campaign
    people: list[Person]
    rows: list[Certification]


@pytest_asyncio.fixture(loop_scope="session")
async def cohort(office: Office) -> Cohort:
    now, app = office.clock(), office.site.app
    async with app.database.transaction() as db:
        town = await add_town(db, f"镇{uuid4().hex[:8]}")
        people = [
            await add_person(db, app.vault, now, name, town, phone, telegram=uuid4().hex)
            for name, phone in (("王建国", "13800001234"), ("李建军", None), ("赵建设", None))
        ]
        campaign = await add_campaign(db, now, people)
        rows = [await listed(db, campaign, one) for one in people]
    return Cohort(town, campaign, people, rows)


async def _row(office: Office, id_: int) -> Certification:
    async with office.site.app.database.snapshot() as db:
        return await db.get_one(Certification, id_)


async def _reminder(office: Office, cohort: Cohort, number: int) -> Reminder:
    mine = (Reminder.about_id == cohort.campaign.id, Reminder.person_id == cohort.people[number].id)
    async with office.site.app.database.snapshot() as db:
        return (await db.scalars(select(Reminder).where(Reminder.kind == "certification", *mine))).one()


async def _claim(office: Office, cohort: Cohort, number: int) -> None:
    reminder = await _reminder(office, cohort, number)
    async with office.site.app.database.transaction() as db:
        address = (await db.scalars(select(Address).where(Address.person_id == cohort.people[number].id))).one()
        await certifications.claim_done(db, reminder.id, address.id, office.clock())


def _done(office: Office, **changes: str) -> dict[str, Any]:
    return {"way": "proxy", "done_by": "女儿", "evidence": "身份证", "on": day(office.clock()).isoformat()} | changes


async def test_recorded_who_when_how_and_the_reminders_end(office: Office, cohort: Cohort) -> None:
    path = f"/console/campaigns/people/{cohort.rows[0].id}"
    async with Clerk(office.site, "agent", name="刘经办") as clerk:
        status, html = await clerk.get(path)
        assert (status, "王**" in html, "王建国" in html, "13800001234" in html) == (200, True, False, False)
        for wrong, said in (
            ({"way": ""}, "请选认证方式"),
            ({"evidence": "人脸照片"}, "人脸"),
            ({"done_by": "本人"}, "对不上"),
        ):
            status, html = await clerk.post(f"{path}/certify", _done(office, **wrong))
            assert (status, said in html) == (422, True)
        status, html = await clerk.post(f"{path}/certify", _done(office))
        assert (status, "提醒都停了" in html, "代理，女儿办" in html, "刘经办" in html) == (200, True, True, True)
        row = await _row(office, cohort.rows[0].id)
        assert (row.status, row.way, row.done_by, row.evidence, row.staff_id) == (
            "done", "proxy", "女儿", "身份证", clerk.staff.id,
        )  # fmt: skip
        assert (await _reminder(office, cohort, 0)).status == "done"
        assert (await clerk.audited())[-2:] == ["certified", "certification_viewed"]
        status, html = await clerk.post(f"{path}/reopen")
        assert (status, "还没认证" in html) == (200, True)
        assert ((await _reminder(office, cohort, 0)).status, (await clerk.audited())[-2]) == (
            "pending", "certification_reopened",
        )  # fmt: skip


async def test_a_claim_is_confirmed_or_rejected(office: Office, cohort: Cohort) -> None:
    await _claim(office, cohort, 0)
    await _claim(office, cohort, 1)
    first, second = (f"/console/campaigns/people/{cohort.rows[number].id}" for number in (0, 1))
    async with Clerk(office.site, "lead") as clerk:
        _, html = await clerk.get(first)
        assert ("自己说办过了" in html, "核对：确实办过了" in html) == (True, True)
        online = _done(office, way="online", done_by="本人", evidence="小程序结果")
        assert (await clerk.post(f"{first}/certify", online))[0] == 200
        status, html = await clerk.post(f"{second}/reject")
        assert (status, "没有查到办理记录" in html) == (200, True)
        rows = [(await _row(office, cohort.rows[number].id)).status for number in (0, 1)]
        assert (rows, (await _reminder(office, cohort, 1)).next_at is not None) == (["done", "open"], True)
        status, html = await clerk.post(f"{second}/reject")
        assert (status, "可能同事已经处理了" in html) == (422, True)


async def test_off_the_list_and_back(office: Office, cohort: Cohort) -> None:
    path = f"/console/campaigns/people/{cohort.rows[2].id}"
    people = f"/console/campaigns/{cohort.campaign.id}/people"
    async with Clerk(office.site) as clerk:
        await clerk.get(path)
        assert (await clerk.post(f"{path}/remove"))[0] == 200
        assert "赵**" not in (await clerk.get(people))[1]
        assert "赵**" in (await clerk.get(f"{people}?state=removed"))[1]
        assert (await clerk.post(f"{path}/reopen"))[0] == 200
        assert "赵**" in (await clerk.get(people))[1]


async def test_the_list_is_narrowed_searched_and_taken_out(office: Office, cohort: Cohort) -> None:
    people = f"/console/campaigns/{cohort.campaign.id}/people"
    async with Clerk(office.site) as clerk:
        await clerk.get(f"/console/campaigns/people/{cohort.rows[0].id}")
        await clerk.post(f"/console/campaigns/people/{cohort.rows[0].id}/certify", _done(office))
        _, html = await clerk.get(
            f"{people}?state=done&village={cohort.town.village.id}&station={cohort.town.station.id}"
        )
        assert ("王**" in html, "李**" in html) == (True, False)
        assert "没有这样的人" in (await clerk.get(f"{people}?village=0"))[1]
        for words in ("王建国", "13800001234"):
            _, html = await clerk.post(people, {"words": words})
            assert ("王**" in html, "李**" in html) == (True, False)
        status, html = await clerk.post(people, {"words": "138"})
        assert (status, 'value="138"' in html) == (422, True)
        async with clerk.session.get(f"{people}.xlsx?state=done") as found:
            table = read_table(await found.read(), ("姓名", "电话", "怎么办的", "谁办的"), ("姓名",))
        assert [list(row.cells.values()) for row in table.rows] == [["王建国", "13800001234", "代理", "女儿"]]
        assert (await clerk.audited())[-1] == "campaign_exported"


async def test_lines_are_typed_back_and_bad_ones_stay(office: Office, cohort: Cohort) -> None:
    codes = [code_of(row.id) for row in cohort.rows]
    wrong = f"{codes[2][:-1]}{(int(codes[2][-1]) + 1) % 10}"
    lines = f"{codes[0]} 2\n\n{codes[1]},3\n{wrong} 2\n{codes[2]} 9\n乱写"
    async with Clerk(office.site, "agent") as clerk:
        await clerk.get("/console/visits/type")
        status, html = await clerk.post(
            "/console/visits/type", {"campaign": str(cohort.campaign.id), "lines": lines}
        )  # fmt: skip
        assert (status, "记好了 2 行" in html, "有 3 行没有记" in html, "第 4 行" in html) == (422, True, True, True)
        assert f">{wrong} 2\n{codes[2]} 9\n乱写</textarea>" in html
        rows = [await _row(office, row.id) for row in cohort.rows]
        assert [(row.status, row.visit) for row in rows] == [("done", None), ("open", "away"), ("open", None)]
        assert (rows[0].way, rows[0].evidence) == ("visit", "现场见面")
        assert (await clerk.audited())[-2:] == ["visit_typed", "visit_typed"]
        status, _ = await clerk.post(
            "/console/visits/type", {"campaign": str(cohort.campaign.id), "lines": f"{codes[0]} 2"}
        )
        assert status == 200  # the same again changes nothing
        status, html = await clerk.post("/console/visits/type", {"campaign": "99999", "lines": f"{codes[2]} 2"})
        assert (status, f"{codes[2]} 2</textarea>" in html) == (422, True)


async def test_a_death_typed_back_is_asked_once_more_by_name(office: Office, cohort: Cohort) -> None:
    slip, died, other = (code_of(row.id) for row in cohort.rows)
    form = {"campaign": str(cohort.campaign.id), "lines": f"{slip} 6\n{died} 6\n{other} 1"}
    async with Clerk(office.site, "agent") as clerk:
        await clerk.get("/console/visits/type")
        status, html = await clerk.post("/console/visits/type", form)
        assert (status, "记好了 1 行" in html, f">{slip} 6\n{died} 6</textarea>" in html) == (200, True, True)
        names = re.findall(r'name="sure" value="(\d+ 6)"> \d+ 6：(.+?)，确认去世', html)
        assert [line for line, name in names if name.strip()] == [f"{slip} 6", f"{died} 6"]
        assert [(await _row(office, row.id)).status for row in cohort.rows] == ["open"] * 3
        assert (await clerk.audited())[-1] == "visit_typed"
        form |= {"lines": f"{slip} 3\n{died} 6", "sure": f"{died} 6"}
        status, html = await clerk.post("/console/visits/type", form)
        assert (status, "记好了 2 行" in html, 'name="sure"' in html) == (200, True, False)
        rows = [await _row(office, row.id) for row in cohort.rows]
        assert [(row.status, row.visit) for row in rows] == [("open", "away"), ("deceased", None), ("open", "seen")]


async def test_a_visit_of_one_is_recorded_on_their_page(office: Office, cohort: Cohort) -> None:
    path = f"/console/campaigns/people/{cohort.rows[1].id}"
    async with Clerk(office.site) as clerk:
        await clerk.get(path)
        assert (await clerk.post(f"{path}/visited", {"box": "8"}))[0] == 422
        status, html = await clerk.post(f"{path}/visited", {"box": "4"})
        assert (status, "上次走访</dt><dd>住院" in html) == (200, True)


async def test_the_sheet_has_who_is_left_by_village_for_the_eyes_that_may_see_it(
    office: Office, cohort: Cohort
) -> None:
    path = f"/console/visits/sheet?campaign={cohort.campaign.id}"
    async with office.site.app.database.transaction() as db:
        elsewhere = await add_town(db, f"镇{uuid4().hex[:8]}")
    async with Clerk(office.site, "grid", grid_id=cohort.town.grid.id) as clerk:
        _, html = await clerk.get(f"/console/visits?campaign={cohort.campaign.id}")
        assert "您的网格里还有 <b>3</b> 人没认证" in html
        _, html = await clerk.get(path)
        assert ("王建国" in html, code_of(cohort.rows[0].id) in html, "7 其他" in html) == (True, True, True)
        assert (await clerk.audited())[-1] == "visits_viewed"
        line = {"campaign": str(cohort.campaign.id), "lines": f"{code_of(cohort.rows[0].id)} 2"}
        assert (await clerk.post("/console/visits/type", line))[0] == 200
        assert "王建国" not in (await clerk.get(path))[1]
    async with Clerk(office.site, "grid", grid_id=elsewhere.grid.id) as clerk:
        assert "没有要走访的人" in (await clerk.get(path))[1]
        line = {"campaign": str(cohort.campaign.id), "lines": f"{code_of(cohort.rows[1].id)} 2"}
        assert (await clerk.post("/console/visits/type", line))[0] == 422
        assert (await _row(office, cohort.rows[1].id)).status == "open"


async def test_who_was_truly_reached_adds_up_to_the_list(office: Office, cohort: Cohort) -> None:
    now = office.clock()
    reminders = [await _reminder(office, cohort, number) for number in range(3)]
    async with office.site.app.database.transaction() as db:
        addresses = [
            (await db.scalars(select(Address).where(Address.person_id == one.id))).one() for one in cohort.people
        ]
        for reminder, address, status in zip(reminders[:2], addresses, ("sent", "dead"), strict=False):
            db.add(
                Outbox(
                    channel="telegram",
                    recipient=address.external_id,
                    address_id=address.id,
                    lane=1,
                    at=now,
                    available_at=now,
                    status=status,
                    payload={"text": "请办认证", "choices": []},
                    notice="certification",
                    reminder_id=reminder.id,
                )
            )
    base = f"/console/campaigns/{cohort.campaign.id}"
    async with Clerk(office.site) as clerk:
        _, html = await clerk.get(f"{base}/reached")
        assert ("名单上的 3 人" in html, "送到了" in html, "没有送到" in html, "还没到发的时候" in html) == (True,) * 4
        async with clerk.session.get(f"{base}/reached.xlsx") as found:
            table = read_table(await found.read(), ("姓名", "情况"), ("姓名",))
        assert {row.cells["姓名"]: row.cells["情况"] for row in table.rows} == {
            "王建国": "送到了", "李建军": "没有送到", "赵建设": "还没到发的时候",
        }  # fmt: skip
        _, html = await clerk.get(f"/console/campaigns/people/{cohort.rows[0].id}")
        assert ("本人" in html, "已发" in html) == (True, True)
    await _claim(office, cohort, 0)
    async with Clerk(office.site) as clerk:
        assert "有回音" in (await clerk.get(f"{base}/reached"))[1]


async def test_a_sheet_that_is_too_long_is_printed_village_by_village(
    office: Office, cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.console.visits._LONGEST", 2)
    base = f"/console/visits/sheet?campaign={cohort.campaign.id}"
    async with Clerk(office.site) as clerk:
        status, html = await clerk.get(base)
        assert (status, "请一个村一个村地打印" in html, "王建国" in html) == (422, True, False)
        assert "王建国" in (await clerk.get(f"{base}&village={cohort.town.village.id}"))[1]
        assert "没有要走访的人" in (await clerk.get(f"{base}&village=0"))[1]
