"""Bring service stations, what is done there, and grids in from a table, and take them out again."""

import argparse

from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from core.clock import utc_now
from core.errors import OperatorError, Refusal
from knowledge.content import read_content
from services import audit, places
from services.import_basis import basis_of
from services.imports import Report
from services.places import EXCHANGES
from services.table import Table, read_table, write_table

_ORIGIN = "command line"


async def import_places(settings: Settings, options: argparse.Namespace) -> int:
    """Import a table row by row; the status is 1 when any row was refused."""
    table = _read(options)
    prepare_folder(settings.data_dir)
    basis = basis_of(read_content(settings.data_dir), settings.booking_rules, utc_now())
    database = await open_database(settings)
    try:
        if options.dry_run:
            async with database.snapshot() as db:
                report = await places.bring(db, options.what, table, basis, write=False)
        else:
            async with database.transaction() as db:
                report = await places.bring(db, options.what, table, basis, write=True)
                await audit.record(
                    db, utc_now(), None, "places_imported", f"{options.what}:all",
                    {"new": report.count("new"), "changed": report.count("changed")}, _ORIGIN,
                )  # fmt: skip
    finally:
        await database.close()
    _print(report, dry_run=options.dry_run)
    return 1 if report.count("bad") else 0


async def export_places(settings: Settings, options: argparse.Namespace) -> int:
    """Write all stations, services or grids as .xlsx or .csv."""
    if options.file.suffix not in (".xlsx", ".csv"):
        raise OperatorError("name a .xlsx or .csv file / 请写上 .xlsx 或 .csv 文件名")
    prepare_folder(settings.data_dir)
    database = await open_database(settings)
    try:
        async with database.transaction() as db:
            rows = await places.take_out(db, options.what)
            await audit.record(
                db, utc_now(), None, "places_exported", f"{options.what}:all", {"rows": len(rows)}, _ORIGIN
            )
    finally:
        await database.close()
    content = write_table(EXCHANGES[options.what].columns, rows, xlsx=options.file.suffix == ".xlsx")
    try:
        options.file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"cannot write {options.file}: {error.strerror} / 文件写不了") from error
    print(f"已导出 {len(rows)} 条到 {options.file}")
    return 0


def _read(options: argparse.Namespace) -> Table:
    exchange = EXCHANGES[options.what]
    try:
        return read_table(options.file.read_bytes(), exchange.columns, exchange.required)
    except OSError as error:
        raise OperatorError(f"cannot read {options.file}: {error.strerror} / 文件读不了") from error
    except Refusal as refusal:
        raise OperatorError(f"{options.file}: {refusal}") from refusal


def _print(report: Report, *, dry_run: bool) -> None:
    for line in report.lines:
        for fault in line.faults:
            print(f"第 {line.row.number} 行 {' '.join(filter(None, list(line.row.cells.values())[:3]))}：{fault}")
    if report.ignored:
        print(f"没有用到的列：{'、'.join(report.ignored)}")
    if report.new_places:
        print(f"一并新增：{'、'.join(report.new_places)}")
    counts = f"新增 {report.count('new')} 行，修改 {report.count('changed')} 行，没有变化 {report.count('same')} 行"
    print(f"{'试运行，没有写入：' if dry_run else ''}{counts}，有问题 {report.count('bad')} 行")
