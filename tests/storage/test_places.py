"""Stations and grids come in from tables row by row: good ones are kept, bad ones say why, and twice is as once."""

from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import func, select

from core.errors import Refusal
from db.engine import Database
from db.places import Grid, Station, Township, Village
from services import grids, stations
from services.imports import Report
from services.table import Row, Table, read_table, write_table
from tests.fakes.basis import BASIS

SAMPLES = Path(__file__).parents[2] / "knowledge" / "data" / "samples"
CENTRE = ("县服务中心", "县", "", "", "人民路1号", "0573-88000000")
TOWN = ("城关镇服务站", "乡镇", "县服务中心", "城关镇", "", "")
VILLAGE = ("东门社区服务站", "村社", "城关镇服务站", "城关镇", "", "13800001111")
GRID = ("城关镇", "东门社区", "第一网格", "张三", "13800002222", "东门社区服务站")


def _table(columns: tuple[str, ...], *rows: tuple[str, ...]) -> Table:
    return Table(tuple(Row(n, dict(zip(columns, row, strict=False))) for n, row in enumerate(rows, 2)))


async def _bring(database: Database, module: ModuleType, *rows: tuple[str, ...], columns: int = 6) -> Report:
    table = _table(module.COLUMNS[:columns], *rows)
    async with database.transaction() as db:
        if module is stations:
            return await stations.import_stations(db, table, BASIS, write=True)
        return await grids.import_grids(db, table, write=True)


def _faults(report: Report) -> dict[int, list[str]]:
    return {line.row.number: line.faults for line in report.lines if line.fate == "bad"}


def _fates(report: Report) -> list[str]:
    return [line.fate for line in report.lines]


async def _out(database: Database, module: ModuleType, columns: int = 6) -> list[list[str]]:
    async with database.snapshot() as db:
        found = await (stations.read_stations(db) if module is stations else grids.read_grids(db))
        return [[value or "" for value in values.values()][:columns] for values in found.values()]


async def test_a_parent_may_come_later_and_twice_changes_nothing(database: Database) -> None:
    first = await _bring(database, stations, VILLAGE, TOWN, CENTRE)
    assert (_fates(first), first.new_places) == (["new"] * 3, ("城关镇",))
    assert _fates(await _bring(database, stations, VILLAGE, TOWN, CENTRE)) == ["same"] * 3
    async with database.snapshot() as db:
        rows = {station.name: station for station in await db.scalars(select(Station))}
        assert rows["东门社区服务站"].parent_id == rows["城关镇服务站"].id
        assert rows["城关镇服务站"].parent_id == rows["县服务中心"].id
        assert rows["县服务中心"].parent_id is None
        assert await db.scalar(select(func.count()).select_from(Township)) == 1


async def test_a_dry_run_says_the_same_and_writes_nothing(database: Database) -> None:
    table = _table(stations.COLUMNS, CENTRE, TOWN)
    async with database.snapshot() as db:
        report = await stations.import_stations(db, table, BASIS, write=False)
    assert (_fates(report), report.new_places) == (["new", "new"], ("城关镇",))
    assert await _out(database, stations) == []
    async with database.snapshot() as db:
        report = await grids.import_grids(db, _table(grids.COLUMNS, (*GRID[:5], "")), write=False)
    assert (_fates(report), report.new_places) == (["new"], ("城关镇东门社区",))
    assert await _out(database, grids) == []


async def test_good_rows_are_kept_beside_bad_ones(database: Database) -> None:
    report = await _bring(
        database, stations,
        CENTRE,
        ("", "乡镇", "县服务中心", "", "", ""),
        ("甲站", "省", "", "", "", ""),
        ("乙站", "乡镇", "县服务中心", "", "13800001111", "人民路2号"),
        ("丙站", "乡镇", "县服务中心", "", "", "1.38E+10"),
        ("县服务中心", "县", "", "", "", ""),
        ("丁站", "乡镇", "=A2", "", "", ""),
        ("戊站", "乡镇", "县服务中心", "", "长" * 101, ""),
        TOWN,
    )  # fmt: skip
    faults = _faults(report)
    assert list(faults) == [3, 4, 5, 6, 7, 8, 9]
    assert "名称没有填" in faults[3][0]
    assert "“省”" in faults[4][0]
    assert [("电话" in fault, "填错了列" in fault) for fault in faults[5]] == [(True, True)] * 2
    assert "1.38E+10" in faults[6][0]
    assert "第 2 行重复" in faults[7][0]
    assert "公式" in faults[8][0]
    assert "太长" in faults[9][0]
    assert [row[0] for row in await _out(database, stations)] == ["县服务中心", "城关镇服务站"]


async def test_unknown_parents_are_refused_with_those_that_look_like_it(database: Database) -> None:
    report = await _bring(
        database, stations, CENTRE, ("甲站", "乡镇", "县服务中兴", "", "", ""), ("乙站", "村社", "甲站", "", "", "")
    )
    faults = _faults(report)
    assert list(faults) == [3, 4]
    assert "是不是县服务中心" in faults[3][0]
    assert "没有找到上级“甲站”" in faults[4][0]


