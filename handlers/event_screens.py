"""How fairs, training classes and activities read on the screen: when, where, what to bring, until when to sign up."""

from datetime import datetime

from core.clock import CHINA
from core.reply import Choice
from core.text import split_at_sentences
from db.events import Event
from handlers import texts
from services.event_list import SignUp

CODE = "报名号 {code}"
WHEN, PLACE, PHONE, ABOUT, FOR = "时间：", "地点：", "电话：", "说明：", "面向："
NOON, EVENING, UNTIL = "中午", "晚上", "{first}到{last}"
SHORT = "{month}月{day}日 {title}"
LEFT, FULL = "还有 {count} 个名额，{closes}前可以报名。", "名额满了，可以排候补，{closes}前可以报名。"
CLOSED = "报名已经截止。想问问能不能去，请打 {phone}。"
HAS_PLACE, WAITS = "已经报好名了。", "排在候补第 {number} 位，有人退出来，马上告诉{who}。"
OVER, OFF = "“{title}”已经结束了。", "“{title}”不办了，请不要跑一趟。\n原因：{reason}"
MINE_CHOICE = Choice("我报名的活动", "events-mine")
YOU, FAMILY = "您", "您家人"
_WIDEST = 54
_EVENING = 19
"""The hour from which it is evening."""


def moment(at: datetime) -> str:
    """Return 12月1日（周二）上午 9:00."""
    there = at.astimezone(CHINA)
    return day_label(at) + clock_label(there)


def day_label(at: datetime) -> str:
    """Return 12月1日（周二）."""
    there = at.astimezone(CHINA)
    return texts.THAT_DAY.format(month=there.month, day=there.day, weekday=texts.WEEKDAYS[there.weekday()])


def clock_label(there: datetime) -> str:
    """Return 下午 2:30 for a moment in China."""
    late = EVENING if there.hour >= _EVENING else texts.AFTERNOON
    half = texts.MORNING if there.hour < 12 else NOON if there.hour == 12 else late
    return f"{half} {there.hour if there.hour <= 12 else there.hour - 12}:{there:%M}"


def when(event: Event) -> str:
    """Return from when until when."""
    first, last = event.starts_at.astimezone(CHINA), event.ends_at.astimezone(CHINA)
    same_day = first.date() == last.date()
    return UNTIL.format(first=moment(first), last=clock_label(last) if same_day else moment(last))


def short(event: Event) -> str:
    """Return how an event is named in a list."""
    day = event.starts_at.astimezone(CHINA)
    return SHORT.format(month=day.month, day=day.day, title=event.title)


def facts(event: Event, *, about: bool = False) -> str:
    """Return all that somebody who goes there has to know, a fact a line, long ones in several."""
    lines = [(WHEN, when(event)), (PLACE, event.place), (texts.BRING, event.bring)]
    lines += [(FOR, "、".join(event.categories)), (ABOUT, event.about)] if about else []
    told = [label + wrapped(text) for label, text in (*lines, (PHONE, event.phone)) if text]
    return "\n".join(told)


def place_facts(one: SignUp) -> str:
    """Return the same of a sign-up, with its code."""
    return CODE.format(code=one.row.code) + "\n" + facts(one.event)


def gone(event: Event, now: datetime) -> str | None:
    """Return why there is nothing more to be done about an event, None while it is to come."""
    if event.status == "cancelled":
        return OFF.format(title=event.title, reason=wrapped(event.reason or ""))
    return OVER.format(title=event.title) if event.ends_at <= now else None


def room(event: Event) -> str:
    """Return how many places are left, and until when one may sign up."""
    left = event.capacity - event.taken
    return (LEFT if left else FULL).format(count=left, closes=moment(event.closes_at))


def wrapped(text: str) -> str:
    """Return a text in lines that an old person's screen holds."""
    return "\n".join(part for line in text.split("\n") for part in split_at_sentences(line, _WIDEST))
