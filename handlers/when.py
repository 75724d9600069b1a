"""Moments as people say them: 今天下午 4:30."""

from datetime import datetime, timedelta

from core.clock import CHINA
from handlers import texts


def day_and_time(moment: datetime, now: datetime) -> str:
    """Return a moment in China time, by the day's name when it is near."""
    there = moment.astimezone(CHINA)
    half = texts.MORNING if there.hour < 12 else texts.AFTERNOON
    return f"{day_of(moment, now)}{half} {there.hour if there.hour <= 12 else there.hour - 12}:{there:%M}"


def day_of(moment: datetime, now: datetime) -> str:
    """Return a moment's day in China."""
    there = moment.astimezone(CHINA)
    today = now.astimezone(CHINA).date()
    if there.date() == today:
        return texts.TODAY
    if there.date() == today + timedelta(days=1):
        return texts.TOMORROW
    return texts.THAT_DAY.format(month=there.month, day=there.day, weekday=texts.WEEKDAYS[there.weekday()])
