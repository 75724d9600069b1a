"""Why a post was found for somebody, in one short line: what it offers of what they asked for, and what it leaves open."""

from collections.abc import Iterator, Mapping

from knowledge.job_wish import Post, Wish

_NEAR = "{name}（附近）"
_OPEN_PAY, _FROM, _TO, _ONE, _BOTH = "工资面议", "{low} 元起", "{high} 元以内", "{low} 元", "{low}–{high} 元"
FORMS = {"full": "全职", "part": "兼职", "temporary": "临时工"}
SHIFTS = {"day": "白班", "night": "夜班", "rotating": "倒班", "flexible": "时间灵活"}
_UNSAID = {
    "no_night": "没写上不上夜班", "day": "没写是不是白班", "night": "没写是不是夜班", "rotating": "没写倒不倒班",
    "flexible": "没写时间",
}  # fmt: skip
_OF_AGE, _ANY_AGE = "年龄合适", "没写年龄"
_FOR_VETERANS = "留有退役军人名额"
_BETWEEN, _WIDEST = " · ", 56


def why(wish: Wish, post: Post, township_names: Mapping[int, str]) -> str:
    """Return a line such as 如东 · 保安 · 4000–6000 元 · 没写上不上夜班; what finds no room is left out at its end."""
    line = ""
    for part in _parts(wish, post, township_names):
        longer = f"{line}{_BETWEEN}{part}" if line else part
        if len(longer) > _WIDEST:
            break
        line = longer
    return line


def pay_words(low: int | None, high: int | None) -> str:
    """Return 4000–6000 元, 4000 元起, or 工资面议."""
    if low is None:
        return _OPEN_PAY if high is None else _TO.format(high=high)
    if high is None:
        return _FROM.format(low=low)
    return (_ONE if low == high else _BOTH).format(low=low, high=high)


def _parts(wish: Wish, post: Post, township_names: Mapping[int, str]) -> Iterator[str]:
    yield _place(wish, post, township_names)
    if post.kind in wish.kinds and post.kind not in post.title:
        yield post.kind
    yield pay_words(post.pay_from, post.pay_to)
    if wish.shift:
        yield SHIFTS[post.shift] if post.shift else _UNSAID[wish.shift]
    if wish.form:
        yield FORMS[post.form]
    if wish.birth_year is not None:
        yield _ANY_AGE if post.age_from is None and post.age_to is None else _OF_AGE
    yield from (perk for perk in wish.perks if perk in post.about)
    if post.veterans:
        yield _FOR_VETERANS


def _place(wish: Wish, post: Post, township_names: Mapping[int, str]) -> str:
    """Name the township where it is known; beside the ones asked for it is near them."""
    name = township_names.get(post.township) if post.township is not None else None
    if name is None:
        return post.city
    return name if not wish.townships or post.township in wish.townships else _NEAR.format(name=name)
