"""举报虚假: somebody says that a post is not true, with a reason offered or in their own words."""

import re

from core.errors import Refusal
from core.menu import bare
from core.reply import Choice
from core.router import Router
from handlers import texts
from handlers.anytime import stale
from handlers.job_hearing import answers_step, note, or_pass, row_number, understood
from handlers.turn import Turn
from knowledge.heard import Heard
from services import job_reports
from services.jobs import Full

ASK = "这个岗位哪里不对？回复数字，也可以直接写一句。"
REASONS = ("要我先交钱", "电话打不通，找不到人", "和写的不一样", "不是真的招人")
REPORTED = "谢谢您告诉我们，工作人员会去核实。\n已经交了钱的，请马上打 110 或反诈专线 96110。"
REPORTED_ALREADY = "您已经反映过了，工作人员在核实。"
_REPORT = "jobs.report"
_LONGEST_WORDS = 300
_ASKS = re.compile("[?？]|吗|呢|怎么|怎样|什么|啥|哪|多少|几[点号天]")
"""Words with one of these ask something, where we know an answer to them."""


def routes(whole: Router[Heard]) -> Router[Heard]:
    """Return the routes; `whole` answers words that are about something else."""
    router: Router[Heard] = Router()
    router.action("job-false")(chosen)
    router.text(state=_REPORT)(or_pass(whole, written))
    return router


async def ask(turn: Turn, full: Full) -> None:
    """Ask what is wrong."""
    turn.go(_REPORT, job_reported=full.job.id)
    reasons = [Choice(reason, f"job-false:{full.job.id}.{n}") for n, reason in enumerate(REASONS)]
    turn.say(ASK, *reasons, texts.BACK_CHOICE)


async def chosen(turn: Turn) -> None:
    """Keep a report with one of the reasons offered."""
    number, _, reason = turn.argument.partition(".")
    known = {str(n): words for n, words in enumerate(REASONS)}
    job_id = row_number(number)
    if reason not in known or job_id is None:
        await stale(turn)
    else:
        await _report(turn, job_id, known[reason])


async def written(turn: Turn) -> bool:
    """Keep a report in the person's own words; False when they ask something, or look for work again."""
    heard = await understood(turn, turn.inbound.text)
    seeks = turn.heard.journey == "jobs" and not heard.unparsed
    asks = not answers_step(turn) and _ASKS.search(turn.inbound.text)
    if seeks or asks:
        return False
    await _report(turn, turn.data.get("job_reported", 0), bare(turn.inbound.text)[:_LONGEST_WORDS])
    return True


async def _report(turn: Turn, job_id: int, words: str) -> None:
    note(turn)
    turn.finish()
    try:
        new = await job_reports.report(turn.db, job_id, turn.address_id, words, turn.now)
    except Refusal as refusal:
        turn.say(str(refusal), texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    turn.say(REPORTED if new else REPORTED_ALREADY, texts.PERSON_CHOICE, texts.BACK_CHOICE)
