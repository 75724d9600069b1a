"""Time to understand a question by size of the knowledge, against rapidfuzz on the same phrasings."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter, thread_time

from rapidfuzz import fuzz, process

from benchmarks import loop, stage
from benchmarks.figure import Board, percentile, quick_asked, resident
from benchmarks.phrasings import many, questions
from benchmarks.stage import TODAY
from knowledge.content import Content, documents, read_content
from knowledge.heard import Context
from knowledge.index import Snapshot
from knowledge.match import Document, Matcher
from knowledge.normalise import Words
from knowledge.speller import cut

_REFERENCE_SECONDS = 4.0
"""Longest time given to a reference that takes 100 ms or more a question."""
_ASIDE = 5
"""Questions asked before the clock runs."""


def main() -> None:
    """Measure and print."""
    quick, board = quick_asked(__doc__), Board()
    cut("您好")  # jieba reads its dictionary at its first cut
    content = read_content(None)
    everything = documents(content, TODAY)
    shipped = [p for document in everything for p in document.phrasings]
    kept = [_size(board, content, everything, size, quick=quick) for size in (1_000, 10_000)]
    if not quick:
        kept.append(_size(board, content, everything, 100_000, quick=quick))
    shown = stage.thin(content) if quick else content
    _hearing(board, Snapshot(shown, TODAY, meaning=False), shipped, "lexical", 150 if quick else 400)
    if not quick and stage.has_model():
        _hearing(board, Snapshot(content, TODAY, meaning=True), shipped, "model", 300)
    board.close()
    del kept


def _size(board: Board, content: Content, shipped: Sequence[Document], size: int, *, quick: bool) -> Matcher:
    """Measure one size; the matcher is given back to stay alive, so that the next one's memory is its own."""
    meanings, words = many(shipped, size), Words(content.lexicon.words)
    phrasings = [p for document in meanings for p in document.phrasings]
    cut.cache_clear()
    gc.collect()
    before, started = resident(), perf_counter()
    matcher = Matcher(meanings, words)
    board.add(f"match.{size}.build", perf_counter() - started, "s")
    gc.collect()
    board.add(f"match.{size}.memory", (resident() - before), "MiB")
    asked = questions(phrasings, 150 if quick else 500)
    ours = _times(lambda q: matcher.rank(matcher.read(q)), asked, 60)
    for name, scorer in (("WRatio", fuzz.WRatio), ("ratio", fuzz.ratio)):
        extract = partial(process.extract, choices=phrasings, scorer=scorer, limit=10)
        theirs = _times(extract, asked, 1 if quick else _REFERENCE_SECONDS)
        goal = "value<=5" if size == 10_000 else None
        board.add(f"match.{size}.p50 vs {name}", percentile(ours, 50), "ms", percentile(theirs, 50))
        board.add(f"match.{size}.p95 vs {name}", percentile(ours, 95), "ms", percentile(theirs, 95), goal)
    return matcher


def _times(ask: Callable[[str], object], asked: Sequence[str], seconds: float) -> list[float]:
    """Return milliseconds of processor for each question, as many as fit into the time and at least ten.

    All of it happens in one thread, so on a quiet machine this is the time that passes; on a busy one it is not the
    neighbours' that is measured.
    """
    for question in asked[:_ASIDE]:
        ask(question)
    times: list[float] = []
    end = perf_counter() + seconds
    for question in asked[_ASIDE:]:
        started = thread_time()
        ask(question)
        times.append((thread_time() - started) * 1000)
        if perf_counter() > end and len(times) >= 10:
            break
    return times


def _hearing(board: Board, snapshot: Snapshot, shipped: Sequence[str], name: str, count: int) -> None:
    """Measure the whole understanding of shipped knowledge, and how it lets the event loop run."""
    asked = questions(shipped, count, seed=2)
    times = _times(lambda q: snapshot.hear(q, Context()), asked, 60)
    board.add(f"hear.{name}.p50", percentile(times, 50), "ms")
    board.add(f"hear.{name}.p95", percentile(times, 95), "ms")
    idle, busy = asyncio.run(loop.lateness(snapshot, asked))
    board.add(f"loop.{name}.p99", percentile(busy, 99), "ms", percentile(idle, 99))
    board.add(f"loop.{name}.max", max(busy), "ms", max(idle), "value<=20")


if __name__ == "__main__":
    main()
