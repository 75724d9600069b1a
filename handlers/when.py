"""Moments as people say them: 今天下午 4:30."""

from datetime import datetime, timedelta

from core.clock import CHINA
from handlers import texts
from handlers.event_screens import clock_label


def day_and_time(moment: datetime, now: datetime) -> str:
    """Return a moment in China time, by the day's name when it is near."""
    return day_of(moment, now) + clock_label(moment.astimezone(CHINA))


def day_of(moment: datetime, now: datetime) -> str:
    """Return a moment's day in China."""
    there = moment.astimezone(CHINA)
    today = now.astimezone(CHINA).date()
    if there.date() == today:
        return texts.TODAY
    if there.date() == today + timedelta(days=1):
        return texts.TOMORROW
    return texts.THAT_DAY.format(month=there.month, day=there.day, weekday=texts.WEEKDAYS[there.weekday()])
