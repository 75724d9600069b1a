"""New posts against many subscriptions: bits of a board against one comparison after another, and the same at the database."""

from itertools import islice
from time import thread_time

from benchmarks import job_crowd
from benchmarks.figure import Board as Figures
from benchmarks.figure import resident
from benchmarks.job_crowd import NEIGHBOURS, TODAY
from knowledge.job_board import Board

POSTS = 1_000
_SAMPLE = 300
"""Wishes of the naive loop; their answers must be the board's."""
_GROWTH, _PAGE = 1.05, 1_000


def measure(figures: Figures, sizes: tuple[int, ...]) -> None:
    """Measure pairs of a post and a subscription a second, in processor time of the one thread that does it all."""
    names = job_crowd.kinds()
    posts = job_crowd.posts(POSTS, names)
    began = thread_time()
    board = Board(posts, NEIGHBOURS)
    figures.add(f"job-match.board of {POSTS}", (thread_time() - began) * 1000, "ms")
    sample = list(islice(job_crowd.wishes(_SAMPLE, names), _SAMPLE))
    began = thread_time()
    naive = [{post.id for post in posts if job_crowd.allows(wish, post, TODAY)} for wish in sample]
    floor = _SAMPLE * POSTS / (thread_time() - began)
    if naive != [{post.id for post in board.find(wish, TODAY)} for wish in sample]:
        raise RuntimeError("the board does not find what one comparison after another finds")
    held = 0.0
    for size in sizes:
        seconds, found, coming = 0.0, 0, job_crowd.wishes(size, names)
        while page := list(islice(coming, _PAGE)):
            began = thread_time()
            found += sum(board.bits(wish, TODAY).bit_count() for wish in page)
            seconds += thread_time() - began
        title = f"job-match.{POSTS} posts, {size} subscriptions"
        figures.add(f"{title} vs naive", size * POSTS / seconds, "pairs/s", floor, "ratio>=10")
        figures.add(f"{title} matches each", found / size, "posts")
        figures.add(f"{title} memory", resident(), "MiB", held or None, f"ratio<={_GROWTH}" if held else None)
        held = held or resident()
