"""Whether a place is named because somebody wants to work there: what they tell of themselves names places too, 从深圳回来."""

import re
from enum import Enum, auto

from knowledge.job_places import Names
from knowledge.job_words import JobWords

UNIT = re.compile("[省市县区]?(?:的(?!话))?")
_KIN = (
    "(?:儿子|女儿|闺女|老婆|老公|媳妇|丈夫|妻子|爱人|对象|男朋友|女朋友|未婚妻|未婚夫|家人|家里人|亲戚|亲家|朋友|战友|同学|同事|老乡|老家人|邻居|"
    "孩子|小孩|孙子|孙女|外甥女?|侄子|侄女|女婿|公公|婆婆|岳父|岳母|老丈人|丈母娘|老伴|当家的|那口子|爸爸|妈妈|爸妈|父母|父亲|母亲|嫂子|弟媳|"
    "弟弟|妹妹|哥哥|姐姐|姐夫|妹夫|舅舅|叔叔|姑姑|表哥|表弟|堂哥|堂弟|连长|班长|[我他她俺][哥弟姐妹爸妈]|全家|一家人?|人家|别人)"
)
_WISHES = (
    "(?<!不)(?<!不太)(?<!不大)(?<!不怎么)(?<!没)(?<!别)(?:想要?|愿意?|肯|打算|准备|希望|可以|(?:能不)?能|可不可以|要求)"
)
_WANTED_BEFORE = re.compile(
    rf"{_WISHES}(?:再|还|也|就|继续|一起|跟着|搬|调|换|转|考){{0,2}}(?:去|到|在|来|往|回|跑|留在?)$|有没有(?:能|可以|派|招)?(?:去|到)$|(?:你们|您|能|可以)[^,。;]{{0,3}}(?:介绍|推荐|安排|派)[^,。;]{{0,8}}(?:去|到)$"
)
_GIVEN_UP_BEFORE = re.compile(
    r"(?:本来|原本|原来|原先|原|以前|之前|当初|曾经|一度|差点|去年|前年)[也是就还都]?(?:想|要|打算|准备|计划|说好)[^,。;找]{0,3}$"
)
_SEEKS_BEHIND = re.compile(r"^[^,。;]{0,4}?(?:找|寻|求|谋|应聘|问|看看)")
_NO_GO = "(?:不想?要?去(?!别|外|其|远)|不要|不考虑|不愿意?去|(?<!实在)(?<!要是)(?<!真)不行|不成|不中|勿去|除外|以外|之外|就?算了|莫去|别考虑|去不了|去过了|不方便|(?<!不)远(?!点|也|都|无|些)|就不去|不去了)"
_REFUSED_BEFORE = re.compile(
    r"(?:除[了开去]?|排除|(?<!要)不(?:太|大|怎么|是很|敢)?要?(?:想|愿意|愿|肯|打算)?再?(?:去|到|在|回|跑|待在?|留在?)|别(?:再|让我|叫我)?(?:去|到|在|给我[找推发]?)|勿(?:要)?(?:去|到)|没去)[^,。;]{0,4}$"
    r"|(?:(?<!要)不要|勿要|跑|[去到来]过|不比|比|离开|不像|不如|不是|(?<!好)像|好比)$"
)
_REFUSED_BEHIND = re.compile(
    rf"^(?:[^,。;要找做干]{{0,4}}?|[^,。;要找做干想招有可行能也都]{{0,7}})(?:那边|镇上|那里)?的?(?:我|俺|就|咱|阿拉|都|也|是){{0,3}}(?:{_NO_GO}|消费|物价|房租|房价)"
    r"|^(?:那边)?的?(?:工资|活|工作|岗位|厂)?(?:都|也|真|实在|太|又|是){0,2}(?:不好找|难找|(?:太|实在)[低少]|没什么活|没啥活|没活|不景气)"
    r"|^(?:那边|镇上|那里)?(?:要?坐车|要?转车|不方便)?,?(?:实在|离家)?(?:太|有点|嫌|路)远(?!点|也|都|无)"
)
_STOPPED_BEHIND = re.compile(
    r"^[^,。;]{0,4},?(?:但是?|可是?|不过|后来|结果|又)?[^,。;]{0,8}(?:不同意|不让|不肯|不放心|没去成|走不开|离不开|去不成|反对)"
    r"|^[^。;]{0,8}(?:今年|现在|眼下|目前|暂时)先"
)
_ONLY_BEHIND = re.compile(r"^(?:以外|之外)的?(?:地方|城市)?(?:我|就|都|一概|一律){0,2}(?:不|别|免)")
_PAST_TIME = (
    "(?:以前|之前|原来|原先|早先|从前|先前|前[几些两]?年|大前年|去年|过去|曾经|当年|那年|早年|早些年|早几年|头几年|这几年|这些年|十几年|"
    "年轻时|那时|小时候|上半年|年初|上个月|上一[个份]|退伍前|当兵前|一直|向来|已经)"
)
_FROM_BEFORE = re.compile(
    rf"(?:从|由|毕业于|老家是?|籍贯是?|祖籍是?|身份证是?|户口[在是]?|户籍在?|出生在|生在|长在|听说|(?:听[^,。;]{{1,3}}|有人|人家|别人|他们|都)[说讲]|据说|家在|家住|家是|"
    rf"住在?|人在|我在|俺在|(?:我|俺|咱|本人|{_KIN})(?:原来|本来|们)?(?:是|系)|叫|姓|嫁到?|搬到?|搬去|迁到?|迁去|派到?|派我去|派去|调到|分到|考到|考上|寄到|发到|属于)[^,。;找想去]{{0,3}}$"
    rf"|{_PAST_TIME}[^,。;找想去]{{0,6}}$|(?:不晓得|不知道|不确定|没想好|纠结|犹豫)[^,。;]{{0,10}}$"
    r"|(?:当兵|参军|服役|入伍|读书|上学|念书|念大学|上大学|毕业|打工|上班)的?(?:时候|时|那会儿?|地方|单位)?(?:是|就|都|一直)?[在去于]$"
)
_OF_BEFORE, _OF_BEHIND = re.compile("(?:我|俺|咱|本人)$"), re.compile(r"(?:那边)?(?:的|来的|过来的|人)?(?:[,。;]|$)")
_LIVES_BEFORE = re.compile(r"(?:住在?|家在|家是|人在|我在|俺在)$")
_KIN_BEFORE = re.compile(
    rf"(?<![跟和随陪])(?<![帮给替])(?<![帮给替]我)(?:{_KIN})们?(?:(?!想|找|要|打算)[^,。;跟陪]){{0,4}}(?:住|嫁|搬|考|分|调|派)?[在到去回]了?$"
)
_ORG = (
    "大学|学院|技校|职校|职高|职大|理工|师范|交大|工大|医科|财经|农大|一中|中学|小学|军区|战区|军分区|舰队|舰|部队|武警|空军|海军|陆军|支队|总队|某部|"
    "医院|物业|银行|保险|集团|航空(?![港路城])|石化|移动|电信|大众|大酒店|宾馆|广场|花园|新村|家园|公园|公寓|大道|大桥|大厦|小区|[东西南北中]?[一二三四]?(?:路(?!边)|街(?!上|边))|巷|陵"
)
_FOOD = "菜(?!市|场|鸟)|小面|面馆|拉面|米粉|米线|凉皮|包子|汤包|烧饼|啤酒|白药|茶叶|板鸭|烤鸭|鸭脖|扒鸡|烧鸡|火锅|小吃|料理|风味|肠粉|热干面|牛肉|羊肉|烧烤|特产|榨菜|麻辣|口味|羊汤"
_NEWS_BEHIND = re.compile(
    r"^(?:(?!找|想|求|就行|就好|就可以|就够|就成|都行|也行|可以|最好|够了|为了|除了)[^,。;]){1,10}?(?<![行好够成为除])(?:了(?![解吗没])|(?<![不超通经难])过(?![年完来去万千\d]))"
)
_ONCE_BEHIND = re.compile(
    r"^[^,。;找想]{0,8}?(?:(?<!满)[\d一二两三四五六七八九十几]+(?:多|来)?(?:年(?!薪|底|终|龄)|载)|[干做待呆住混打上跑当学去到][过了]|"
    r"当兵|当的兵|退伍|退役|服役|读书|上学|念书|毕业|回来|过来|出来|退下来|转回来|回到|不下去|失业|下岗|被裁|裁员|厂?倒闭?了|辞|带孙|带娃|看病|陪读)"
    rf"|^(?:那边|这边)?(?:人(?![事民力才])|籍|(?<!的)话|户口|牌照|牌|房子?|社保|医保|驾照|兵(?![站工])|线[的,]?|装(?![修卸配])|"
    rf"老板|来的|开的|那样|一样|差不多的|工资(?:[高低](?![的点些])|比))"
    rf"|^的?{_KIN}"
)
_NAMED_AFTER = re.compile(rf"^(?:{_ORG}|{_FOOD})")
_ROUTE_BEHIND = re.compile(
    r"^(?:(?:到|至|往)[^,。;找想]{2,4})?的?(?:这条)?(?:线(?!上)|专线|班车|大巴|客车|长途|路线|车费|车票)|^(?:到|至|往)[^,。;找想]{2,4}的?(?:货|车|路)"
)
_ROUTE_BEFORE = re.compile(r"(?:跑|送货?到?|拉货到|运到|发往|开往|往返)$")
_NAME_AND_TO = 12
_LANDED_BEFORE = re.compile(
    r"(?:^|[,。;])(?:我们?|现在|已经|刚刚?|最近|一家人?){0,3}(?:搬[到来]|刚[到来]|来到|到了|定居在?)$"
)
_LANDED_BEHIND = re.compile(r"^了?[,。;](?!.*回)")
_HOLDS_A_JOB = re.compile(r"^(?:那边)?(?:上班|打工|务工|干活|做事|做工|工作)[^,。;想找]{0,3},.*(?:想|换|回)")
_HEADING_BACK = re.compile(r"^(?P<between>.*?)(?<!部队)(?:回来|回家|回乡|返乡|回老家|回本地|回县|在家里|家门口)")
_BREAK = re.compile(r"[,.;!?。\n…~]|(?=现在|如今|目前|想(?!法)|打算|准备|希望|要找|求|但是|但|可是|不过|所以)")
_LIGHT = re.compile(
    r"(?:我们?|俺|咱们?|阿拉|也|都|就|想|要|去|到|在|来|往|那边|那里|那儿|那块|这边|附近|周边|周围|一带|境内|范围内?|省|市区?|县城?|区|里|内|行|能|会|可以?|"
    r"最好|或者?|或是|还是|和|跟|同|与|还有|的话|的|了|吧|呢|吗|么|成|中|好|额|啦|哦|嘛|考虑|优先|为主|愿意|打算|准备|希望|外地|出去|有|没有?|得|是|不?一定|非要|实在不行|再不行|不然|要不|地点|地方|地区|两个?|三个?|这|些|城市|"
    r"随便|哪里|哪儿|哪个?|只|不限|无所谓|接受|投|不?远|、|\s|/|-|\+|:|\(|\)|工业园区?|开发区|新区|园区|高新区|经济|农村|乡下|一个|[\u4e00-\u9fff]{1,3}(?:镇|乡|街道|港|村|园区))*"
)
_WORK = re.compile(
    r"找|活|工作|岗位|职位|招|厂|公司|上班|打工|做事|干|做|当|缺人|要人|应聘|班|薪|元|千|万|k|\d{4}|包吃|包住|工地|兼职|临时|长期|工"
)


