"""Which of several things a text names; where two fit as well, both are returned, for nothing is guessed between them."""

from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz

from knowledge.sound import blurred

Called = Mapping[int, Sequence[str]]
"""How each thing may be called, by its id."""

_SOUNDS, _LOOKS = 3, 3
"""Characters of a name from which its sound, or its looks, say enough."""
_LIKE = 66
"""From what likeness, of 100, a name may have been meant."""
_AS_LIKE = 8
"""So much less alike is still as likely."""


def contained(text: str, called: Called) -> tuple[int, ...]:
    """Return what is named in full; a name within a longer one that was said does not count: 南街 in 南街村."""
    found = [(n, name) for n, names in called.items() for name in names if name and name in text]
    covering = {name for _, name in found}
    return _once(n for n, name in found if _stands_alone(text, name, covering))


def _stands_alone(text: str, name: str, covering: Iterable[str]) -> bool:
    for longer in covering:
        if len(longer) > len(name) and name in longer:
            text = text.replace(longer, "\0" * len(longer))
    return name in text


def sounding(text: str, called: Called) -> tuple[int, ...]:
    """Return what a text names by its sound, with one character right at least: 优代证 is 优待证."""
    return _once(n for n, names in called.items() for name in names if len(name) >= _SOUNDS and _heard(name, text))


def _heard(name: str, text: str) -> bool:
    parts = (text[at : at + len(name)] for at in range(len(text) - len(name) + 1))
    return any(_sounds_like(part, name) for part in parts)


def ending(text: str, called: Called, least: int) -> tuple[int, ...]:
    """Return what a text ends with by its sound, of names of at least so many characters: 去南节 is 南街."""
    return _once(
        n
        for n, names in called.items()
        for name in names
        if least <= len(name) <= len(text) and _sounds_like(text[-len(name) :], name)
    )


def _sounds_like(part: str, name: str) -> bool:
    return not set(part).isdisjoint(name) and blurred(part) == blurred(name)


def shared(text: str, called: Called, common: str, least: int) -> tuple[int, ...]:
    """Return what shares the most pairs of characters with a text, at least so many; those of `common` say nothing."""
    said = _pairs(text) - _pairs(common)
    scores = {n: max((len(_pairs(name) & said) for name in names), default=0) for n, names in called.items()}
    most = max(scores.values(), default=0)
    return tuple(n for n, score in scores.items() if score == most >= least)


def telling(called: Called, common: str) -> Called:
    """Return only the names that are more than `common` words: 咨询 alone is no name for 政策咨询."""
    return {n: [name for name in names if _pairs(name) - _pairs(common)] for n, names in called.items()}


def alike(text: str, called: Called) -> tuple[int, ...]:
    """Return what a text may mean by its looks, the likeliest first; even one alone is only likely."""
    if len(text) < _LOOKS:
        return ()
    scores = {
        n: max((fuzz.partial_ratio(name, text) for name in names if len(name) >= _LOOKS), default=0.0)
        for n, names in called.items()
    }
    most = max(scores.values(), default=0.0)
    near = [n for n, score in scores.items() if score >= max(_LIKE, most - _AS_LIKE)]
    return tuple(sorted(near, key=lambda n: -scores[n]))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _once(found: Iterable[int]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(found))
