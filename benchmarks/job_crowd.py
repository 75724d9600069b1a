"""Made-up posts and wishes by a seeded hand, as uneven as real ones: a few kinds of work are asked for most."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import insert

from benchmarks import crowd
from db.base import Base
from db.engine import Database
from db.jobs import Employer, Job, JobSubscription
from db.places import Township, TownshipNeighbour
from knowledge.content import read_content
from knowledge.job_wish import Form, Post, Shift, Wish
from services import job_board

TODAY = crowd.NOW.date()
HOME, CITIES = "如东", ("如东", "如东", "如东", "如东", "南通", "海安", "苏州", "上海")
TOWNSHIPS = 15
NEIGHBOURS = {
    number: frozenset({number - 1, number + 1} & set(range(1, TOWNSHIPS + 1))) for number in range(1, TOWNSHIPS + 1)
}
_EMPLOYERS = 600
_SHIFTS: tuple[Shift, ...] = ("day", "night", "rotating", "flexible")
_WISHED_SHIFTS: tuple[Shift, ...] = ("", "", "", "no_night", "no_night", "day", "night", "flexible")
_ABOUT = (
    "负责日常工作，服从安排。", "能吃苦耐劳，有经验的优先。", "包住。", "有食堂，包三餐。", "缴五险一金。", "做六休一。", "双休。",
    "退役军人优先。", "电话联系，面谈为准。", "试用期一个月。", "需要持证上岗。",
)  # fmt: skip
_AT_ONCE = 5_000


def kinds() -> Sequence[str]:
    """Return the kinds of work, those asked for most first and oftener."""
    words = read_content(None).jobs
    rest = [name for name in words.kinds if name not in words.popular]
    return [*words.popular * 6, *rest]


def posts(count: int, names: Sequence[str], seed: int = 1) -> list[Post]:
    """Return open posts; their ids count from 1."""
    chance = random.Random(seed)
    return [_post(number, names, chance) for number in range(1, count + 1)]


def _post(number: int, names: Sequence[str], chance: random.Random) -> Post:
    kind, city = chance.choice(names), chance.choice(CITIES)
    low = chance.choice((None, *range(2500, 9000, 500)))
    employer = chance.randint(1, _EMPLOYERS)
    return Post(
        id=number, group=number, title=kind, employer=f"第{employer}公司", employer_id=employer, verified=employer % 3 > 0,
        kind=kind, city=city, township=chance.randint(1, TOWNSHIPS) if city == HOME else None,
        pay_from=low, pay_to=low and low + chance.choice((0, 1000, 2000, 3000)),
        form=chance.choices(("full", "part", "temporary"), (8, 1, 1))[0], shift=chance.choice((None, None, *_SHIFTS)),
        age_from=chance.choice((None, 18)), age_to=chance.choice((None, None, 45, 50, 55, 60)),
        veterans=number % 5 == 0, closes_on=TODAY + timedelta(days=chance.randint(0, 60)), about="".join(chance.sample(_ABOUT, 4)),
    )  # fmt: skip


def wishes(count: int, names: Sequence[str], seed: int = 2) -> Iterator[Wish]:
    """Give wishes without keeping them."""
    chance = random.Random(seed)
    for _ in range(count):
        near = chance.random() < 0.4
        form: Form = "part" if chance.random() < 0.1 else ""
        yield Wish(
            cities=() if near else (chance.choice(CITIES),),
            townships=(chance.randint(1, TOWNSHIPS),) if near else (),
            kinds=tuple(sorted({chance.choice(names) for _ in range(chance.randint(1, 3))})),
            pay_from=chance.choice((None, None, *range(3000, 8000, 500))),
            shift=chance.choice(_WISHED_SHIFTS), form=form,
            birth_year=chance.choice((None, None, chance.randint(1960, 2004))),
            perks=("包住",) if chance.random() < 0.2 else (),
        )  # fmt: skip


async def put_up(database: Database, made: Sequence[Post], matched_to: int | None = None) -> None:
    """Write townships, employers and posts."""
    places = range(1, TOWNSHIPS + 1)
    await _write(database, Township, ({"id": n, "name": f"第{n}镇"} for n in places))
    pairs = ({"township_id": one, "neighbour_id": other} for one in places for other in NEIGHBOURS[one])
    await _write(database, TownshipNeighbour, pairs)
    employers = ({"id": n, "name": f"第{n}公司", "created_at": crowd.NOW} for n in range(1, _EMPLOYERS + 1))
    await _write(database, Employer, employers)
    await _write(database, Job, (_row(post, matched_to) for post in made))
    async with database.transaction() as db:
        await job_board.bump(db)


def _row(post: Post, matched_to: int | None) -> dict[str, Any]:
    same = ("id", "title", "employer_id", "kind", "city", "pay_from", "pay_to", "form", "shift", "age_from", "age_to")
    return {name: getattr(post, name) for name in same} | {
        "source": "bench", "source_ref": str(post.id), "group_id": post.group, "township_id": post.township,
        "closes_on": post.closes_on, "about": post.about, "places": 1, "flags": [], "status": "open",
        "matched_to": matched_to, "created_at": crowd.NOW, "changed_at": crowd.NOW,
    }  # fmt: skip


async def subscribe(database: Database, wanted: Iterator[Wish], cadence: Literal["now", "daily"]) -> None:
    """Write one subscription an account, from the first account on; daily ones are due."""
    due = crowd.NOW - timedelta(minutes=1) if cadence == "daily" else None
    rows = (
        {
            "address_id": number, "wish": wish.to_json(), "wish_key": wish.key, "cadence": cadence, "hour": 9,
            "weekday": None, "status": "active", "next_at": due, "created_at": crowd.NOW, "renewed_at": crowd.NOW,
        }
        for number, wish in enumerate(wanted, 1)
    )  # fmt: skip
    await _write(database, JobSubscription, rows)
    await crowd.analyse(database)


async def _write(database: Database, table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _AT_ONCE:
            await _insert(database, table, batch)
            batch = []
    await _insert(database, table, batch)


async def _insert(database: Database, table: type[Base], batch: list[dict[str, Any]]) -> None:
    if batch:
        async with database.transaction() as db:
            await db.execute(insert(table), batch)


def allows(wish: Wish, post: Post, today: date) -> bool:
    """Tell whether a wish allows a post, one by one, as anybody would write it first."""
    if post.closes_on < today or post.kind in wish.not_kinds or (wish.kinds and post.kind not in wish.kinds):
        return False
    if wish.pay_from and (post.pay_to or post.pay_from or 0) < wish.pay_from:
        return False
    if wish.form and post.form != wish.form:
        return False
    return _at_times(wish, post) and _of_age(wish, post, today) and _near(wish, post)


def _at_times(wish: Wish, post: Post) -> bool:
    if wish.shift == "no_night":
        return post.shift not in ("night", "rotating")
    return not wish.shift or post.shift == wish.shift or (wish.shift == "day" and post.shift is None)


def _of_age(wish: Wish, post: Post, today: date) -> bool:
    if wish.birth_year is None:
        return True
    ages = (today.year - wish.birth_year, today.year - wish.birth_year - 1)
    return any((post.age_from or 0) <= age <= (post.age_to or age) for age in ages)


def _near(wish: Wish, post: Post) -> bool:
    if not (wish.cities or wish.townships):
        return True
    near = {one for township in wish.townships for one in (township, *NEIGHBOURS[township])}
    return post.township in near or (post.city in wish.cities and not (wish.townships and post.city == HOME))