class Role(Enum):
    """Why a place is named."""

    WISHED = auto()
    LIKELY = auto()
    """Nothing says so outright, but the words beside it speak of work."""
    REFUSED = auto()
    TOLD = auto()
    """Told of oneself or others, or not certain: nothing is guessed from it."""


def role(text: str, start: int, end: int, names: Names, words: JobWords, *, far: bool) -> Role:
    """Tell why a place is named; of a place that is not the bureau's own something must say that work is wanted there."""
    before, behind = text[:start], UNIT.sub("", text[end:], count=1)
    if _ONLY_BEHIND.match(behind):
        return Role.WISHED
    if _REFUSED_BEHIND.match(behind) or _REFUSED_BEHIND.match(names.cities.sub("", behind)):
        return Role.REFUSED
    told = bool(_GIVEN_UP_BEFORE.search(before) or _STOPPED_BEHIND.match(behind))
    if not told and _WANTED_BEFORE.search(before):
        return Role.WISHED
    if _REFUSED_BEFORE.search(before):
        return Role.REFUSED
    told = told or bool(_KIN_BEFORE.search(before) and not _SEEKS_BEHIND.match(behind))
    wished = _is_wished_far(text, start, end, names, words) if far else _is_wished_here(before, behind)
    return Role.LIKELY if wished and not told else Role.TOLD


