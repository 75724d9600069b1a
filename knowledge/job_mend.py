"""Repair wishes for work that were dictated or typed in pinyin: 找保按 is 找保安, zhao baoan too."""

import re
from functools import lru_cache

import jieba

from knowledge.cutting import cut
from knowledge.job_words import JobWords
from knowledge.sound import spelled, syllables
from knowledge.speller import Speller

_HAN = re.compile("[\u4e00-\u9fff]{2,}")
_LETTERS = re.compile(r"[a-z][a-z' ]*[a-z]")
_FORMAL = str.maketrans("仟佰", "千百")
_GRAMMAR = re.compile("[啥的了我你他她俺有在找是不个想要去来到这那哪吗呢吧和或跟也都就招点活份些]")
"""Characters that join words; what holds one is no mistaken word: 啥厂 is not 纱厂."""
_PHRASES = (
    "夜班", "白班", "倒班", "以上", "以下", "左右", "工资", "月薪", "工作", "上班", "岗位", "兼职", "全职", "包吃", "包住", "包吃包住",
    "包吃住", "双休", "五险", "社保", "不上夜班", "找工作", "附近", "有没有", "招聘", "招工", "招人", "一个月",
)  # fmt: skip
_ASKED = (
    "我想找保安工作",
    "找工作",
    "有没有司机的活",
    "不上夜班",
    "工资五千以上",
    "包吃包住",
    "我要找工作",
    "招聘",
    "哪里招人",
)
_MISTAKEN = ("宝安", "报案", "一上", "已上")
"""Words that here are nearly always another of the same sound, unless somebody goes there."""
_PLACE_BEFORE = ("去", "在", "到", "来", "圳")


def mend(text: str, words: JobWords) -> str:
    """Return a simplified text with mistaken words put right; what is written in characters keeps its length."""
    known, speller = _vocabulary(words)
    text = _LETTERS.sub(lambda run: _spell(run[0], speller), text.translate(_FORMAL))
    jieba.initialize()
    edges = _edges(text)
    for start in edges:
        for length in (5, 4, 3, 2):
            span = text[start : start + length]
            if start + length in edges and _is_odd(span, text[:start]) and (word := known.get(syllables(span))):
                text = text[:start] + word + text[start + length :]
                break
    return text


def _spell(letters: str, speller: Speller) -> str:
    """Write pinyin in characters; what is none, such as java, stays."""
    sounds = spelled(letters)
    if whole := sounds and speller.spell(sounds):
        return whole
    return " ".join(_spell(part, speller) for part in letters.split()) if " " in letters else letters


@lru_cache(4)
def _vocabulary(words: JobWords) -> tuple[dict[tuple[str, ...], str], Speller]:
    spoken = [word for kind in words.kinds.values() for word in (*kind.where, *kind.words, kind.name)]
    perks = [word for name, said in words.perks.items() for word in (name, *said)]
    han = [word for word in (*perks, *spoken, *_PHRASES) if _HAN.fullmatch(word)]
    return {syllables(word): word for word in han}, Speller([*_ASKED, *han])


def _edges(text: str) -> list[int]:
    edges = [0]
    for word in cut(text):
        start = text.index(word, edges[-1])
        edges += [start, start + len(word)]
    return sorted(set(edges))


def _is_odd(span: str, before: str) -> bool:
    """Tell whether characters make no usual word, and no place that somebody goes to."""
    if span in _MISTAKEN:
        return not before.endswith(_PLACE_BEFORE)
    return bool(_HAN.fullmatch(span)) and not _GRAMMAR.search(span) and not jieba.dt.FREQ.get(span)
