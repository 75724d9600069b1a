"""Stations and grids in the console: a file is shown before it is written, and what was shown is what is written."""

from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from db.places import Station
from services import places
from services.places import EXCHANGES
from services.table import read_table
from tests.channels.console import Clerk, Office, add_staff, hidden

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"


async def _upload(clerk: Clerk, kind: str, content: bytes, name: str = "table.csv") -> tuple[int, str]:
    path = f"/console/places/{kind}/import"
    await clerk.get(path)
    form = aiohttp.FormData()
    form.add_field("csrf", clerk.csrf)
    form.add_field("file", BytesIO(content), filename=name)
    async with clerk.session.post(path, data=form) as response:
        return response.status, clerk._seen(await response.text())


async def _confirm(clerk: Clerk, kind: str, html: str) -> tuple[int, str]:
    return await clerk.post(f"/console/places/{kind}/import/confirmed", {"table": hidden(html, "table")})


async def _names(office: Office, kind: str = "stations") -> list[str]:
    async with office.site.app.database.snapshot() as db:
        return [row[0] if kind == "stations" else row[1] for row in await places.take_out(db, kind)]


def _stations(*rows: str) -> bytes:
    return "\n".join(["名称,级别,上级,电话", *rows]).encode("gb18030")


async def test_shown_first_then_written(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        content = _stations(
            "一号中心,县,,110", "<i>一号站,乡镇,一号中心,0573-88000000", "坏站,省,,", "孤站,村社,一号钟心,"
        )
        status, html = await _upload(clerk, "stations", content)
        assert (status, "新增 2 行" in html, "有问题 2 行" in html, "是不是一号中心" in html) == (200, True, True, True)
        assert "一号中心" not in await _names(office)
        status, html = await _confirm(clerk, "stations", html)
        assert (status, "已导入\uff1a新增 2 行" in html) == (200, True)
        assert ("&lt;i&gt;一号站" in html, "<i>" in html, 'class="depth-1"' in html) == (True, False, True)
        assert {"坏站", "孤站"} & set(await _names(office)) == set()
        assert (await clerk.audited())[-1] == "places_imported"
        status, html = await _upload(clerk, "stations", _stations("一号中心,县,,110"))
        assert ("没有变化 1 行" in html, "确认导入" in html) == (True, False)


async def test_staff_are_counted_at_their_station(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        _, html = await _upload(clerk, "stations", _stations("三号中心,县,,"))
        await _confirm(clerk, "stations", html)
        async with office.site.app.database.snapshot() as db:
            station = next(branch for branch in await places.station_tree(db) if branch.cells["名称"] == "三号中心")
        assert station.staff == 0
        await _add_staff_of(office, "三号中心", active=True)
        await _add_staff_of(office, "三号中心", active=False)
        async with office.site.app.database.snapshot() as db:
            tree = {branch.cells["名称"]: branch.staff for branch in await places.station_tree(db)}
        assert tree["三号中心"] == 1


async def _add_staff_of(office: Office, station: str, **columns: Any) -> None:
    async with office.site.app.database.snapshot() as db:
        id_ = await db.scalar(select(Station.id).where(Station.name == station))
    await add_staff(office.site, "agent", station_id=id_, **columns)


async def test_grids_come_in_are_found_and_each_look_is_recorded(office: Office) -> None:
    async with Clerk(office.site, role="lead") as clerk:
        rows = "乡镇,村社,网格,网格员,电话\n四号镇,四号村,一,赵四,13800004444\n四号镇,五号村,一,钱五,\n"
        _, html = await _upload(clerk, "grids", rows.encode("utf-8-sig"))
        status, html = await _confirm(clerk, "grids", html)
        assert (status, "赵四" in html) == (200, True)
        _, html = await clerk.get("/console/places/grids?q=五号村")
        assert ("钱五" in html, "赵四" in html) == (True, False)
        assert "没有找到" in (await clerk.get("/console/places/grids?q=<没有>"))[1]
        assert (await clerk.audited())[-4:] == ["places_imported", *["grids_viewed"] * 3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "不是表格"),
        (b"PK\x03\x04 torn", "打不开"),
        ("乡镇,村社,网格\n".encode(), "缺少"),
        (b"x" * (21 * 1024 * 1024), "太大"),
    ],
    ids=["picture", "torn", "another table", "too large"],
)
async def test_a_file_that_is_none(office: Office, content: bytes, said: str) -> None:
    async with Clerk(office.site) as clerk:
        status, html = await _upload(clerk, "stations", content)
        assert (status, said in html, 'type="file"' in html) == (422, True, True)


async def test_no_file_and_nothing_to_confirm(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        assert (await _upload(clerk, "stations", b"", ""))[0] == 422
        before = await _names(office)
        for table in ("", "forged"):
            status, html = await clerk.post("/console/places/stations/import/confirmed", {"table": table})
            assert (status, "请重新选文件" in html) == (422, True)
        assert await _names(office) == before


async def test_all_rows_are_written_though_not_all_are_shown(office: Office) -> None:
    async with Clerk(office.site) as clerk:
        rows = "".join(f"五号镇,第{n}村,第{n}网格,姓名{n},1380000{n:04}\n" for n in range(300))
        _, html = await _upload(clerk, "grids", ("乡镇,村社,网格,网格员,电话\n" + rows).encode())
        assert ("还有 100 行" in html, "姓名299" in html) == (True, False)
        status, html = await _confirm(clerk, "grids", html)
        assert (status, "已导入\uff1a新增 300 行" in html, "只显示前 200 行" in html) == (200, True, True)
        assert "姓名299" in (await clerk.get("/console/places/grids?q=第299村"))[1]


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", ["stations", "grids"])
async def test_samples_and_exports_are_tables_again(office: Office, kind: str, suffix: str) -> None:
    exchange = EXCHANGES[kind]
    async with Clerk(office.site) as clerk:
        for what in ("sample", "export"):
            async with clerk.session.get(f"/console/places/{kind}/{what}.{suffix}") as response:
                assert response.status == 200
                assert response.headers["Content-Disposition"].startswith("attachment")
                table = read_table(await response.read(), exchange.columns, exchange.required)
            if what == "sample":
                assert all("示例" in next(iter(row.cells.values())) for row in table.rows)
        assert (await clerk.audited())[-1] == "places_exported"
    async with office.site.app.database.snapshot() as db:
        assert [list(row.cells.values()) for row in table.rows] == await places.take_out(db, kind)


@pytest.mark.parametrize("role", ["agent", "editor", "grid"])
async def test_not_for_everybody(office: Office, role: str) -> None:
    async with Clerk(office.site, role=role) as clerk:
        for path in ("", "/grids", "/stations/import", "/grids/export.xlsx", "/stations/sample.csv"):
            assert (await clerk.get(f"/console/places{path}"))[0] == 403
