"""What is left of a wish when its criteria are taken: words that only ask, and words that were not understood."""

import re
from functools import lru_cache

from knowledge.job_said import Said
from knowledge.job_words import JobWords

_LATER = re.compile(
    r"(?:如果|要是|一旦|以后|今后|将来|啥时候|什么时候|等|只要|一)?(?:有|来|出|招)?(?:了|新的|新岗位|合适的|合适|消息|好的)*(?:的话|话)?(?:,)?(?:就|再|请|麻烦|记得|马上|第一时间|及时|都|能不能|可以|帮忙|帮我|给我)*"
    r"(?:告诉|通知|喊|叫|提醒|招呼|知会|联系|发给|推给|推送给|推送|发消息给|吱一?声|说一?声|言语一声|讲一声|告知|告诉下|微信)(?:一?下|一?声)?(?:我|俺|咱|一声|一下)+(?:一?下|一?声)?"
    r"|(?:帮我|给我|替我|帮忙)?(?:订阅|订一个|留意|关注|盯着|留心|留着|记着|登记|看着点|多留意|上上心)(?:一?下|着|点|一?个|提醒|岗位)*"
    r"|(?:每天|每周[一二三四五六日天]?|天天|每星期|定期|按时)(?:给我|都|帮我)?(?:发|推|推送|报|说|告诉)[^,。;]{0,6}|(?:有了|来了)(?:给个|捎个|来个)?(?:信儿?|话)|推送(?:给我)?|岗位提醒|告诉我(?:一?声|一?下)?|通知我(?:一?声|一?下)?|(?:说|吱|言语|讲|招呼)一?声"
)
_LEADING = re.compile(
    r"^(?:那边|那里|这边|我想要?|俺想|我要|我是|我的|我|俺|咱|想|给|帮|替|有没有|有冇|有没得|有啥|有什么|找一?[个份]?|换一?[个份]?|来[个份]|最好是?|最好|要是|要|的话|的|了|就是|就|还有|还|也|都|现在|在|去|到|做(?!一)|干|能|会|那种|得|啊|呢|吧|嘛|和|跟|或者?|是|以外|之外)+"
)
_TRAILING = re.compile(
    r"(?:那种|这种|有吗|有没有|有么|有人吗|招吗|招不|招工吗|招人吗|招工不|招人不|招人|招工|要人|要不要|要不|也行|都行|就行|也可以|都可以|就可以|可以|也成|都成|即可|的话|工作|岗位|的活儿?|的|了|吧|呢|吗|么|啊|哈|哦|呀|不|个|找)+$"
)
_NOTHING = re.compile(
    r"(?:除了?|会|学过|当过|干过|做过|学的|当兵前|干够了|倒了|低了|之?以外|位|女的?|男的?|最少|我爸|我妈|以前|之前|现在|原来|已经|开|种|场|地方|这|那|比较|一?点|年|干|前|后|里|证|之间|离|近|近点|住在|阿姨|老板|有老板|值班|招不招|有新|以后有|一次|每天|交|用|家里|弟弟想|弟弟|妹妹|爱人)*"
)


def subscribes(said: Said) -> bool:
    """Take words that ask to be told later, and tell whether there were any."""
    return said.take_all(_LATER)


def unparsed(said: Said, words: JobWords) -> tuple[str, ...]:
    """Return the pieces that mean nothing to us, without the words that only ask."""
    only_asks = _only_asks(words.asking)
    return tuple(dict.fromkeys(core for piece in said.pieces() if (core := _core(piece, only_asks))))


@lru_cache(4)
def _only_asks(asking: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(map(re.escape, sorted(asking, key=len, reverse=True))) or '(?!)'})*")


def _core(piece: str, only_asks: re.Pattern[str]) -> str:
    """Return a piece without asking words at its ends; empty when it has no others."""
    if only_asks.fullmatch(piece):
        return ""
    short = _TRAILING.sub("", _LEADING.sub("", piece))
    return "" if _NOTHING.fullmatch(short) or only_asks.fullmatch(short) else short
