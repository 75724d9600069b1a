"""Stations with their hours, limits and services: what cannot be is told row by row, and what comes in goes out the same."""

from datetime import date

import pytest
from sqlalchemy import event, select
from sqlalchemy.ext.asyncio import AsyncSession

from db.bookings import Service, StationService
from db.engine import Database
from db.places import Station
from services import stations, visit_services
from services.imports import Report
from services.table import Row, Table
from tests.fakes.basis import BASIS

HOURS = "周一至周五 8:30-12:00 14:00-17:30；周六 9:00-11:00"


def _row(number: int = 2, **cells: str) -> Row:
    return Row(number, {"名称": "甲站", "级别": "县"} | cells)


async def _bring(db: AsyncSession, *rows: Row) -> Report:
    return await stations.import_stations(db, Table(rows), BASIS, write=True)


async def _services(db: AsyncSession, *rows: dict[str, str]) -> Report:
    table = Table(tuple(Row(number, cells) for number, cells in enumerate(rows, 2)))
    return await visit_services.import_services(db, table, BASIS, write=True)


def _faults(report: Report) -> list[str]:
    return [fault for line in report.lines for fault in line.faults]


async def test_a_station_written_in_another_way_is_the_same_station(database: Database) -> None:
    full = {
        "经度": "120.5631", "纬度": "30.63", "星级": "5", "上班时间": HOURS, "最少提前": "2小时", "可约天数": "14",
        "事项": "优待证申领 20分钟 2人；政策咨询", "停用": "2027-01-01",
    }  # fmt: skip
    other = {
        "经度": "120.563100,30.6300", "纬度": "", "星级": "五星级", "最少提前": "120分钟", "可约天数": "14天",
        "上班时间": "星期一到星期五 08:30—12:00，14:00—17:30;星期六 9点-11点",
        "事项": "政策咨询、优待证申领（每次20分钟，同时2人）", "停用": "2027年1月1日",
    }  # fmt: skip
    async with database.transaction() as db:
        assert [line.fate for line in (await _bring(db, _row(**full))).lines] == ["new"]
        assert [line.fate for line in (await _bring(db, _row(**other))).lines] == ["same"]
        assert {key: (await stations.read_stations(db))["甲站"][key] for key in full} == full
        station = (await db.scalars(select(Station))).one()
        assert (station.longitude, station.latitude, station.stars) == (120.5631, 30.63, 5)
        assert (station.notice_minutes, station.horizon_days, station.closed_on) == (120, 14, date(2027, 1, 1))
        assert station.week is not None
        assert station.week["5"] == [["09:00", "11:00"]]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"经度": "30.6", "纬度": "120.5"}, "填反了"),
        ({"经度": "120.5", "纬度": ""}, "一起填"),
        ({"经度": "东经", "纬度": "30.1"}, "不是数字"),
        ({"经度": "nan", "纬度": "30.1"}, "不在中国"),
        ({"星级": "6"}, "1 到 5"),
        ({"上班时间": "早九晚五"}, "看不懂"),
        ({"最少提前": "60"}, "30分钟、2小时"),
        ({"最少提前": "31天"}, "30 天"),
        ({"可约天数": "0"}, "1 到 366"),
        ({"停用": "是"}, "从哪天起停用"),
        ({"停用": "2027-02-30"}, "从哪天起停用"),
        ({"事项": "优待证申令"}, "是不是优待证申领"),
        ({"事项": "办优待证"}, "是不是优待证申领"),
        ({"事项": "政策咨询；政策咨询 10分钟"}, "写了两次"),
        ({"事项": "政策咨询 3分钟"}, "5 到 480"),
        ({"事项": "政策咨询 99999人"}, "1 到 50"),
    ],
)
async def test_what_cannot_be_is_told_and_nothing_of_its_row_written(
    database: Database, cells: dict[str, str], said: str
) -> None:
    async with database.transaction() as db:
        report = await _bring(db, _row(**cells), _row(3, 名称="乙站", 事项="政策咨询"))
        assert [line.fate for line in report.lines] == ["bad", "new"]
        assert any(said in fault for fault in _faults(report)), _faults(report)
        assert list(await stations.read_stations(db)) == ["乙站"]


