"""The days that a report is about, as China counts them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import start_of
from core.errors import Refusal

_LONGEST_YEARS = 3
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both of them in it, China time."""

    first: date
    last: date

    @property
    def starts(self) -> datetime:
        """Return its first moment."""
        return start_of(self.first)

    @property
    def ends(self) -> datetime:
        """Return the moment after it."""
        return start_of(self.last + _ONE_DAY)

    def months(self) -> list["Period"]:
        """Return it cut at the months."""
        found, first = [], self.first
        while first <= self.last:
            following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
            found.append(Period(first, min(following - _ONE_DAY, self.last)))
            first = following
        return found


def period_of(first: str, last: str, today: date) -> Period:
    """Read the two days of a form; without them, this year so far.

    Raises:
        Refusal: they are no days, the wrong way round, or too far apart.
    """
    try:
        begins = date.fromisoformat(first) if first else today.replace(month=1, day=1)
        ends = date.fromisoformat(last) if last else max(today, begins)
    except ValueError as error:
        raise Refusal("日期没有看懂，请重新选择。") from error
    if ends < begins:
        raise Refusal("结束日期要在开始日期之后，请改一下。")
    if ends - begins > timedelta(days=366 * _LONGEST_YEARS) or ends.year > today.year + 1:
        raise Refusal(f"一次最多统计 {_LONGEST_YEARS} 年，请缩短日期。")
    return Period(begins, ends)
