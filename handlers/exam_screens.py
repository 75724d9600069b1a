"""How examinations and recuperations read on the screen: when, where, what to mind, what to bring."""

from datetime import date, datetime, time

from core.clock import CHINA
from core.reply import Choice
from core.text import split_at_sentences
from db.exams import ExamBatch, ExamSession
from handlers import texts
from services.exam_places import Appointment

CODE = "报名号 {code}"
WHEN, PLACE, PHONE = "时间：", "地点：", "电话："
UNTIL = "{first}至{last}"
MINE_CHOICE = Choice("我的体检", "exam-mine")
YOU, FAMILY = "您", "您家人"
_HALVES = {"am": texts.MORNING, "pm": texts.AFTERNOON, "days": ""}
_BEGINS = {"am": time(8), "pm": time(12), "days": time(8)}
_WIDEST = 54


def day_label(day: date) -> str:
    """Return 12月1日（周二）."""
    return texts.THAT_DAY.format(month=day.month, day=day.day, weekday=texts.WEEKDAYS[day.weekday()])


def half_label(session: ExamSession) -> str:
    """Return 上午 or 下午."""
    return _HALVES[session.half]


def when(session: ExamSession) -> str:
    """Return a session's half-day, or its first and last day."""
    first = day_label(session.day)
    if session.until is None or session.until == session.day:
        return first + half_label(session)
    return UNTIL.format(first=first, last=day_label(session.until))


def begins(session: ExamSession) -> datetime:
    """Return from when on it is too late to speak of a session."""
    return datetime.combine(session.day, _BEGINS[session.half], CHINA)


def facts(session: ExamSession, batch: ExamBatch) -> str:
    """Return all that somebody who goes there has to know, a fact a line, long ones in several."""
    lines = ((WHEN, when(session)), (PLACE, batch.place), (texts.NOTE, batch.before), (texts.BRING, batch.bring))
    told = [label + part for label, text in (*lines, (PHONE, batch.phone)) if text for part in [_wrapped(text)]]
    return "\n".join(told)


def place_facts(one: Appointment) -> str:
    """Return the same of a place, with its code."""
    return CODE.format(code=one.place.code) + "\n" + facts(one.session, one.batch)


def _wrapped(text: str) -> str:
    return "\n".join(split_at_sentences(text, _WIDEST))
