"""A county with posts to look for, and people who look for them through the real intake."""

from dataclasses import replace
from functools import cache
from typing import Any

from db.engine import Database
from knowledge.index import Snapshot
from tests.fakes.job_list import ROW, JobDesk
from tests.journeys.world import TODAY, Shelf, Visitor, village

REGION = "江苏省如东县"
GUARD = {"编号": "1", "岗位": "小区保安", "单位": "安泰保安服务有限公司", "月薪": "4000-4800", "班次": "白班"}
NIGHT_GUARD = {
    "编号": "2",
    "岗位": "夜班保安",
    "单位": "金盾保安服务公司",
    "月薪": "5000-5600",
    "班次": "夜班",
    "乡镇": "大杨镇",
}
DRIVER = {
    "编号": "3",
    "岗位": "货车司机",
    "单位": "顺通物流有限公司",
    "月薪": "6000-8000",
    "班次": "白班",
    "乡镇": "大杨镇",
}
COOK = {"编号": "4", "岗位": "食堂厨师", "单位": "县第一中学", "月薪": "5000-6000", "班次": "白班"}
GATE = {"编号": "5", "岗位": "门卫", "单位": "东风机械厂", "月薪": "3000-3500", "班次": ""}
POSTS = (GUARD, NIGHT_GUARD, DRIVER, COOK, GATE)
_HEARD = ("招聘保安", "招聘货车司机", "招聘厨师", "有如东的保安或司机就告诉我", "找如东县的保安或司机")


@cache
def snapshot() -> Snapshot:
    """Index the tiny county with a few more ways to ask for work."""
    content = village()
    jobs = content.lexicon.journeys["jobs"]
    asked = {"jobs": replace(jobs, phrasings=(*jobs.phrasings, *_HEARD))}
    lexicon = replace(content.lexicon, journeys=dict(content.lexicon.journeys) | asked)
    return Snapshot(replace(content, lexicon=lexicon), TODAY, region=REGION, meaning=False)


async def market(database: Database, *rows: dict[str, str]) -> JobDesk:
    """Put posts on the board, all of them unless some are given."""
    desk = JobDesk(database, snapshot())
    await desk.build()
    report = await desk.bring(*(ROW | row for row in rows or POSTS))
    assert report.count("bad") == 0, report
    return desk


def seeker(database: Database, **values: Any) -> Visitor:
    """Give somebody of the county who looks for work."""
    return Visitor(database, shelf=Shelf(snapshot()), **values)
