"""The words for work: which kind of work somebody means, whatever they call it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from knowledge.job_said import Said
from knowledge.normalise import simplify

OTHER = "其他"
"""The kind of what fits no other; it has no words."""
LEADER = "管理岗"
"""The kind that is named together with the one that it leads."""
_NOT_SO = "(?<!不)(?<!无)(?<!没)(?<!(?<!有)没有)(?<!莫得)(?<!没得)"
_PLACE_BEHIND = re.compile("厂|店|公司|市场|专业|行业")
"""What makes a place of a word of work: 机床厂, 保安公司."""
_DO = "看守开做烧扫送修种养带洗切跑管卖"
"""Verbs that words of work begin with."""
_BRACKETS = re.compile(r"\([^)]*\)|【[^】]*】|\[[^\]]*\]")


@dataclass(frozen=True, slots=True)
class JobKind:
    """One kind of work: its name on the screen, and what people and employers say for it."""

    name: str
    words: tuple[str, ...]
    where: tuple[str, ...] = ()
    """Places of work, such as 酒店: they mean this kind only when no other is named with them."""
    hazard: bool = False
    """Dangerous work, which the law keeps from those under 18."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where in a text a kind of work is named."""

    start: int
    end: int
    kind: str
    firm: bool
    """Named by a word of its own, not by its place of work."""


class JobWords:
    """Every kind of work and perk that is known; made once from knowledge/data/jobs.yaml."""

    def __init__(
        self,
        kinds: Mapping[str, JobKind],
        perks: Mapping[str, tuple[str, ...]],
        popular: tuple[str, ...],
        asking: tuple[str, ...],
    ) -> None:
        self.kinds, self.perks, self.popular, self.asking = kinds, perks, popular, tuple(map(simplify, asking))
        where = {simplify(word): kind.name for kind in kinds.values() for word in kind.where}
        named = {simplify(kind.name): kind.name for kind in kinds.values() if kind.name != OTHER}
        firm = {simplify(word): kind.name for kind in kinds.values() for word in kind.words}
        firm |= {word: name for word, name in named.items() if word not in where}
        firm |= {word: name for one, name in firm.items() for word in _loosely(one)}
        self._meant = where | firm
        self._firm = frozenset(firm)
        self._pattern = _either(self._meant)
        self._perk: dict[str, list[str]] = {}
        for name, said in perks.items():
            for word in map(simplify, (name, *said)):
                self._perk.setdefault(word, []).append(name)
        self._perk_pattern = re.compile(_NOT_SO + _either(self._perk).pattern)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Find the kinds of work named in a simplified text; of two words in one place the longer holds."""
        for found in self._pattern.finditer(text):
            firm = found[0] in self._firm and not _PLACE_BEHIND.match(text, found.end())
            yield Mention(found.start(), found.end(), self._meant[found[0]], firm)

    def kind_of(self, title: str, about: str = "") -> str:
        """Return the kind that a post is of: its title tells, by its last word (物业保安 is a 保安); else what it says of itself."""
        plain = simplify(title)
        for text in (_BRACKETS.sub("", plain), plain, simplify(about)):
            found = list(self.mentions(text))
            firm = [mention for mention in found if mention.firm]
            if found:
                return (firm or found)[-1 if text in plain else 0].kind
        return OTHER

    def perks_in(self, text: str) -> tuple[str, ...]:
        """Return the perks that a text names, such as 包住; 不包住 names none."""
        found = self._perk_pattern.findall(simplify(text))
        return tuple(dict.fromkeys(name for word in found for name in self._perk[word]))

    def take_perks(self, said: Said) -> tuple[str, ...]:
        """Take the perks that somebody names, and return them."""
        perks = self.perks_in(said.open)
        said.take_all(self._perk_pattern)
        return perks


def _loosely(word: str) -> list[str]:
    """Return a word as it is said offhand: 看个大门 for 看大门."""
    return [f"{word[0]}{little}{word[1:]}" for little in "个点"] if word[0] in _DO else []


def _either(words: Iterable[str]) -> re.Pattern[str]:
    """Match any of the words, longest first; Latin ones only where they stand alone."""
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(_alone, longest_first)) or '(?!)'})")


def _alone(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)
