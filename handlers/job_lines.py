"""How posts read in a list, the same in a digest, under a search and at a fair: all that decides, in few words."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.reply import Choice
from knowledge.job_why import pay_words
from knowledge.job_wish import Post

SHOW = "job"
"""The action that shows one post: job:12."""
LINE = "{number} {title}\n   {employer}{doubt}{closing}\n   {why}"
NOT_CHECKED = "（还没核验）"
CLOSES_TODAY, CLOSES_SOON = "，今天截止", "，{month}月{day}日截止"
_SOON = timedelta(days=3)
_TITLE, _EMPLOYER, _LABEL = 16, 22, 24
"""Characters; a longer name is cut with …"""


def line(number: int, post: Post, why: str, today: date) -> str:
    """Return one post as it stands in a list; `why` is what `knowledge.job_why.why` says, without it the pay stands."""
    return LINE.format(
        number=number, title=cut(post.title, _TITLE),
        employer=cut(post.employer, _EMPLOYER), doubt="" if post.verified else NOT_CHECKED,
        closing=_closing(post, today), why=why or pay_words(post.pay_from, post.pay_to),
    )  # fmt: skip


def lines(posts: Sequence[tuple[Post, str]], today: date) -> str:
    """Return posts, each with why it is shown, counted from 1."""
    return "\n".join(line(number, post, why, today) for number, (post, why) in enumerate(posts, 1))


def choices(posts: Sequence[Post]) -> list[Choice]:
    """Return the choices that show them."""
    return [Choice(cut(f"{post.title}·{post.employer}", _LABEL), f"{SHOW}:{post.id}") for post in posts]


def cut(text: str, longest: int) -> str:
    """Return a text of at most so many characters."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _closing(post: Post, today: date) -> str:
    if post.closes_on == today:
        return CLOSES_TODAY
    if post.closes_on - today <= _SOON:
        return CLOSES_SOON.format(month=post.closes_on.month, day=post.closes_on.day)
    return ""
