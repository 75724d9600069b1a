"""Statistics in the console: the page and the table say the same, in the words of the yearly reports."""

from datetime import UTC, datetime

import pytest

from core.clock import CHINA
from services.table import read_table
from tests.channels.console import Clerk, Office
from tests.storage.bureau import add_case, add_station

pytestmark = pytest.mark.asyncio(loop_scope="session")

COLUMNS = ("项目", "受理", "办结", "化解", "一次性化解率", "满意率", "危机求助")


async def test_figures_on_the_page_and_in_the_table(office: Office) -> None:
    now = datetime(2025, 3, 10, 2, tzinfo=UTC)  # when no other test has a case
    march = "from=2025-03-01&to=2025-03-31"
    async with office.site.app.database.transaction() as db:
        station = await add_station(db, "<b>统计站")
        closed = {"status": "closed", "closed_at": now, "outcome": "resolved", "first_answer_at": now}
        await add_case(db, now, kind="errand", station=station, rating=5, **closed)
        await add_case(db, now, kind="errand", station=station, rating=3, reopened=1, **closed)
        await add_case(db, now, kind="crisis", station=station)
    async with Clerk(office.site, "lead", station_id=station.id) as clerk:
        status, html = await clerk.get(f"/console/statistics?{march}")
        assert (status, "<b>50.0%</b> 满意率" in html, "<b>50.0%</b> 一次性化解率" in html) == (200, True, True)
        assert ("&lt;b&gt;统计站" in html, "<rect" in html, "style=" in html) == (True, True, False)
        tables = {}
        for suffix in ("xlsx", "csv"):
            async with clerk.session.get(f"/console/statistics/export.{suffix}?{march}") as found:
                assert "2025-03-01" in found.headers["Content-Disposition"]
                tables[suffix] = read_table(await found.read(), COLUMNS, COLUMNS)
        assert [row.cells for row in tables["xlsx"].rows] == [row.cells for row in tables["csv"].rows]
        rows = {row.cells["项目"]: list(row.cells.values())[1:] for row in tables["xlsx"].rows}
        assert rows["代办"] == ["2", "2", "2", "50.0%", "50.0%", "0"]
        assert rows["<b>统计站"] == rows["全部"] == ["3", "2", "2", "50.0%", "50.0%", "1"]
        assert list(rows)[-1] == "2025年3月"
        assert (await clerk.audited())[-2:] == ["statistics_exported"] * 2


@pytest.mark.parametrize("query", ["from=x", "from=2026-12-01&to=2026-01-01", "from=1000-01-01"])
async def test_days_that_cannot_be_are_refused_and_the_year_is_shown(office: Office, query: str) -> None:
    async with Clerk(office.site, "lead") as clerk:
        status, html = await clerk.get(f"/console/statistics?{query}")
        first_day = f'value="{office.clock().astimezone(CHINA).year}-01-01"'  # other tests move the shared clock on
        assert (status, 'role="alert"' in html, first_day in html) == (422, True, True)
        assert (await clerk.get(f"/console/statistics/export.csv?{query}"))[0] == 422


async def test_figures_are_for_leads_and_admins(office: Office) -> None:
    for role in ("agent", "editor", "grid"):
        async with Clerk(office.site, role) as clerk:
            assert (await clerk.get("/console/statistics"))[0] == 403
