"""What stands around the heart of a short message about a visit: greetings, who speaks, roads, reasons and thanks."""

import re

from knowledge.day_said import without_days
from knowledge.normalise import simplify

_SIGNS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)|[啊呀哦噢哎唉诶呃哟呦唷嗯]")
_ENDED = str.maketrans("啦嘞咯喽勒", "了" * 5)
LONGEST = 40
"""Characters: whoever writes more has more to say than the forms here know of."""
DAY = "\0"
"""Stands for all the characters that name a day."""

_D = "一二两三四五六七八九"
N = rf"(?:\d{{1,3}}|[{_D}]?十[{_D}]?|[{_D}])"
CLOCK = rf"(?:上午|下午|早上|中午|晌午)?(?:{N}[点时](?:半|[一三]刻|{N}分?|零五分?)?钟?|\d{{1,2}}[:.]\d\d)"
PLACE = "(?:你们|您|你|咱们?)?(?:那里?|那边|那儿|这里?|这边|这儿)?(?:的)?(?:服务站|服务中心|站里|站上|站|窗口|大厅|门口|楼下|院里)"
STAFF = "(?:服务站|站里|站上|窗口|那边|工作人员|他们|你们|办事的)(?:的?(?:同志|人))?"

CALLS = (
    "你好|您好|喂|同志|师傅|老师|领导|大姐|不好意思|对不起|抱歉|麻烦[您你]?|请[您你]?|那个|就是|"
    f"(?:帮我?)?[跟和给][您你]们?(?:说|讲|汇报)(?:一[声下]|个事)|(?:帮我?)?(?:跟|告诉|转告|通知)(?:一下)?{STAFF}(?:说)?(?:一[声下])?|"
    "(?:我)?想?问(?:一?下)?|因为|由于|所以|但是|结果|算了|帮我"
)
WHO = "(?:我|俺)家?(?:爸爸?|妈妈?|父亲|母亲|爷爷|奶奶|老伴|爱人|岳父|公公|婆婆|老头|老人)|我们?|俺们?|咱们?|老[爷头]子|老伴|他|她|这边|人"
TODAY = "今天|今儿|今早|这会儿?|现在|一会儿?|待会儿?|等会儿?|上午|下午|早上|中午"
ROAD = "(?:还|正)?在?(?:半?路上|高速上?|城里|县城|镇上|桥上|车上|家里?|来的路上)"
MODAL = "能不能|可不可以|可以|是不是|如果|要是|万一|假如|可能|也许|估计|大概|大约|恐怕|怕是|怕|应该|差不多|八成|肯定|稍微?|有点儿?|会|要|得|就|还|又|也|都|马上|只好|实在|真的?|想|能"
JAM = (
    "(?:路上|前面|前头|高速上?|桥上|城里|街上)?(?:有点儿?|很|太|特别|正|又|都|一直|一路|遇[上到]|碰[上到])*"
    "(?:堵(?:得|[车着住死了在])(?:[车着住死了在]|厉害|很|死|慢|半天|动不了|路上|高速上?|桥上|城里|了)*|[赌睹肚]车了?|塞车了?|路堵了?)|"
    "车子?(?:在?路上|半路上?)?(?:坏|抛锚|爆胎|没油|晚点|误点|没来|还没来)了?|没有?(?:赶|搭|坐)上(?:公交|班|客|那班|头班)?车|"
    "没有?(?:赶|搭|坐)上公交|错过了?(?:公交|班|客)?车|(?:公交|班车|客车|大巴|火车|高铁)车?(?:晚点|误点|还没来|没来|来晚|坏)了?|等(?:公交|班|客)?车"
)
WHY = (
    "下[大着]?[雨雪]了?|[雨雪](?:太|很)?大|起晚了?|睡过头?了?|出门晚了?|出来晚了?|走错(?:路|地方|站)了?|迷路了?|"
    "找不[到着](?:路|地方|停车位|车位)|(?:正?在?找)?停车位?|不好停车|(?:家里|单位|临时|突然|孩子|老人|这边)*(?:有|出)了?点?急?事(?:情|儿)?|"
    "耽[误搁]了?(?:一下)?|[送接](?:孩子|孙子|娃)|腿脚不[好便]|走得?慢|刚出门|刚下车|还没到|身体不(?:太)?(?:舒服|好)|感冒了?|生病了?|住院了?|忙不过来|走不开"
)
THANKS = (
    "谢谢[您你了]?|多谢|辛苦了?|麻烦[您你]?了?(?:转告一?下|说一声)?|不好意思|对不起|抱歉|请?谅解|见谅|知道了|"
    f"(?:请|帮我|麻烦)*(?:跟|告诉|转告|通知)(?:一下)?[您你]?(?:{STAFF})?(?:说)?(?:一[声下])?|说一[声下]|等(?:等|一下|会儿?)?(?:我)?(?:一?下|会儿?)?"
)
ASKED = (
    "(?:还)?(?:行|可以|能|成|中|好|要紧|有事|有关系|碍事|有影响)[不没]?(?:行|可以|成|中|要紧|碍事)?(?:[吗么不没吧]|的)*|可不可以|能不能|"
    "(?:没|有没有)(?:关系|影响|事|问题)[吧吗]?|不要紧[吧吗]|还能[办取进去](?:号|理)?[吗不么]?|(?:怎么|咋)[办整弄]|"
    "(?:我的?)?(?:预约|号)(?:会|还)?(?:不会)?(?:过号?|作废|取消|没了?|在|有效?|有用|算数?|保?留着?)(?:[吗么不没吧了])*|[吗么不没吧呢]"
)


def said(text: str) -> str:
    """Return half-width, simplified words without the signs and sighs between them; "" for a text too long to be one of ours."""
    words = _SIGNS.sub("", simplify(text)).translate(_ENDED)
    return words if len(words) <= LONGEST else ""


def without_day(words: str) -> str:
    """Return the words with one DAY for whatever names a day."""
    return re.sub(f"{DAY}+", DAY, without_days(words))


def form(heart: str, before: str, after: str) -> re.Pattern[str]:
    """Return the pattern of a whole message: the heart of it, with so much of the rest before and behind.

    The rest is atomic, a piece at a time: nothing that anybody can write makes it slow.
    """
    return re.compile(f"{some(before)}(?:{heart}){some(after)}")


def some(pieces: str) -> str:
    """Return the pattern of any number of pieces, the first that fits taken each time."""
    return f"(?:(?>{pieces}))*"
