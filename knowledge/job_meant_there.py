"""Whether a place is named because somebody wants to work there: what they tell of themselves names places too, 从深圳回来."""

import re

from knowledge.job_places import Names
from knowledge.job_words import JobWords

UNIT = re.compile("[省市县区]?的?")
_KIN = (
    "(?:儿子|女儿|闺女|老婆|老公|媳妇|丈夫|妻子|爱人|对象|家人|家里人|亲戚|亲家|朋友|战友|同学|同事|老乡|邻居|孩子|小孩|孙子|外甥|侄子|"
    "女婿|公公|婆婆|老伴|当家的|爸爸|妈妈|父母|[我他她]?[哥弟姐妹爸妈])"
)
_WANTED_BEFORE = re.compile(
    r"(?<!不)(?:想要?|愿意?|肯|打算|准备|可以|(?:能不)?能|可不可以)再?(?:去|到|在|来|往|回|跑)$"
)
_SEEKS_BEHIND = re.compile(r"^[^,。;]{0,4}?(?:找|寻|求|谋|应聘)")
_REFUSED_BEFORE = re.compile(
    r"(?:除了?|(?<!要)不要?(?:想|愿意|愿|肯)?再?(?:去|到|在|回|跑)|别(?:去|到|在|给我找)?|勿(?:要)?(?:去|到)|没去)[^,。;]{0,4}$"
    r"|(?:(?<!要)不要|勿要|跑|[去到来]过|嫁到|不比|比|离开|不像|不如|不是|(?<!好)像|好比)$"
)
_REFUSED_BEHIND = re.compile(
    r"^[^,。;要找做干]{0,4}?(?:那边|镇上|那里)?的?(?:我|俺|就|咱|阿拉|都|也|是){0,3}(?:不想?要?去(?!别|外|其|远)|不要|不考虑|不愿意?去|不行|不成|不中|"
    r"勿去|除外|以外|之外|就?算了|莫去|别考虑|去不了|去过了|不方便|(?<!不)远(?!点)|消费|物价|房租|房价)"
)
_FROM_BEFORE = re.compile(
    rf"(?:从|毕业于|老家是?|籍贯是?|祖籍是?|身份证是?|户口[在是]?|户籍在?|出生在|听说|都说|据说|家在|家住|家是|住在?|人在|我在|俺在|(?:我|俺|咱|本人|{_KIN})(?:原来|本来|们)?(?:是|系))[^,。;找想去]{{0,3}}$"
    r"|(?:以前|之前|原来|原先|早先|前[几些两]年|过去|曾经|当年|年轻时|那时|小时候|去年|上个月|退伍前|当兵前)[^,。;找想去]{0,6}$"
)
_OF_BEFORE, _OF_BEHIND = re.compile("(?:我|俺|咱|本人)$"), re.compile(r"(?:那边)?(?:的|来的|过来的|人)?(?:[,。;]|$)")
_LIVES_BEFORE = re.compile(r"(?:住在?|家在|家是|人在|我在|俺在)$")
_KIN_BEFORE = re.compile(rf"(?<![跟和随])(?:{_KIN})们?(?:现在|一直|也|都)?(?:住|嫁|搬)?[在到去]$")
_ONCE_BEHIND = re.compile(
    r"^[^,。;找想]{0,8}?(?:(?<!满)[\d一二两三四五六七八九十几]+(?:多|来)?(?:年(?!薪|底|终|龄)|载)|[干做待呆住混打上跑当学去到][过了]|"
    r"当兵|退伍|退役|服役|读书|上学|念书|毕业|回来|过来|出来|退下来|转回来|回到|不下去|失业|下岗|被裁|厂?倒闭?了|辞|带孙|带娃|看病)"
    r"|^(?:那边|这边)?(?:人(?![事民力才])|籍|话|户口|牌照|牌|兵(?![站工])|(?:大学|学院|技校)|银行|菜|线[的,]?|(?:小吃|烤鸭|火锅|料理|风味)(?!店)|拉面|大众|装(?![修卸配])|"
    r"路|街(?!上)|大道|大桥|大厦|小区|老板|那样|一样|工资(?:[高低](?![的点些])|比))"
    rf"|^的?{_KIN}"
)
_HEADING_BACK = re.compile(r"^(?P<between>.*?)(?<!部队)(?:回来|回家|回乡|返乡|回老家|回本地|回县)")
_BREAK = re.compile(r"[,.;!?。\n…~]|(?=现在|如今|目前|想(?!法)|打算|准备|希望|要找|求|但是|但|可是|不过|所以)")
_LIGHT = re.compile(
    r"(?:我们?|俺|咱们?|阿拉|也|都|就|想|要|去|到|在|来|往|那边|那里|那儿|那块|这边|附近|周边|周围|一带|境内|范围内?|省|市区?|县城?|区|里|内|行|能|会|可以?|"
    r"最好|或者?|或是|还是|和|跟|同|与|还有|的|了|吧|呢|吗|么|成|中|好|额|啦|哦|嘛|考虑|优先|为主|愿意|打算|准备|希望|外地|出去|有|没有?|得|是|地点|地方|地区|两个?|三个?|这|些|城市|"
    r"随便|哪里|只|不限|无所谓|接受|不?远|、|\s|/|-|\+|:|\(|\)|工业园区?|开发区|新区|园区|高新区|经济|农村|乡下|一个)*"
)
_WORK = re.compile(
    r"找|活|工作|岗位|职位|招|厂|公司|上班|打工|做事|干|做|当|缺人|要人|应聘|班|薪|元|千|万|k|\d{4}|包吃|包住|工地|兼职|临时|长期|工"
)


def is_wished(text: str, start: int, end: int, names: Names, words: JobWords, *, far: bool) -> bool:
    """Tell whether a place is one to work at; of a place that is not the bureau's own something must say so."""
    before, behind = text[:start], UNIT.sub("", text[end:], count=1)
    if _REFUSED_BEHIND.match(behind) or _REFUSED_BEHIND.match(names.cities.sub("", behind)):
        return False
    if _WANTED_BEFORE.search(before):
        return True
    if _REFUSED_BEFORE.search(before) or (_KIN_BEFORE.search(before) and not _SEEKS_BEHIND.match(behind)):
        return False
    if not far:
        return not _is_told(before, behind, at_home=True)
    return not _is_told(before, behind) and not _is_left(behind, names) and _asks(text, start, end, names, words)


def _is_told(before: str, behind: str, *, at_home: bool = False) -> bool:
    """Tell whether somebody speaks of where they come from or have been; who lives here looks for work here."""
    if at_home and (behind.startswith("住") or _LIVES_BEFORE.search(before)):
        return False
    of_there = _OF_BEFORE.search(before) and _OF_BEHIND.match(behind)
    return bool(of_there or _FROM_BEFORE.search(before) or _ONCE_BEHIND.match(behind))


def _is_left(behind: str, names: Names) -> bool:
    """Tell whether they go home from there: 在苏州打工, 今年想回来."""
    back = _HEADING_BACK.match(behind)
    return back is not None and not names.cities.search(back["between"])


def _asks(text: str, start: int, end: int, names: Names, words: JobWords) -> bool:
    """Tell whether the words around it speak of work, or of nothing but the place."""
    around = _BREAK.split(text[:start])[-1] + "\0" + _BREAK.split(text[end:])[0]
    rest = names.towns.sub("\0", names.cities.sub("\0", around)).replace("\0", "")
    return bool(_LIGHT.fullmatch(rest) or _WORK.search(rest) or next(words.mentions(rest), None))
