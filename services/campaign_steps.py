"""The steps of a campaign: when each comes, who hears of it, and what it says; never a threat."""

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from core.clock import CHINA, start_of
from core.errors import Refusal
from db.campaigns import Campaign
from knowledge.entry import Fact

RUNGS = {"person": "本人", "proxy": "家人", "grid": "网格员", "station": "服务站", "case": "求助单和走访"}
"""Who hears of a step: its rung and all before it."""
BLANKS = {"name": "称呼", "deadline": "截止日", "station": "服务站", "phone": "电话"}
"""What a text may leave blank, to be filled for each person."""
BASIS_FACT = "rz-01"
"""The shipped fact on 军人抚恤优待条例 (2024), art. 8."""
LONGEST_TEXT = 300
MOST = 8
_AT = time(9)
_FARTHEST = 330
_KEPT = timedelta(days=7)
_ONE_DAY = timedelta(days=1)
_THREATS = ("停发", "停止发放", "暂停发放", "扣发", "取消待遇", "取消资格", "后果自负", "追责", "追究")

Steps = Sequence[Mapping[str, Any]]


def default_steps() -> list[dict[str, Any]]:
    """Return the steps that a new campaign is offered."""
    return [
        _step(None, "person",
              "{name}，您好。今年的生存认证开始了，请在{deadline}前办好。\n来{station}、请家人代办、我们上门、手机小程序，四种办法任选。\n不收任何费用。有不清楚的，请打 {phone}。"),
        _step(-30, "proxy",
              "{name}，您好。生存认证还没有查到办理记录，{deadline}前办好就行。\n来{station}、请家人代办、我们上门、手机小程序都可以。\n已经办过的，请选“已办理”。有不清楚的，请打 {phone}。"),
        _step(-7, "grid",
              "{name}，您好。生存认证{deadline}截止，还有一个星期。\n不方便出门的，请选“申请上门”，我们到家里来办。\n也可以打 {phone}，{station}的同志会帮您。"),
        _step(-1, "station",
              "{name}，您好。生存认证明天（{deadline}）截止。\n来不及也不要紧，请打 {phone} 说一声，\n{station}的同志帮您想办法。"),
        _step(3, "case",
              "{name}，您好。生存认证我们还没有收到您的消息。\n不要着急，{station}的同志会给您打电话，或者上门看您。\n您也可以打 {phone}，告诉我们什么时候方便。"),
    ]  # fmt: skip


def _step(days: int | None, rung: str, text: str) -> dict[str, Any]:
    return {"days": days, "rung": rung, "text": text}


def basis_of(fact: Fact) -> str:
    """Return a legal basis as a campaign shows it."""
    return "，".join(filter(None, (fact.source.title, fact.source.number, fact.source.article)))


def moments(campaign: Campaign) -> list[datetime]:
    """Return when each step comes: at nine in the morning of its day in China."""
    return [_moment(campaign.opens_on, campaign.deadline, step["days"]) for step in campaign.steps]


def _moment(opens_on: date, deadline: date, days: int | None) -> datetime:
    return datetime.combine(opens_on if days is None else deadline + timedelta(days=days), _AT, CHINA)


def expires(following: datetime | None, now: datetime) -> datetime:
    """Return until when a notice of a step makes sense: the end of the day before the step that follows."""
    if following is None:
        return now + _KEPT
    ends = start_of(following.astimezone(CHINA).date())
    return min(max(ends, now + timedelta(hours=1)), following)


def fill(text: str, blanks: Mapping[str, str]) -> str:
    """Return a text with its blanks filled."""
    return text.format(**blanks)


def check_text(text: str) -> str:
    """Return a text as it is stored.

    Raises:
        Refusal: it is empty or too long, has a blank that nobody can fill, or threatens.
    """
    text = "\n".join(line.strip() for line in text.strip().splitlines())
    if not text or len(text) > LONGEST_TEXT:
        raise Refusal(f"每一轮的内容都要写，最多 {LONGEST_TEXT} 个字。")
    if threat := next((word for word in _THREATS if word in text), None):
        raise Refusal(f"提醒里不要写“{threat}”。没有回音不等于停发，请换成平和的话。")
    for blank in _blanks(text):
        if blank not in BLANKS:
            known = "".join(f"{{{name}}}" for name in BLANKS)
            raise Refusal(f"没有“{{{blank}}}”这个空，只能用 {known}。")
    return text


def _blanks(text: str) -> list[str]:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise Refusal("花括号要成对写，例如 {name}。") from error
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise Refusal("花括号里只写名字，例如 {name}。")
    return [blank for _, blank, _, _ in parts if blank is not None]


def check(steps: Steps) -> list[dict[str, Any]]:
    """Return steps as they are stored: the opening first, the others by their days.

    Raises:
        Refusal: as for a text; or there is no opening, a day twice, or one far away.
    """
    found = [_step(step["days"], step["rung"], check_text(step["text"])) for step in steps]
    if not 1 <= len(found) <= MOST or sum(step["days"] is None for step in found) != 1:
        raise Refusal(f"要有一轮是“开始时”，一共最多 {MOST} 轮。")
    if unknown := [step["rung"] for step in found if step["rung"] not in RUNGS]:
        raise Refusal(f"没有“{unknown[0]}”这一级，请重新选择。")
    days = [step["days"] for step in found if step["days"] is not None]
    if len(set(days)) != len(days) or any(abs(day) > _FARTHEST for day in days):
        raise Refusal("同一天只能有一轮，离截止日最多 330 天。")
    return sorted(found, key=lambda step: -_FARTHEST - 1 if step["days"] is None else step["days"])
