"""What people are asked of the posts that they wanted, after 7 and after 30 days, to be answered by a digit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import CHINA
from core.reply import Choice
from core.tick import Pass
from handlers.job_lines import cut
from services import notices, referral_asks, referrals
from services.notices import Notice
from services.referral_asks import Due

KIND = "referral"
ANSWER = "ref"
"""The action of an answer: ref:<referral>:<number>, the numbers those of services.referrals."""

HOW_IS_IT = "您{month}月{day}日说想去“{title}”（{employer}）。\n现在怎么样了？回复数字就行。"
STILL_THERE = "您说在{employer}上班了（{title}）。\n现在还在那里干吗？回复数字就行。"
HIRED, TALKING, FAILED, GAVE_UP = "上班了", "还在谈", "没成", "不去了"
STAYS, LEFT = "还在干", "不干了"
THANKS = {
    1: "祝您工作顺利。过一阵再问您一次干得怎么样。",
    2: "好的，记下了。要我们帮忙，回复 0 找工作人员。",
    3: "记下了，这次没成也别急。回复“找工作”，接着看别的岗位。",
    4: "好的，记下了，不再问您这个岗位。\n想看别的，回复“找工作”。",
    5: "好的，记下了。祝您一切顺利。",
    6: "记下了。想再找一份，回复“找工作”。",
}
"""What is said to each answer, by its number."""
_AT_ONCE = 250
_WORTH = timedelta(days=14)
"""A question that nobody could be asked for so long is not asked any more."""
_TITLE, _EMPLOYER = 16, 22


async def ask_due(db: AsyncSession, now: datetime) -> Pass:
    """Ask those whose time has come, in one transaction; an account with several is asked of one a day."""
    due = await referral_asks.due(db, now, _AT_ONCE)
    first = {one.address.id: one for one in reversed(due)}
    asked = [one for one in due if first[one.address.id] is one]
    await notices.post(db, [_question(one, now) for one in asked], now)
    await referral_asks.advance(db, asked, now)
    await referral_asks.put_off(db, [one for one in due if first[one.address.id] is not one], now)
    return Pass(len(due))


async def answered(db: AsyncSession, referral_id: int, address_id: int, number: int, now: datetime) -> str:
    """Keep an answer, and return what is said to it.

    Raises:
        Refusal: it is not this account's, or nothing to answer in this way.
    """
    await referrals.answer(db, referral_id, address_id, number, now)
    return THANKS[number]


def _question(one: Due, now: datetime) -> Notice:
    referral, day = one.referral, one.referral.created_at.astimezone(CHINA)
    hired = referral.status == "hired"
    text = (STILL_THERE if hired else HOW_IS_IT).format(
        month=day.month, day=day.day, title=cut(one.job.title, _TITLE), employer=cut(one.employer.name, _EMPLOYER)
    )
    key = f"referral:{referral.id}:{referral.asked}:{int(referral.created_at.timestamp())}"
    return Notice(
        KIND, one.address.channel, one.address.external_id, one.address.id, text, key,
        choices=_choices(referral.id, (STAYS, LEFT), 5) if hired else _choices(referral.id, _OUTCOMES, 1),
        expires_at=now + _WORTH,
    )  # fmt: skip


_OUTCOMES = HIRED, TALKING, FAILED, GAVE_UP


def _choices(referral_id: int, labels: Sequence[str], first: int) -> tuple[Choice, ...]:
    return tuple(Choice(label, f"{ANSWER}:{referral_id}:{number}") for number, label in enumerate(labels, first))
