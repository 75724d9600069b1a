"""One post on the screen: all that decides, a fact a line, in lines that fit."""

from core.text import split_at_sentences
from handlers.exam_screens import day_label
from handlers.job_lines import NOT_CHECKED
from handlers.job_words import wrapped
from knowledge.job_why import FORMS, SHIFTS, pay_words
from services.jobs import Full

PAY, EMPLOYER, PLACE, TIME, AGE, PLACES, CLOSES, PHONE = (
    "工资：", "单位：", "地方：", "班次：", "年龄：", "招：", "截止：", "电话：",
)  # fmt: skip
COUNT, VETERANS = "{count} 人", "，其中退役军人 {count} 人"
FROM, UNTIL, BETWEEN = "{low} 岁以上", "{high} 岁以下", "{low}–{high} 岁"
BEWARE = "这家单位还没核验：要您先交钱、交押金的，别信。"
_WIDEST, _MOST_LINES = 54, 12


def card(full: Full) -> str:
    """Return all that one has to know of a post, a fact a line."""
    job, employer = full.job, full.employer
    doubt = "" if employer.verified_at else NOT_CHECKED
    place = " ".join(filter(None, (job.city, full.township.name if full.township else None, job.place)))
    hours = "，".join(filter(None, (FORMS[job.form], SHIFTS.get(job.shift or ""))))
    contact = " ".join(filter(None, (job.phone, f"（{job.contact}）" if job.contact else None)))
    quota = VETERANS.format(count=job.veterans_quota) if job.veterans_quota else ""
    facts = (
        (EMPLOYER, employer.name + doubt), (PAY, pay_words(job.pay_from, job.pay_to)), (PLACE, place), (TIME, hours),
        (AGE, _ages(job.age_from, job.age_to)), (PLACES, COUNT.format(count=job.places) + quota),
        (CLOSES, day_label(job.closes_on)), (PHONE, contact),
    )  # fmt: skip
    lines = [job.title, *(wrapped(label + value) for label, value in facts if value), *_about_lines(job.about)]
    return "\n".join([*lines, *([] if employer.verified_at else [BEWARE])])


def _ages(low: int | None, high: int | None) -> str:
    if low and high:
        return BETWEEN.format(low=low, high=high)
    return FROM.format(low=low) if low else UNTIL.format(high=high) if high else ""


def _about_lines(about: str) -> list[str]:
    """Return what the employer wrote, in lines that fit; the rest of a long text is on request."""
    lines = [part for line in about.split("\n") for part in split_at_sentences(line, _WIDEST)]
    return lines if len(lines) <= _MOST_LINES else [*lines[:_MOST_LINES], "…"]
