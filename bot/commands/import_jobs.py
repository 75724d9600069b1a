"""Bring a list of posts in from a file, and give out those on the board."""

import argparse
import asyncio

from bot.settings import Settings
from bot.storage import open_database, prepare_folder
from core.clock import CHINA, utc_now
from core.errors import OperatorError, Refusal
from db.engine import Database
from knowledge.content import read_content
from knowledge.index import Snapshot
from knowledge.job_parse import JobPlaces
from services import audit, job_import, job_written
from services.job_import import Import, JobReport
from services.job_law import LABELS, flags
from services.job_sheet import COLUMNS
from services.table import Table, write_table
from services.townships import read_townships

_ORIGIN = "command line"
_SHOWN = 20


async def import_jobs(settings: Settings, options: argparse.Namespace) -> int:
    """Import a list row by row; the status is 1 when any row was refused."""
    table = _read(options)
    prepare_folder(settings.data_dir)
    database = await open_database(settings)
    try:
        what = await _describe(database, settings, options)
        async with database.snapshot() as db:
            report = await job_import.check(db, table, what)
        if not options.dry_run:
            await _write(database, report, what, close_missing=options.close_missing)
    except Refusal as refusal:
        raise OperatorError(f"{options.file}: {refusal}") from refusal
    finally:
        await database.close()
    _print(report, options)
    return 1 if report.count("bad") else 0


def _read(options: argparse.Namespace) -> Table:
    try:
        return job_import.read(options.file.read_bytes())
    except OSError as error:
        raise OperatorError(f"cannot read {options.file}: {error.strerror} / 文件读不了") from error
    except Refusal as refusal:
        raise OperatorError(f"{options.file}: {refusal}") from refusal


async def _describe(database: Database, settings: Settings, options: argparse.Namespace) -> Import:
    """Return what the list is read with: the words of work, and the bureau's places."""
    today = utc_now().astimezone(CHINA).date()
    snapshot = Snapshot(read_content(settings.data_dir), today, region=settings.region, meaning=False)
    async with database.snapshot() as db:
        places = JobPlaces.here(snapshot, await read_townships(db), today)
    return Import(options.source, snapshot.content.jobs, places, today)


async def _write(database: Database, report: JobReport, what: Import, *, close_missing: bool) -> None:
    now, written, closed = utc_now(), 0, 0
    for lines in job_import.batches(report):
        async with database.transaction() as db:
            written += await job_import.apply(db, lines, what, None, now)
    if close_missing:
        async with database.transaction() as db:
            closed = await job_import.close_missing(db, report.missing, now)
    async with database.transaction() as db:
        detail = {"written": written, "closed": closed, "bad": report.count("bad")}
        await audit.record(db, utc_now(), None, "jobs_imported", f"jobs:{what.source}", detail, _ORIGIN)


def _print(report: JobReport, options: argparse.Namespace) -> None:
    for line in report.lines:
        for fault in line.faults:
            print(f"第 {line.row.number} 行 {' '.join(filter(None, list(line.row.cells.values())[:3]))}：{fault}")
    for line in job_import.good(report):
        if line.returns:
            print(f"第 {line.row.number} 行 名单里又有了，重新开放")
        for name in flags(line.sheet) if line.sheet else ():
            law = f"（{LABELS[name].law}）" if LABELS[name].law else ""
            print(f"第 {line.row.number} 行 要审核：{LABELS[name].sentence}{law}")
    if report.ignored:
        print(f"没有用到的列：{'、'.join(report.ignored)}")
    _print_missing(report, options)
    counts = f"新增 {report.count('new')} 行，修改 {report.count('changed')} 行，没有变化 {report.count('same')} 行"
    print(f"{'试运行，没有写入：' if options.dry_run else ''}{counts}，有问题 {report.count('bad')} 行")


def _print_missing(report: JobReport, options: argparse.Namespace) -> None:
    if not report.missing:
        return
    done = "已停招" if options.close_missing and not options.dry_run else "还在招，要停招请加 --close-missing"
    print(f"名单里没有的岗位 {len(report.missing)} 个（{done}）：")
    for one in report.missing[:_SHOWN]:
        print(f"  {one.employer} {one.title}")
    if len(report.missing) > _SHOWN:
        print(f"  另有 {len(report.missing) - _SHOWN} 个")


async def export_jobs(settings: Settings, options: argparse.Namespace) -> int:
    """Write the posts on the board as .xlsx or .csv."""
    if options.file.suffix not in (".xlsx", ".csv"):
        raise OperatorError("name a .xlsx or .csv file / 请写上 .xlsx 或 .csv 文件名")
    prepare_folder(settings.data_dir)
    database = await open_database(settings)
    try:
        async with database.snapshot() as db:
            rows = await job_written.open_rows(db, utc_now().astimezone(CHINA).date())
    finally:
        await database.close()
    content = await asyncio.to_thread(write_table, COLUMNS, rows, xlsx=options.file.suffix == ".xlsx")
    try:
        options.file.write_bytes(content)
    except OSError as error:
        raise OperatorError(f"cannot write {options.file}: {error.strerror} / 文件写不了") from error
    print(f"已导出 {len(rows)} 个岗位到 {options.file}")
    return 0