async def test_circles_are_refused_also_those_closed_by_what_is_stored(database: Database) -> None:
    report = await _bring(
        database, stations, ("甲", "县", "丙", "", "", ""), ("乙", "乡镇", "甲", "", "", ""), ("丙", "村社", "乙", "", "", ""),
        ("丁", "县", "丁", "", "", ""),
    )  # fmt: skip
    assert [("圈" in fault[0]) for fault in _faults(report).values()] == [True] * 4
    await _bring(database, stations, CENTRE, TOWN, VILLAGE)
    report = await _bring(database, stations, ("县服务中心", "县", "东门社区服务站", "", "", ""))
    assert "县服务中心 → 东门社区服务站 → 城关镇服务站 → 县服务中心" in _faults(report)[2][0]


async def test_a_parent_must_be_above(database: Database) -> None:
    report = await _bring(database, stations, CENTRE, TOWN, ("河东乡服务站", "乡镇", "城关镇服务站", "", "", ""))
    assert "不比它高" in _faults(report)[4][0]


async def test_a_column_that_is_lacking_stays_and_an_empty_cell_clears(database: Database) -> None:
    await _bring(database, stations, CENTRE, TOWN, VILLAGE)
    report = await _bring(database, stations, ("县服务中心", "县级"), ("东门社区服务站", "社区"), columns=2)
    assert _fates(report) == ["same", "same"]
    report = await _bring(database, stations, (*CENTRE[:5], ""))
    assert _fates(report) == ["changed"]
    assert await _out(database, stations) == [[*CENTRE[:5], ""], list(TOWN), list(VILLAGE)]


async def test_grids_bring_their_villages_and_twice_changes_nothing(database: Database) -> None:
    await _bring(database, stations, CENTRE, TOWN, VILLAGE)
    rows = (GRID, ("城关镇", "东门社区", "第二网格", "", "", GRID[5]), ("河东乡", "柳林村", "", "", "", "城关镇服务站"))
    report = await _bring(database, grids, *rows)
    assert (_fates(report), report.new_places) == (["new"] * 3, ("城关镇东门社区", "河东乡柳林村"))
    assert _fates(await _bring(database, grids, *rows)) == ["same"] * 3
    assert sorted(await _out(database, grids)) == sorted(map(list, rows))
    async with database.snapshot() as db:
        counts = [await db.scalar(select(func.count()).select_from(table)) for table in (Township, Village, Grid)]
    assert counts == [2, 2, 2]


async def test_bad_grids(database: Database) -> None:
    await _bring(database, stations, CENTRE, TOWN, VILLAGE)
    report = await _bring(
        database, grids,
        ("城关镇", "", "第一网格", "张三", "", ""),
        ("城关镇", "东门社区", "第一网格", "13800002222", "张三", ""),
        ("城关镇", "东门社区", "第一网格", "张三", "13800002222", "东门社区服务占"),
        ("城关镇", "东门社区", "", "张三", "", ""),
        GRID,
        ("城关镇", "东门社区", "第二网格", "李四", "13800003333", "城关镇服务站"),
        GRID,
    )  # fmt: skip
    faults = _faults(report)
    assert list(faults) == [2, 3, 4, 5, 7, 8]
    assert "村社没有填" in faults[2][0]
    assert [("网格员" in fault, "不是电话" in fault) for fault in faults[3]] == [(False, True), (True, False)]
    assert "是不是东门社区服务站" in faults[4][0]
    assert "网格没有填" in faults[5][0]
    assert "第 6 行不一样" in faults[7][0]
    assert "第 6 行重复" in faults[8][0]
    assert await _out(database, grids) == [list(GRID)]


async def test_changes_of_a_worker_and_of_a_villages_station(database: Database) -> None:
    await _bring(database, stations, CENTRE, TOWN, VILLAGE)
    await _bring(database, grids, GRID)
    assert _fates(await _bring(database, grids, (*GRID[:3], "李四"), columns=4)) == ["changed"]
    assert _fates(await _bring(database, grids, ("城关镇", "东门社区", "", "", "", "城关镇服务站"))) == ["changed"]
    assert await _out(database, grids) == [[*GRID[:3], "李四", GRID[4], "城关镇服务站"]]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
async def test_the_samples_come_in_without_a_fault_and_go_out_as_they_came(database: Database, kind: str) -> None:
    for module, name in ((stations, "stations"), (grids, "grids")):
        table = read_table((SAMPLES / f"{name}.{kind}").read_bytes(), module.COLUMNS, module.REQUIRED)
        rows = [tuple(row.cells.values()) for row in table.rows]
        assert all("示例" in row[0] for row in rows)
        wide = len(module.COLUMNS)
        assert set(_fates(await _bring(database, module, *rows, columns=wide))) == {"new"}
        assert set(_fates(await _bring(database, module, *rows, columns=wide))) == {"same"}
        exported = write_table(module.COLUMNS, await _out(database, module, wide), xlsx=True)
        again = read_table(exported, module.COLUMNS, module.REQUIRED)
        assert sorted(tuple(row.cells.values()) for row in again.rows) == sorted(rows)


async def test_another_table_is_refused(database: Database) -> None:
    with pytest.raises(Refusal, match="村社"):
        read_table((SAMPLES / "stations.csv").read_bytes(), grids.COLUMNS, grids.REQUIRED)
    assert await _out(database, grids) == []
