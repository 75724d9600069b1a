"""The sheet of a campaign as a browser gives it: read strictly, and given back as typed whatever is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from bot.console.form import Form
from core.errors import Refusal
from db.campaigns import Campaign
from services.campaigns import CampaignSheet

BAD_YEAR = "年度请写四位数字，例如 2026。"
BAD_DATE = "“{label}”的日期没有写对。"
BAD_DAYS = "第 {number} 轮的天数请写整数，例如 -30；活动开始那天就空着。"
_MOST_DAYS = 400
_EMPTY_ROWS = 1
"""Rows offered for steps to come."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form."""

    title: str
    year: str
    basis: str
    opens_on: str
    deadline: str
    steps: Sequence[Mapping[str, str]]

    def rows(self) -> list[Mapping[str, str]]:
        """Return the steps with room for one more."""
        return [*self.steps, *[{"days": "", "rung": "person", "text": ""}] * _EMPTY_ROWS]


def typed(form: Form) -> Typed:
    """Return a form as it was filled in; a step without a text is taken out."""
    columns = (form.all("days"), form.all("rung"), form.all("text"))
    steps = [
        {"days": days, "rung": rung, "text": text.replace("\r\n", "\n")}
        for days, rung, text in zip_longest(*columns, fillvalue="")
        if text
    ]
    return Typed(
        form.get("title"), form.get("year"), form.get("basis"), form.get("opens_on"), form.get("deadline"), steps
    )


def shown(sheet: Campaign | CampaignSheet) -> Typed:
    """Return what is written down, to be changed."""
    steps = [
        {"days": "" if step["days"] is None else str(step["days"]), "rung": step["rung"], "text": step["text"]}
        for step in sheet.steps
    ]
    return Typed(
        sheet.title, str(sheet.year), sheet.basis, sheet.opens_on.isoformat(), sheet.deadline.isoformat(), steps
    )


def read(found: Typed) -> CampaignSheet:
    """Return what the form means.

    Raises:
        Refusal: a number or a date is none.
    """
    if not (found.year.isascii() and found.year.isdigit() and len(found.year) == 4):
        raise Refusal(BAD_YEAR)
    return CampaignSheet(
        found.title, int(found.year), found.basis, _date(found.opens_on, "开始"), _date(found.deadline, "截止"),
        [_step(number, step) for number, step in enumerate(found.steps, 1)],
    )  # fmt: skip


def _date(text: str, label: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Refusal(BAD_DATE.format(label=label)) from error


def _step(number: int, step: Mapping[str, str]) -> dict[str, Any]:
    days = step["days"].replace("\u2212", "-").replace("\uff0d", "-").strip()
    try:
        offset = int(days) if days else None
    except ValueError as error:
        raise Refusal(BAD_DAYS.format(number=number)) from error
    if offset is not None and abs(offset) > _MOST_DAYS:
        raise Refusal(BAD_DAYS.format(number=number))
    return {"days": offset, "rung": step["rung"], "text": step["text"]}
