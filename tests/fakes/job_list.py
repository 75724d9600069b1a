"""A list of posts in short, read with the shipped words in a county with two townships."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from core.clock import CHINA
from db.engine import Database
from db.jobs import Job
from db.places import Township
from knowledge.index import Snapshot
from knowledge.job_parse import JobPlaces
from services import job_import
from services.job_import import Import, JobReport
from services.job_sheet import COLUMNS, JobSheet
from services.table import write_table
from tests.fakes.clock import SettableClock

ROW = {
    "编号": "A-1", "单位": "安泰保安服务有限公司", "岗位": "小区保安", "市县": "如东县", "乡镇": "城东街道", "地址": "人民路 1 号",
    "月薪": "4000-4800", "班次": "白班", "年龄": "18-55", "人数": "6", "退役军人名额": "3", "截止日期": "2026-12-31",
    "联系人": "王经理", "电话": "0513-88001234", "说明": "包吃住，缴纳五险。",
}  # fmt: skip


class JobDesk:
    """Staff who bring lists in, on a clock that is set by hand."""

    def __init__(self, database: Database, snapshot: Snapshot) -> None:
        self.database, self.clock = database, SettableClock()
        self.words, self.gazetteer = snapshot.content.jobs, snapshot.places
        self.townships: dict[str, int] = {}

    async def build(self, *names: str) -> None:
        """Add townships."""
        async with self.database.transaction() as db:
            towns = [Township(name=name) for name in names or ("城东街道", "大杨镇")]
            db.add_all(towns)
            await db.flush()
            self.townships = {town.name: town.id for town in towns}

    @property
    def today(self) -> date:
        return self.clock().astimezone(CHINA).date()

    @property
    def places(self) -> JobPlaces:
        return JobPlaces("如东", self.townships, self.gazetteer, self.today.year)

    def what(self, source: str = "县人社局", event_id: int | None = None) -> Import:
        return Import(source, self.words, self.places, self.today, event_id)

    def sheet(self, **cells: str) -> JobSheet:
        """Read a form; a cell is named as its column."""
        return JobSheet.read(ROW | cells, self.places, self.words, self.today)

    async def check(self, *rows: dict[str, str], source: str = "县人社局", event_id: int | None = None) -> JobReport:
        async with self.database.snapshot() as db:
            return await job_import.check(db, job_import.read(written(rows)), self.what(source, event_id))

    async def bring(self, *rows: dict[str, str], source: str = "县人社局", event_id: int | None = None) -> JobReport:
        """Look at a list and write what is good."""
        report = await self.check(*rows, source=source, event_id=event_id)
        await self.write(report, source, event_id)
        return report

    async def write(self, report: JobReport, source: str = "县人社局", event_id: int | None = None) -> int:
        done = 0
        for batch in job_import.batches(report):
            async with self.database.transaction() as db:
                done += await job_import.apply(db, batch, self.what(source, event_id), None, self.clock())
        return done

    async def jobs(self) -> list[Job]:
        async with self.database.snapshot() as db:
            return list(await db.scalars(select(Job).order_by(Job.id)))

    @staticmethod
    def moment(day: date, hour: int = 9) -> datetime:
        return datetime(day.year, day.month, day.day, hour, tzinfo=CHINA)


def written(rows: Sequence[dict[str, str]]) -> bytes:
    """Write rows as the file that staff upload, with the columns that any of them has."""
    columns = [name for name in COLUMNS if any(name in row for row in rows)]
    return write_table(columns, [[row.get(name, "") for name in columns] for row in rows], xlsx=False)
