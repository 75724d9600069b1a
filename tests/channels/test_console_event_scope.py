"""Staff of one station and an event of the whole bureau: whom they see, what they may not do, and forms that are forged."""

from itertools import count

import pytest

from db.events import Event
from db.places import Station
from tests.channels.console import Clerk, Office
from tests.channels.test_console_events import event_of, read, sign_ups, to_the_door, written_down
from tests.channels.test_console_exams import somebody

pytestmark = pytest.mark.asyncio(loop_scope="session")
_numbers = count(1)


async def _stations(office: Office) -> tuple[int, int]:
    async with office.site.app.database.transaction() as db:
        number = next(_numbers)
        made = Station(name=f"此站{number}", level="township"), Station(name=f"彼站{number}", level="village")
        db.add_all(made)
        await db.flush()
        return made[0].id, made[1].id


async def test_the_people_of_another_station_are_on_no_page_and_in_no_file(office: Office) -> None:
    here, there = await _stations(office)
    person = await somebody(office, "欧阳某某", station_id=here)
    async with Clerk(office.site, "lead") as clerk:
        path, event = await event_of(office, clerk)
        await written_down(clerk, path, "司徒没有档案")
        await clerk.post(f"{path}/people/sign-up", {"person": str(person.id)})
    _, away = await sign_ups(office, event)
    async with Clerk(office.site, "agent", station_id=there) as clerk:
        for page in ("people", "print", "export.csv"):
            status, html = await clerk.get(f"{path}/{page}")
            assert (status, "欧阳" in html, "司徒没有档案" in html) == (200, False, page != "people"), page
        form = {"sign_up": str(away.id), "reason": "不认识"}
        await clerk.get(f"{path}/people")
        status, html = await clerk.post(f"{path}/people/cancel", form)
        assert (status, "没有找到这个报名" in html) == (422, True)
        await to_the_door(office, clerk, event)
        for act in ("tick", "untick"):
            await clerk.get(f"{path}/check-in")
            assert (await clerk.post(f"{path}/check-in/{act}", form))[0] == 422
        await clerk.get(f"{path}/check-in")
        status, html = await clerk.post(f"{path}/check-in/find", {"words": away.code})
        assert (status, f"{away.code} 到了" in html, "欧阳" in html) == (200, True, False)
    assert (await sign_ups(office, event))[1].attended_at is not None


async def test_what_concerns_every_station_is_not_for_the_staff_of_one(office: Office) -> None:
    _, there = await _stations(office)
    async with Clerk(office.site, "lead") as clerk:
        path, event = await event_of(office, clerk)
    async with Clerk(office.site, "agent", station_id=there) as clerk:
        _, html = await clerk.get(path)
        assert (event.title in html, "修改" in html, "取消这场活动" in html) == (True, False, False)
        assert "/console/events/new" not in (await clerk.get("/console/events"))[1]
        for page in ("/console/events/new", f"{path}/edit"):
            assert (await clerk.get(page))[0] == 403
        for act in ("/console/events/new", f"{path}/edit", f"{path}/publish", f"{path}/cancel"):
            assert (await clerk.post(act, {"reason": "不想办"}))[0] == 403
    assert [one.status for one in await read(office, Event, Event.id == event.id)] == ["open"]


async def test_forms_that_no_page_of_ours_sends(office: Office) -> None:
    async with Clerk(office.site, "lead") as clerk:
        path, event = await event_of(office, clerk)
        other, _ = await event_of(office, clerk)
        await written_down(clerk, path, "钱一")
        (row,) = await sign_ups(office, event)
        for page, reason in ((other, "弄错了"), (path, "长" * 101)):
            await clerk.get(f"{page}/people")
            status, _ = await clerk.post(f"{page}/people/cancel", {"sign_up": str(row.id), "reason": reason})
            assert (status, [one.status for one in await sign_ups(office, event)]) == (422, ["active"])
        for name in ("甲" * 61, "甲" * 5000):
            await clerk.get(path)
            status, html = await clerk.post(f"{path}/stands", {"employer": name, "booth": "1"})
            assert (status, "最多 60 个字" in html) == (422, True)
        assert (await clerk.get("/console/events?page=999999999999999999"))[0] == 200
