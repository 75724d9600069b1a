"""The calendar's page: what is decreed, guessed and decided by staff, and forms that keep what was typed."""

import pytest

from services import deadlines, office_hours
from services.calendar import DEFAULT_WEEK, read_calendar
from tests.channels.console import Clerk, Office

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAGE = "/console/calendar"
_TIMES = ("am_from", "am_to", "pm_from", "pm_to")


def _week(*monday: str) -> dict[str, str]:
    """Return the form of a week that is open on Mondays."""
    empty = {f"{name}_{weekday}": "" for weekday in range(7) for name in _TIMES}
    return empty | {f"{name}_0": time for name, time in zip(_TIMES, monday, strict=False)}


def _targets(**changes: str) -> dict[str, str]:
    usual = {f"{name}_{kind}": "240" for kind in deadlines.DEFAULT_TARGETS for name in ("first", "next")}
    return usual | changes


async def test_this_month_is_shown_first_and_any_other_on_request(office: Office) -> None:
    async with Clerk(office.site, role="lead") as clerk:
        now = office.clock()
        assert f"{now.year}年{now.month}月</h2>" in (await clerk.get(PAGE))[1]
        _, html = await clerk.get(f"{PAGE}?month=2026-02")
        assert ("春节放假" in html, "春节调休上班" in html, "待定" in html) == (True, True, False)
        _, html = await clerk.get(f"{PAGE}?month=2031-02")
        assert ("待定" in html, "先按星期推算" in html) == (True, True)


@pytest.mark.parametrize("query", ["month=2026-13", "month=x", "month=9999-12", "month=0001-01", "day=2026-02-30"])
async def test_a_month_that_is_none_is_this_one(office: Office, query: str) -> None:
    async with Clerk(office.site) as clerk:
        status, html = await clerk.get(f"{PAGE}?{query}")
        assert (status, f"{office.clock().month}月</h2>" in html) == (200, True)


async def test_days_are_marked_and_left_to_the_calendar_again(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        stretch = {"day": "2031-01-30", "until": "2031-02-02"}
        await clerk.get(PAGE)
        _, html = await clerk.post(f"{PAGE}/days", stretch | {"how": "free", "note": "<春节>"})
        assert ("2031年1月</h2>" in html, html.count("已改</span>"), "&lt;春节&gt;" in html) == (True, 2, True)
        _, html = await clerk.get(f"{PAGE}?month=2031-02&day=2031-02-01")
        assert ("现在是休息（&lt;春节&gt;）" in html, html.count("已改</span>")) == (True, 2)
        _, html = await clerk.post(f"{PAGE}/days", stretch | {"how": "decreed"})
        assert "已改</span>" not in html
        assert (await clerk.audited())[-2:] == ["days_marked", "days_marked"]


@pytest.mark.parametrize(
    "fields",
    [{"day": ""}, {"day": "2031-02-03", "until": "2031-02-01"}, {"day": "2031-02-03", "until": "2031-04-01"}],
    ids=["no day", "backwards", "too long"],
)
async def test_days_that_cannot_be_marked(office: Office, fields: dict[str, str]) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(PAGE)
        status, html = await clerk.post(f"{PAGE}/days", fields | {"how": "free", "note": "打字到一半"})
        assert (status, 'role="alert"' in html, 'value="打字到一半"' in html) == (422, True, True)
    async with office.site.app.database.snapshot() as db:
        assert {day for day in await office_hours.marked_days(db) if day.year == 2031} == set()


async def test_hours_of_a_week(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(PAGE)
        status, html = await clerk.post(f"{PAGE}/hours", _week("9\uff1a00", "12:30"))
        assert (status, 'value="09:00"' in html, 'value="12:30"' in html, "18:00" in html) == (200, True, True, False)
        assert (await clerk.audited())[-1] == "hours_set"
    async with office.site.app.database.transaction() as db:
        assert (await read_calendar(db)).periods(office.clock().date()) == ()
        await office_hours.set_week(db, DEFAULT_WEEK)


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("09:00", ""), "成对"),
        (("12:00", "09:00"), "晚于"),
        (("09:00", "14:00", "13:00", "18:00"), "晚于"),
        (("25:00", "26:00"), "25:00"),
        ((), "至少"),
    ],
    ids=["half", "backwards", "over lunch", "no time", "never open"],
)
async def test_hours_that_cannot_be(office: Office, times: tuple[str, ...], said: str) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(PAGE)
        status, html = await clerk.post(f"{PAGE}/hours", _week(*times))
        alert = html.partition('role="alert">')[2].partition("<")[0]
        assert (status, said in alert) == (422, True), alert
        assert all(f'value="{time}"' in html for time in times if time)
    async with office.site.app.database.snapshot() as db:
        assert await office_hours.read_week(db) == DEFAULT_WEEK


async def test_targets_are_set_all_or_none(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        await clerk.get(PAGE)
        status, html = await clerk.post(f"{PAGE}/targets", _targets(first_consult="31", next_petition="0"))
        assert (status, 'value="31"' in html) == (422, True)
        async with office.site.app.database.snapshot() as db:
            assert await deadlines.read_targets(db) == deadlines.DEFAULT_TARGETS
        status, html = await clerk.post(f"{PAGE}/targets", _targets(first_consult="31"))
        assert (status, 'name="first_consult"' in html, 'value="31"' in html) == (200, True, True)
        assert (await clerk.audited())[-1] == "targets_set"
    async with office.site.app.database.transaction() as db:
        assert (await deadlines.read_targets(db))["consult"] == deadlines.Target(31, 240)
        for kind, target in deadlines.DEFAULT_TARGETS.items():
            await deadlines.set_target(db, kind, target)


@pytest.mark.parametrize("role", ["agent", "editor", "grid"])
async def test_not_for_everybody(office: Office, role: str) -> None:
    async with Clerk(office.site, role=role) as clerk:
        assert (await clerk.get(PAGE))[0] == 403
        assert (await clerk.post(f"{PAGE}/days", {"day": "2031-02-03", "how": "free"}))[0] == 403