async def test_a_shipped_service_is_there_once_it_is_named_with_what_its_entry_says_to_bring(
    database: Database,
) -> None:
    async with database.transaction() as db:
        report = await _bring(db, _row(事项="优待证申领；政策咨询 30分钟"), _row(3, 名称="乙站", 事项="优待证申领 4人"))
        assert _faults(report) == []
        rows = {row.name: row for row in await db.scalars(select(Service))}
        assert set(rows) == {"优待证申领", "政策咨询"}
        card = rows["优待证申领"]
        assert (card.bring, card.entry, card.minutes) == ("身份证原件\n户口簿原件", "ydz-bring", 20)
        found = {(row.service_id, row.minutes, row.capacity) for row in await db.scalars(select(StationService))}
        assert found == {(card.id, None, None), (rows["政策咨询"].id, 30, None), (card.id, None, 4)}


async def test_services_leave_and_an_empty_cell_clears_while_a_lacking_column_stays(database: Database) -> None:
    async with database.transaction() as db:
        await _bring(db, _row(事项="优待证申领；政策咨询", 上班时间=HOURS, 星级="3"))
        assert [line.fate for line in (await _bring(db, _row())).lines] == ["same"]
        await _bring(db, _row(事项="政策咨询 10分钟", 星级=""))
        values = (await stations.read_stations(db))["甲站"]
        assert (values["事项"], values["星级"], values["上班时间"]) == ("政策咨询 10分钟", None, HOURS)
        await _bring(db, _row(事项="", 上班时间=""))
        values = (await stations.read_stations(db))["甲站"]
        assert (values["事项"], values["上班时间"]) == (None, None)
        assert (await db.scalars(select(Station.week))).one() is None


async def test_services_come_in_and_go_out(database: Database) -> None:
    own = {
        "事项": "拥军优抚",
        "别名": "优抚；拥军",
        "带什么": "身份证；户口簿",
        "问答": "ydz-lost",
        "分钟": "25",
        "同时几人": "3",
    }
    async with database.transaction() as db:
        assert [line.fate for line in (await _services(db, own)).lines] == ["new"]
        other = own | {"别名": "优抚\n拥军", "带什么": "身份证;户口簿", "分钟": "25分钟", "同时几人": "3人"}
        assert [line.fate for line in (await _services(db, other)).lines] == ["same"]
        assert await visit_services.read_services(db) == {"拥军优抚": own}
        assert (await db.scalars(select(Service.bring))).one() == "身份证\n户口簿"
        await _services(db, {"事项": "拥军优抚", "分钟": "40"})
        assert (await visit_services.read_services(db))["拥军优抚"] == own | {"分钟": "40"}


async def test_a_shipped_service_needs_only_its_name(database: Database) -> None:
    async with database.transaction() as db:
        assert _faults(await _services(db, {"事项": "优待证申领", "同时几人": "2"})) == []
        cells = (await visit_services.read_services(db))["优待证申领"]
        assert (cells["带什么"], cells["分钟"], cells["同时几人"]) == ("身份证原件；户口簿原件", "20", "2")


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"事项": "新事项"}, "分钟没有填"),
        ({"事项": "新事项", "分钟": "", "同时几人": "1"}, "分钟没有填"),
        ({"事项": "新事项", "分钟": "500", "同时几人": "1"}, "5 到 480"),
        ({"事项": "新事项", "分钟": "20", "同时几人": "一"}, "1 到 50"),
        ({"事项": "办证2", "分钟": "20", "同时几人": "1"}, "不能有数字"),
        ({"事项": "新事项", "分钟": "20", "同时几人": "1", "问答": "ydz-brin"}, "是不是ydz-bring"),
        ({"事项": "新事项", "分钟": "20", "同时几人": "1", "别名": "办老事"}, "已经是事项“老事项”"),
        ({"事项": "办老事", "分钟": "20", "同时几人": "1"}, "已经是事项“老事项”"),
    ],
)
async def test_bad_services(database: Database, cells: dict[str, str], said: str) -> None:
    old = {"事项": "老事项", "别名": "办老事", "分钟": "20", "同时几人": "1"}
    async with database.transaction() as db:
        await _services(db, old)
        report = await _services(db, cells)
        assert any(said in fault for fault in _faults(report)), _faults(report)
        assert list(await visit_services.read_services(db)) == ["老事项"]


async def test_a_county_of_stations_comes_in_without_a_statement_for_every_service(database: Database) -> None:
    """An import holds the only writer of SQLite."""
    rows = [_row(n, 名称=f"站{n}", 事项="优待证申领；政策咨询 30分钟", 上班时间=HOURS) for n in range(2, 402)]
    statements: list[str] = []
    async with database.transaction() as db:
        event.listen(db.get_bind(), "before_cursor_execute", lambda *given: statements.append(given[2]))
        assert {line.fate for line in (await _bring(db, *rows)).lines} == {"new"}
        assert len(await stations.read_stations(db)) == 400
    assert len(statements) < 450  # one a station, none for its 800 services
