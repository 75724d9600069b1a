"""In which order posts are shown that a wish allows: what ends soon, what was asked for beside, what was liked."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import merge

from knowledge.job_board import Board
from knowledge.job_wish import Post, Wish
from knowledge.normalise import bare, simplify
from knowledge.terms import grams

SOON = timedelta(days=3)
_MOST_LIKED = 3
_EVEN = (0.0, 0)


@dataclass(frozen=True, slots=True)
class Likes:
    """What somebody said of posts before, counted: above 0 it fits, below 0 it does not."""

    employers: Mapping[int, int] = field(default_factory=dict)
    kinds: Mapping[str, int] = field(default_factory=dict)
    townships: Mapping[int | None, int] = field(default_factory=dict)

    def of(self, post: Post) -> int:
        """Return how much a post is like those that fitted; the employer counts most."""
        other = self.kinds.get(post.kind, 0) + self.townships.get(post.township, 0)
        return max(-_MOST_LIKED, min(_MOST_LIKED, 2 * self.employers.get(post.employer_id, 0) + other))


NO_LIKES = Likes()


def order(board: Board, bits: int, wish: Wish, likes: Likes, today: date) -> Iterator[Post]:
    """Give the posts of bits, best first: what closes soon, what is in the township itself, what fits, the newest.

    What fits is what the wish's other words are said in, and of those alike, what is like posts that were liked.
    """
    soon, inside = board.closing_by(today + SOON), board.within(wish.townships)
    relevance = _relevance(board, bits, wish)
    special = board.of(relevance) | board.like(likes.employers, likes.kinds, likes.townships)
    for urgent in (bits & soon, bits & ~soon):
        for part in (urgent & inside, urgent & ~inside):
            yield from _in_order(board, part, special, relevance, likes)


def _in_order(board: Board, bits: int, special: int, relevance: Mapping[int, float], likes: Likes) -> Iterator[Post]:
    """Sort the few posts that something speaks for or against; the others are in order already, the newest first."""

    def worth(post: Post) -> tuple[float, int]:
        return relevance.get(post.id, 0.0), likes.of(post)

    judged = sorted(board.at(bits & special), key=worth, reverse=True)  # what is alike stays in order
    even = [post for post in judged if worth(post) == _EVEN]
    yield from (post for post in judged if worth(post) > _EVEN)
    yield from merge(even, board.at(bits & ~special), key=lambda post: -post.id)
    yield from (post for post in judged if worth(post) < _EVEN)


def _relevance(board: Board, bits: int, wish: Wish) -> dict[int, float]:
    """Score posts by the terms of a wish's other words, rare ones more, in tenths: hairs are not split before liking.

    The terms are the matcher's pairs of signs; its postings are not made for posts, which change by the minute.
    """
    terms = dict.fromkeys([*wish.perks, *map(str, grams(bare(simplify(wish.words)), 2, 2))])
    found = {term: board.saying(term) & bits for term in terms}
    weights = {term: math.log(1 + len(board.posts) / (1 + having.bit_count())) for term, having in found.items()}
    whole = sum(weights.values())
    scores: dict[int, float] = {}
    for term, having in found.items():
        for post in board.at(having):
            scores[post.id] = scores.get(post.id, 0.0) + weights[term] / whole
    return {id_: round(score, 1) for id_, score in scores.items()}
