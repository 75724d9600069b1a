"""Where somebody wants to work: townships of the bureau's own place, and counties and cities elsewhere."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest

import jieba
from rapidfuzz import fuzz

from knowledge.job_corrected import uncorrected
from knowledge.job_led_there import leads_there
from knowledge.job_meant_there import UNIT, Role, role
from knowledge.job_places import TAIL, JobPlaces, Named, Names
from knowledge.job_said import Said
from knowledge.job_words import JobWords
from knowledge.sound import blurred, syllables

_NEAR, _ALIKE = 3, 50
_HAN = re.compile("[\u4e00-\u9fff]+")
_BEHIND = re.compile(
    "(?:省|市区|县城|城区|市里|县里|市|县|区|镇上|乡下|街上)?(?:工业园区|工业园|经济?开发区|高新区|新区|园区)?(?:那边|那里|那儿|那块|这边|附近|周边|周围|一带|本地|当地|境内)?"
)
_INSIDE = re.compile("[省市县区]|工业|经济|高新|开发区|新区|园区|机场|火车站|港|都|也")
_HOME = re.compile(
    "本地|本县|本市|县里头?|县城里?|县上|咱们?县|咱们?这(?:里|边|儿|块|地方)|我们?县|我们这(?:里|边|儿)|本乡本土|县内"
)
_NAMED = re.compile(r"([\u4e00-\u9fff]{2,3})(镇|乡|街道|县|(?<![超城门夜菜都上股])市)(?![场民长区容政面值])")
_NOT_NAMES = re.compile(
    r"^(?:.*(?:[我你他咱俺这那哪本各全同在到去往回的了吗个啥找想就跟离住家村老城小古农])|乡|几个|附近|周边|旁边|其他|别的|隔壁|外)$"
)
_LEAD = re.compile(r"^(?:.*[在到去往回来找是住离的想聘招有问]|我们|我|就|俺|咱)")
_LIVES = re.compile(r"(?:住在?|家在|家住|家是|人在|我在|俺在|[我俺咱]家)$")
_NOT_TOWN_BEHIND = re.compile(
    r"^(?:货车|汽车|卡车|标致|本田|日产|雪铁龙|天龙|多利卡|大卡|牌|[里]?地|路|外|远|左右|多远|多路|开业|开张|刚开|小区|饭店|大酒店|超市|商场|花园|农场地|[山湖寺庙塔潭街巷](?!上|边)|风景区)"
)
_TOO = re.compile("[也都或和跟、]|可以|行")
_NOT_TOWN_BEFORE = re.compile(
    r"(?:[0-9一二两几十半]|家里?离?|开|这家|有家|一家|刮|开着|大约|约|走|[盐聊运晋宣]|(?<!城)[大小叠老新东西南北上下])$"
)


@dataclass(frozen=True, slots=True)
class Where:
    """The places of a wish; an unknown one with names that come near."""

    cities: tuple[str, ...] = ()
    townships: tuple[int, ...] = ()
    unknown: str | None = None
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A name where it stands."""

    start: int
    end: int
    named: Named


