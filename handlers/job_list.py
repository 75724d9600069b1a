"""Posts under a search: a few at a time, each with why it is there, with what was understood and what was not."""

from collections.abc import Mapping, Sequence

from core.reply import Choice
from handlers import job_lines, texts
from handlers.job_draft import Draft
from handlers.job_hearing import note, row_number, today_of
from handlers.job_words import NOT_HEARD, in_short, quoted, wrapped
from handlers.turn import Turn, visit
from knowledge.job_why import why
from knowledge.job_wish import Post, Wish
from services import digests, job_told
from services.digests import Match
from services.job_board import Shelf

PAGE = 3
"""Posts of a screen: with 更多, 改条件, 有新的告诉我 and 返回 there are seven choices."""
NEXT, MORE, SHOWN = "job-next", "job-more", "job-shown"
FIX_CHOICE, TELL_CHOICE = Choice("改条件", "job-fix"), Choice("有新的告诉我", "job-tell-this")
SUBSCRIPTIONS_CHOICE = Choice("我的订阅", "job-subs")
SOUGHT = "按这些找：{wish}"
FOUND, FOUND_ALL, ON = (
    "找到 {count} 个岗位，先看这几个，回复数字看详细：",
    "找到 {count} 个岗位，回复数字看详细：",
    "接着看，还有 {count} 个：",
)
NOTHING = "现在没有合适的岗位。\n您可以把条件放宽一点，或让我有了新的就告诉您。"
NO_MORE = "合适的就是这些了。有了新的，可以告诉您。"
STILL, NONE_NEW = "还有这些，回复数字看详细：", "订阅的岗位都给您看过了。有了新的，会按您定的时间告诉您。"
GONE, AGAIN = "这些岗位都停招了。", "刚才的岗位，回复数字看详细："
_NEXT = "job_next"
"""Where the conversation keeps what 更多 goes on with."""


async def show(shelf: Shelf, turn: Turn, draft: Draft, skip: int = 0) -> None:
    """Show what a wish finds, from the best one that was not shown yet."""
    note(turn)
    turn.finish()
    draft.keep(turn)
    found = await digests.search(turn.db, shelf, draft.wish, turn.now, skip, turn.address_id)
    if not found.matches:
        turn.result.outcome = "answer" if skip else "none"
        text = NO_MORE if skip else f"{_sought(draft, found.board.townships)}\n{NOTHING}"
        turn.say(text, TELL_CHOICE, FIX_CHOICE, texts.PERSON_CHOICE, texts.BACK_CHOICE)
        return
    visit(turn, f"{NEXT}:{skip}")
    shown = found.matches[:PAGE]
    left = found.total - skip - len(shown)
    if skip:
        head = ON.format(count=found.total - skip)
    else:
        head = (
            _sought(draft, found.board.townships) + "\n" + (FOUND if left > 0 else FOUND_ALL).format(count=found.total)
        )
    choices = [Choice(texts.MORE, f"{NEXT}:{skip + len(shown)}")] if left > 0 else []
    turn.data[_NEXT] = f"{NEXT}:{skip + len(shown)}"
    await _say(turn, head, shown, found.board.townships, [*choices, FIX_CHOICE, TELL_CHOICE])


async def more(shelf: Shelf, turn: Turn) -> None:
    """Go on with what the account subscribed to."""
    note(turn)
    turn.finish()
    turn.data[_NEXT] = MORE
    found = await digests.more(turn.db, shelf, turn.address_id, turn.now)
    if not found.matches:
        turn.say(NONE_NEW, SUBSCRIPTIONS_CHOICE, texts.BACK_CHOICE)
        return
    visit(turn, shown_action([match.post.id for match in found.matches]))
    choices = [Choice(texts.MORE, MORE)] if found.total > len(found.matches) else []
    await _say(turn, STILL, found.matches, found.board.townships, choices, tell=False)


async def again(shelf: Shelf, turn: Turn) -> None:
    """Show the posts of a list once more, those that are still open."""
    note(turn)
    turn.finish()
    ids = [number for part in turn.argument.split(".") if (number := row_number(part)) is not None]
    board = await shelf.board(turn.db)
    known = {post.id: post for post in board.posts if post.id in ids}
    matches = [Match(known[number], Wish()) for number in ids if number in known][: digests.AT_ONCE]
    if not matches:
        turn.say(GONE, SUBSCRIPTIONS_CHOICE, texts.BACK_CHOICE)
        return
    visit(turn, shown_action([match.post.id for match in matches]))
    await _say(turn, AGAIN, matches, board.townships, [Choice(texts.MORE, MORE)], tell=False)


def next_of(turn: Turn) -> str | None:
    """Return the action that goes on with the list last shown, a digest's before that of an older search."""
    actions = [c.action for c in turn.menu if c.action == MORE or c.action.startswith(f"{NEXT}:")]
    return actions[0] if actions else turn.data.get(_NEXT)


async def go_on(shelf: Shelf, turn: Turn) -> None:
    """Go on with the list last shown, as 更多 asks for."""
    name, _, skip = (next_of(turn) or MORE).partition(":")
    await (more(shelf, turn) if name == MORE else show(shelf, turn, Draft.of(turn), skipped(skip)))


def shown_action(ids: Sequence[int]) -> str:
    """Return the screen that shows a list once more, for 返回."""
    return f"{SHOWN}:{'.'.join(map(str, ids))}"


def skipped(argument: str) -> int:
    """Read how many posts were shown already; anything that we never offered is none."""
    return int(argument) if argument.isascii() and argument.isdigit() and len(argument) < 6 else 0


def _sought(draft: Draft, townships: Mapping[int, str]) -> str:
    lines = [SOUGHT.format(wish=in_short(draft.wish, townships))]
    lines += [NOT_HEARD.format(words=quoted(draft.unparsed))] if draft.unparsed else []
    return "\n".join(map(wrapped, lines))


async def _say(
    turn: Turn, head: str, shown: Sequence[Match], townships: Mapping[int, str], choices: Sequence[Choice],
    *, tell: bool = True,
) -> None:  # fmt: skip
    today = today_of(turn)
    posts: list[Post] = [match.post for match in shown]
    listed = [(match.post, why(match.wish, match.post, townships)) for match in shown]
    if tell:
        await job_told.tell(turn.db, turn.address_id, posts, turn.now)
    turn.say(f"{head}\n{job_lines.lines(listed, today)}", *job_lines.choices(posts), *choices, texts.BACK_CHOICE)
