"""Names of China's counties and county-level cities, for wishes such as 海安那边; the word list of jieba has them."""

import re
from functools import lru_cache

import jieba

_LISTED = re.compile(r"\n(\S{2,4})([县市]) (?:\d+) ns(?=\n)")
_COMMON = 150
"""How often a short name may be met before it is taken for a word: 延长 and 平安 are counties too."""
_COMMON_PLACE = 350
_WORDS = (
    "新民 富民 惠民 大厂 宝安 清流 水城 百强 大田 梨树 铜鼓 白水 海岛 上高 镇远 三台 石台 同仁 下关 民乐 集贤 大安 大通 "
    "新会 新建 新城 商城 太平 安宁 长寿 大城 故城 山口 河口 平原 江山 大都 中和 山形 盐井 乐安 天台 大方 离石"
)
"""Short names that are words, or sound like them, in wishes for work."""


@lru_cache(1)
def counties() -> tuple[frozenset[str], frozenset[str]]:
    """Return short names that are clear by themselves, and those that are clear only with 县 or 市 behind them."""
    with jieba.dt.get_dict_file() as file:
        listed = file.read().decode("utf-8")
    jieba.initialize()
    names = {found[1] for found in _LISTED.finditer(listed) if len(found[1]) > 1}
    places = set(re.findall(r"\n(\S{2,4}) \d+ ns(?=\n)", listed))
    clear = {name for name in names if _is_clear(name, in_places=name in places)}
    return frozenset(clear), frozenset(names - clear)


def _is_clear(name: str, *, in_places: bool) -> bool:
    often = jieba.dt.FREQ.get(name, 0)
    return name not in _WORDS.split() and often < (_COMMON_PLACE if in_places else _COMMON)
