"""Which posts a wish allows: the same, whether bits say so or each post is looked at by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.job_board import Board
from knowledge.job_wish import Post, Wish
from tests.fakes.posts import HOME, NEIGHBOURS, POSTS, TODAY, WISHES, a_post


def in_place(post: Post, wish: Wish) -> bool:
    if not (wish.cities or wish.townships):
        return True
    near = set(wish.townships).union(*(NEIGHBOURS.get(t, frozenset()) for t in wish.townships))
    cities = set(wish.cities) - ({HOME} if wish.townships else set())
    return post.township in near or post.city in cities


def at_times(post: Post, wish: Wish) -> bool:
    if wish.shift == "no_night":
        return post.shift not in ("night", "rotating")
    return wish.shift in ("", post.shift) or (wish.shift, post.shift) == ("day", None)


def of_age(post: Post, wish: Wish) -> bool:
    if wish.birth_year is None:
        return True
    age = TODAY.year - wish.birth_year
    return any((post.age_from or 0) <= one <= (post.age_to or 200) for one in (age, age - 1))


def allowed(post: Post, wish: Wish) -> bool:
    """Say it again, slowly, for one post."""
    return (
        post.closes_on >= TODAY
        and post.kind not in wish.not_kinds
        and post.kind in (wish.kinds or (post.kind,))
        and (post.pay_to or post.pay_from or 0) >= (wish.pay_from or 0)
        and wish.form in ("", post.form)
        and in_place(post, wish) and at_times(post, wish) and of_age(post, wish)
    )  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(POSTS, min_size=1, max_size=30), WISHES)
def test_bits_say_what_looking_at_each_post_says(posts: list[Post], wish: Wish) -> None:
    home = a_post(999, township=3)  # the board knows its own place by its posts
    posts = [home, *(replace(post, id=n, group=n) for n, post in enumerate(posts, 1))]
    found = Board(posts, NEIGHBOURS).find(wish, TODAY)
    assert [post.id for post in found] == sorted((p.id for p in posts if allowed(p, wish)), reverse=True)


def test_no_posts_no_matches() -> None:
    assert Board(()).find(Wish(kinds=("保安",), pay_from=5000, birth_year=1980), TODAY) == []


def test_unsaid_night_work_is_not_ruled_out_and_said_one_is() -> None:
    board = Board([a_post(1, shift=None), a_post(2, shift="night"), a_post(3, shift="rotating"), a_post(4)])
    assert [post.id for post in board.find(Wish(shift="no_night"), TODAY)] == [4, 1]


def test_a_pay_to_be_talked_about_is_none_that_was_wished() -> None:
    board = Board([a_post(1, pay_from=None, pay_to=None)])
    assert not board.find(Wish(pay_from=3000), TODAY)
    assert board.find(Wish(), TODAY)


def test_the_last_day_still_counts() -> None:
    board = Board([a_post(1, closes_on=TODAY)])
    assert board.find(Wish(), TODAY)
    assert not board.find(Wish(), TODAY + timedelta(days=1))


@pytest.mark.parametrize(("township", "near"), [(1, "exact"), (2, "near"), (3, ""), (None, "")])
def test_townships_next_door_are_near(township: int | None, near: str) -> None:
    board, wish = Board([a_post(1, township=township)], NEIGHBOURS), Wish(townships=(1,))
    assert board.near(board.posts[0], wish) == near
    assert bool(board.find(wish, TODAY)) == bool(near)


def test_an_age_within_a_year_of_the_limit_is_left_to_the_employer() -> None:
    board = Board([a_post(1, age_to=50)])
    assert board.find(Wish(birth_year=TODAY.year - 51), TODAY)
    assert not board.find(Wish(birth_year=TODAY.year - 52), TODAY)