def _is_wished_here(before: str, behind: str) -> bool:
    """Tell whether the bureau's own place is wished; who lives here looks for work here."""
    lives = behind.startswith("住") or _LIVES_BEFORE.search(before)
    return bool(lives) or not _is_told(before, behind)


def _is_wished_far(text: str, start: int, end: int, names: Names, words: JobWords) -> bool:
    before, behind = text[:start], UNIT.sub("", text[end:], count=1)
    if _LANDED_BEFORE.search(before) and _LANDED_BEHIND.match(behind):
        return True
    if _is_told(before, behind) or _is_left(behind, names):
        return False
    if _runs_there(names, before, behind) or _HOLDS_A_JOB.match(behind):
        return False
    if _NEWS_BEHIND.match(behind) or _NAMED_AFTER.match(text[end:]):
        return False
    return _asks(text, start, end, names, words)


def _is_told(before: str, behind: str) -> bool:
    """Tell whether somebody speaks of where they come from or have been."""
    of_there = _OF_BEFORE.search(before) and _OF_BEHIND.match(behind)
    return bool(of_there or _FROM_BEFORE.search(before) or _ONCE_BEHIND.match(behind))


def _is_left(behind: str, names: Names) -> bool:
    """Tell whether they go home from there: 在苏州打工, 今年想回来."""
    back = _HEADING_BACK.match(behind)
    return back is not None and not names.cities.search(back["between"])


def _runs_there(names: Names, before: str, behind: str) -> bool:
    """Tell whether it is only where a route leads: 南通到上海的长途司机."""
    before = before[-_NAME_AND_TO:]
    from_there = before.endswith(("到", "至")) and any(
        found.end() == len(before) - 1 for found in names.cities.finditer(before)
    )
    return bool(from_there or _ROUTE_BEFORE.search(before) or _ROUTE_BEHIND.match(behind))


def _asks(text: str, start: int, end: int, names: Names, words: JobWords) -> bool:
    """Tell whether the words around it speak of work, or of nothing but the place."""
    around = _BREAK.split(text[:start])[-1] + "\0" + _BREAK.split(text[end:])[0]
    rest = names.towns.sub("\0", names.cities.sub("\0", around)).replace("\0", "")
    return bool(_LIGHT.fullmatch(rest) or _WORK.search(rest) or next(words.mentions(rest), None))