def where(said: Said, places: JobPlaces, words: JobWords) -> Where:
    """Take what is said of places."""
    meant, likely = [], []
    for found in _narrowest(said, _found(said, places)):
        far = not found.named.township and found.named.city != places.home
        why = role(said.text, found.start, found.end, places.names, words, far=far)
        led = why is Role.TOLD and leads_there(said.text[found.end :], places.names)
        wanted = led or why in (Role.WISHED, Role.LIKELY)
        likely += [found] if far and why is Role.LIKELY else []
        behind = _BEHIND.match(said.text[found.end :])
        (said.take if wanted else said.keep)(found.start, found.end + (behind.end() if behind else 0))
        meant += [found] if wanted else []
    meant += _misheard(said, places)
    meant = _outright(_cleared(uncorrected(said.text, meant), said.text), likely, said.text)
    meant = [found for found in meant if not _LIVES.search(said.text[: found.start])] or meant
    towns = tuple(dict.fromkeys(found.named.township for found in meant if found.named.township))
    unknown = None if meant else _unknown(said)
    home = [places.home] if places.home and not meant and not unknown and said.take_all(_HOME) else []
    cities = dict.fromkeys([*(found.named.city for found in meant if found.named.city), *home])
    if towns:
        cities.pop(places.home, None)
    near = near_names(unknown, places.townships) if unknown else ()
    return Where(tuple(cities), towns, unknown, near)


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three names that look or sound like one, best first."""
    base = TAIL.sub("", name) or name
    scored = sorted(((_alike(base, TAIL.sub("", one)), one) for one in known), reverse=True)
    return tuple(one for score, one in scored[:_NEAR] if score >= _ALIKE)


def _alike(one: str, other: str) -> float:
    """Compare how two names look, and how they sound syllable by syllable."""
    return max(fuzz.ratio(one, other), fuzz.ratio(blurred(one), blurred(other)) - 1)


def _found(said: Said, places: JobPlaces) -> list[_Found]:
    """Find every name that holds where it stands, townships before cities: 离石桥镇 does not name 离石."""
    names, text = places.names, said.text
    found = [
        _Found(*match.span(), named)
        for match in names.towns.finditer(text)
        if (named := names.meaning[match[0]]).whole or _is_town(text[: match.start()], text[match.end() :])
    ]
    for town in found:
        text = text[: town.start] + "\0" * (town.end - town.start) + text[town.end :]
    edges, end = said.edges | {town.end for town in found}, 0
    for match in names.cities.finditer(text):
        begins = match.start() in edges or match.start() == end
        if begins and _ends(text[match.end() :], match.end() in edges, names):
            found.append(_Found(*match.span(), names.meaning[match[0]]))
            end = match.end()
    return sorted(found, key=lambda place: place.start)


def _ends(behind: str, at_edge: bool, names: Names) -> bool:  # noqa: FBT001 - where it ends, in words
    return at_edge or bool(_INSIDE.match(behind) or names.cities.match(behind))


def _is_town(before: str, behind: str) -> bool:
    """Tell whether a township is named without 镇 or 乡: it may be another word, as in 东风货车 and 三里路."""
    return not _NOT_TOWN_BEHIND.match(behind) and not _NOT_TOWN_BEFORE.search(before)


def _narrowest(said: Said, found: list[_Found]) -> list[_Found]:
    """Of places that stand one in another, such as 江苏南通如东, leave the last."""
    kept = []
    for place, after in zip_longest(found, found[1:]):
        gap = said.text[place.end : after.start] if after else None
        if (
            after
            and gap is not None
            and UNIT.fullmatch(gap) is not None
            and _holds(place, after, said.text[after.end :])
        ):
            said.take(place.start, after.start)
            continue
        kept.append(place)
    return kept


def _holds(outer: _Found, inner: _Found, behind: str) -> bool:
    """Tell whether one place lies in the other; of counties it is not known, so that 都 behind them makes them two."""
    if outer.named.above is None or behind.startswith(("都", "两")):
        return False
    return inner.named.above is None or inner.named.above.within(outer.named.above)


def _cleared(meant: list[_Found], text: str) -> list[_Found]:
    """Leave out a city where a township of its name is named as well, to say which of the two is meant."""
    towns = [text[found.start : found.end] for found in meant if found.named.township]
    return [found for found in meant if found.named.township or not any(found.named.city in town for town in towns)]


def _outright(meant: list[_Found], likely: list[_Found], text: str) -> list[_Found]:
    """Leave out what was only likely where another place is then wished outright: 扬州厨师, 想在如东找."""
    said_so = [found for found in meant if found not in likely and not found.named.township]
    last = said_so[-1].start if said_so else 0
    return [m for m in meant if m not in likely or m.end > last or _TOO.search(text[m.end : last])]


def _misheard(said: Said, places: JobPlaces) -> list[_Found]:
    """Find townships written in characters of the same sound, as 石乔 for 石桥, where they make no other word."""
    text, found = said.open, []
    edges = sorted(said.edges)
    for name, named in places.names.meaning.items():
        if not named.township and (not places.home or named.city != places.home):
            continue
        for start in edges:
            span = text[start : start + len(name)]
            if start + len(name) in edges and _sounds_like(span, name):
                found.append(_Found(start, start + len(name), named))
                said.take(start, start + len(name))
                text = said.open
    return found


def _sounds_like(span: str, name: str) -> bool:
    return bool(_HAN.fullmatch(span)) and not jieba.dt.FREQ.get(span) and syllables(span) == syllables(name)


def _unknown(said: Said) -> str | None:
    """Return a township or county that is named and not known; it is shown by itself."""
    for found in said.find(_NAMED):
        name = _LEAD.sub("", found[1])
        if len(name) > 1 and not _NOT_NAMES.match(name):
            said.take(found.end() - len(name) - len(found[2]), found.end())
            return name + found[2]
    return None
