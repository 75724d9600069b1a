"""Posts and wishes of every sort, as the board knows them."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from knowledge.job_wish import Post, Wish

TODAY = date(2026, 11, 21)
NEIGHBOURS = {1: frozenset({2}), 2: frozenset({1, 3}), 3: frozenset({2})}
HOME, OTHER = "如东", "海安"
POST = Post(
    id=1, group=1, title="保安", employer="甲公司", employer_id=1, verified=True, kind="保安", city=HOME, township=None,
    pay_from=4000, pay_to=6000, form="full", shift="day", age_from=None, age_to=None, veterans=False,
    closes_on=TODAY + timedelta(days=30), about="",
)  # fmt: skip


def a_post(id_: int = 1, **values: object) -> Post:
    return replace(POST, id=id_, group=id_, **values)  # type: ignore[arg-type]


KINDS, PLACES = (
    st.sampled_from(["保安", "司机", "保洁"]),
    st.sampled_from([(HOME, 1), (HOME, 2), (HOME, 3), (HOME, None), (OTHER, None)]),
)
POSTS = st.builds(
    lambda place, pay, ages, **rest: a_post(
        city=place[0], township=place[1], pay_from=pay and pay[0], pay_to=pay and pay[1],
        age_from=ages[0], age_to=ages[1], **rest,
    ),
    place=PLACES,
    pay=st.sampled_from([None, (3000, 4000), (5000, 5000), (5000, None), (6000, 9000)]),
    ages=st.sampled_from([(None, None), (18, 45), (None, 50), (50, None)]),
    kind=KINDS,
    form=st.sampled_from(["full", "part"]),
    shift=st.sampled_from([None, "day", "night", "rotating", "flexible"]),
    closes_on=st.sampled_from([TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=2)]),
)  # fmt: skip
WISHES = st.builds(
    Wish,
    cities=st.sampled_from([(), (HOME,), (OTHER,), (HOME, OTHER)]),
    townships=st.sampled_from([(), (1,), (2, 3), (9,)]),
    kinds=st.sampled_from([(), ("保安",), ("保安", "司机")]),
    not_kinds=st.sampled_from([(), ("保洁",)]),
    pay_from=st.sampled_from([None, 4000, 5000, 8000, 20000]),
    shift=st.sampled_from(["", "no_night", "day", "night", "rotating", "flexible"]),
    form=st.sampled_from(["", "full", "part"]),
    birth_year=st.sampled_from([None, 1970, 1980, 1981, 2008]),
)
