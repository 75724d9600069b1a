"""The order in which posts are shown."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.job_board import Board
from knowledge.job_rank import NO_LIKES, SOON, Likes, order
from knowledge.job_wish import Post, Wish
from tests.fakes.posts import POSTS, TODAY, WISHES, a_post

ANY = Wish()


def _ids(posts: list[Post], wish: Wish = ANY, likes: Likes = NO_LIKES) -> list[int]:
    board = Board(posts)
    return [post.id for post in order(board, board.bits(wish, TODAY) if not wish.townships else 3, wish, likes, TODAY)]


def test_what_closes_within_three_days_comes_first_and_then_the_newest() -> None:
    posts = [a_post(1), a_post(2, closes_on=TODAY + timedelta(days=3)), a_post(3), a_post(4, closes_on=TODAY)]
    assert _ids(posts) == [4, 2, 3, 1]


def test_what_was_asked_for_beside_comes_before_the_newest() -> None:
    posts = [a_post(1, about="包吃包住，靠近学校"), a_post(2, about="包吃"), a_post(3)]
    assert _ids(posts, Wish(perks=("包住",))) == [1, 3, 2]
    assert _ids(posts, Wish(words="想在学校附近")) == [1, 3, 2]


def test_what_was_liked_tunes_the_order_and_leaves_nothing_out() -> None:
    posts = [a_post(1, employer_id=7), a_post(2, kind="司机"), a_post(3), a_post(4, employer_id=8, township=5)]
    likes = Likes(employers={7: 1, 8: -1}, kinds={"司机": 1}, townships={5: -1})
    assert _ids(posts, likes=likes) == [1, 2, 3, 4]


def test_the_township_itself_comes_before_the_one_next_door() -> None:
    assert _ids([a_post(1, township=1), a_post(2, township=2)], Wish(townships=(1,))) == [1, 2]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(POSTS, max_size=20), WISHES, st.sampled_from([NO_LIKES, Likes({1: 1}, {"司机": -2}, {2: -1, None: -3})])
)
def test_every_post_comes_once_and_in_the_order_that_is_promised(posts: list[Post], wish: Wish, likes: Likes) -> None:
    board = Board([replace(post, id=n, group=(n + 1) // 2) for n, post in enumerate(posts, 1)])
    bits = board.bits(wish, TODAY)

    def rank(post: Post) -> tuple[bool, bool, int, int]:
        away = bool(wish.townships) and post.township not in wish.townships
        return post.closes_on > TODAY + SOON, away, -likes.of(post), -post.id

    assert list(order(board, bits, wish, likes, TODAY)) == sorted(board.at(bits), key=rank)


@given(st.lists(POSTS, max_size=20))
def test_posts_of_one_group_are_counted_once(posts: list[Post]) -> None:
    board = Board([replace(post, id=n, group=(n + 1) // 2) for n, post in enumerate(posts, 1)])
    bits = board.bits(Wish(), TODAY)
    assert board.count(bits) == len({post.group for post in board.at(bits)})
    for post in board.posts:
        assert {one.group for one in board.at(board.of([post.group]))} >= {post.group}
