"""A post was found to be false: whoever wanted it is warned before they pay anybody, and is not asked how it went."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.reply import Choice
from db.jobs import Job
from handlers import texts
from handlers.job_lines import cut
from services import notices, referral_asks
from services.notices import Notice

KIND = "referral"

WARNING = (
    "提醒您：您想去的“{title}”，我们查过，不是真的，已经撤下来了。\n"
    "他们要押金、报名费、身份证或银行卡，都别给。\n"
    "已经交了钱，请马上打 110 或反诈专线 96110。"
)  # fmt: skip
SEEK_CHOICE = Choice("看看别的岗位", "job-seek")
_TITLE = 16


async def warn(db: AsyncSession, job: Job, now: datetime) -> int:
    """Warn everybody who wanted a post; return how many."""
    wanted = await referral_asks.call_off(db, job.id)
    text = WARNING.format(title=cut(job.title, _TITLE))
    choices = (SEEK_CHOICE, texts.PERSON_CHOICE)
    letters = [
        Notice(KIND, one.channel, one.external_id, one.id, text, f"false:{job.id}:{one.id}", choices=choices)
        for one in wanted
    ]
    return await notices.post(db, letters, now)
