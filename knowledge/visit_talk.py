"""Hear what people say around a visit that is booked: they are there, several come, it is off, or what was it again; pure."""

import re
from dataclasses import dataclass
from typing import Literal

from knowledge.visit_forms import (
    ASKED,
    CALLS,
    CLOCK,
    DAY,
    JAM,
    MODAL,
    PLACE,
    ROAD,
    THANKS,
    TODAY,
    WHO,
    WHY,
    form,
    said,
    some,
    without_day,
)
from knowledge.visit_late import Late, read_late

Kind = Literal["late", "here", "several", "choose", "done", "mine", "again", "drop", "move"]
"""Will be late; is there; more than one come; wants one of the staff; is it booked; what is booked; the same, but only
just after one's own booking was shown; cancel; move."""

_SURNAME = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
_TITLE = "大?姐|大?哥|科长|主任|站长|股长|师傅|老师|同志|阿姨|妹子|姑娘"
_NAMED = (
    f"(?:小|老|大|阿)[{_SURNAME}]|[{_SURNAME}][\\u4e00-\\u9fff]{{0,2}}?(?:{_TITLE})|"
    f"(?:那个|那位|那)?(?:大姐|大哥|大妈|女的|男的|小伙子?|小姑娘|姑娘|[男女]?同志|戴眼镜的)"
)
_SOMEONE = "(?:一?[个位]|哪[个位])?(?:工作人员|办事员|经办人|[男女]同志|[男女]的|人|窗口|谁)"
_LAST = "(?:上次|上回|以前|之前|昨天|前天|上周)(?:给我办的?|接待我?的?|帮我办的?)?(?:那个|那位)?的?"
_PICK = "(?:指定|指名|点名|挑选?|选|换|还?找|要|约|让|叫|请|就要)"
_SERVE = "(?:接着|继续|再)?(?:来|给我们?|帮我们?|替我们?|为我)*(?:办理?|办事|接待|服务|弄|处理)(?:一下)?"
_CHOOSE = (
    f"{_PICK}(?:{_LAST})(?:{_NAMED}|{_SOMEONE}|人)(?:{_SERVE})?|{_PICK}(?:{_NAMED}|{_SOMEONE}){_SERVE}|"
    f"(?:指定|指名|点名|挑|选|换){_SOMEONE}|(?:指定|指名|点名|约)(?:{_NAMED})|{_LAST}(?:{_NAMED})(?:还)?(?:在不在|在吗|上班吗|{_SERVE})"
)

_COUNT = "[两俩二三四五六七八九几多2-9]"
_GROUP = (
    rf"{_COUNT}(?:个|位|口子?)?(?:老?战友|家人|老人|人|老伙计)|{_COUNT}个|我?们?{_COUNT}口子?|老两口|夫妻俩?|两口子|一家(?:人|三口|子)|全家|"
    "(?:和|跟|同|带着?|还有)(?:我|俺)?(?:家|的)?(?:爸爸?|妈妈?|父亲|母亲|老伴|爱人|媳妇|老公|老婆|战友|邻居|爷爷|奶奶|公公|婆婆|老头|"
    "儿子|女儿|家人|老人|朋友|一?个?人|他|她)|俩"
)
_TOGETHER = "(?:都|想|要|能不能|可不可以|可以|能|再|也|一起|一块儿?|一同|同时|合着|一道|一次|一趟|多|陪着?)*"
_DO = "(?:来|去|过来|过去|约|办|预约|来办|去办|用|带|进)(?:事|一?[个拨批]号|一?拨|一次|一下|服务站|站里|了)?"
_SEVERAL = (
    rf"(?:{_GROUP}){_TOGETHER}{_DO}|(?:一次|一个号|一趟|一回|能|可以|一个人)*(?:能|可以|能不能|可不可以)*(?:多)?(?:约|带|办|给)(?:{_GROUP})的?(?:号|一起)?|"
    rf"(?:帮|给|替)(?:我们)?(?:{_GROUP}){_TOGETHER}{_DO}|多约(?:{_COUNT}|一)个(?:人|号)?|约{_COUNT}个(?:人|号)"
)

_ARRIVED = "(?:到|来|在|走到|赶到|来到)"
_HERE = (
    f"{_ARRIVED}了?(?:{PLACE})(?:里|门口|外面|这里)?了?|(?:到|来|赶到)了|(?:到|来)(?:你们|你|您)(?:这里?|那里?|这儿|那儿|这边|那边)了|"
    "(?:来|想|要|我要|怎么|在哪儿?|哪里|去哪儿?|上哪儿?|帮我|给我|可以)*取[号耗好](?:了|吧|怎么取)?"
)
_THERE = (
    "找谁|然后呢|接下来呢|(?:该|要)?(?:去|到|在)?(?:哪儿?|哪里|几号窗口|哪个窗口|哪个房间|几楼)(?:办|去|取号|排队)?|(?:没看?[见到]|没有|没)人(?:理)?|门关着|门没开|"
    "(?:来|要|给我|帮我|怎么|在哪儿?)*取个?[号耗](?:了|吗)?|(?:要|该)?(?:怎么|咋)[办弄取进]号?|要排队吗|还要取号吗"
)

_CODE = "(?:我?的?|那个|给我的)*(?:[预维玉]约(?:的)?[码号]|预约马|约的号|那串数字|那个码)"
_WHAT = "几点|几号|啥时候|什么时候|哪[一]?天|什么日子|星期几|礼拜几|周几|哪个(?:服务站|站|窗口)|哪里|哪儿|哪|上午还是下午|什么事|啥事|什么|啥|什么时间"
_FORGOT = "来着|的号|的|去|来|了|忘了|忘记了|记不[清住得]了?|想不起来了?|不记得了|看不[到清]了?|找不[到着]了?|没记[住下]?|没收到|没存|丢了|删了"
_MINE = (
    rf"{_CODE}(?:是|呢|在)*(?:多少|几|什么|啥|哪儿?|哪里|{_FORGOT}|再?(?:发|说|给我)(?:我|一遍|一次|一下|看看)*|[吗呢])*|"
    rf"(?:预?约|预定|定|订|挂)(?:的|了|好的|好了)(?:是|在|的)*(?:{_WHAT})(?:{_FORGOT})*|(?:是|排|排在)(?:几点|哪天|几号|星期几)(?:{_FORGOT})*|"
    rf"(?:查|看|问)(?:一?下|看)?(?:我)?(?:预?约)(?:的|了)?(?:{_WHAT}|时间|号|情况)?|(?:预?约)的(?:时间|日子|地方|地址|站|窗口)(?:是|在)*(?:{_WHAT}|多少|{_FORGOT})*"
)
_AGAIN = (
    "(?:到|去|上|在)?(?:哪儿?|哪里|什么地方|啥地方|哪个(?:服务站|站|窗口|地方))(?:去)?(?:办理?|取号)?(?:来着)?|"
    "地址(?:在|是)?(?:哪儿?|哪里|什么|啥|多少|呢|发(?:给)?我(?:一下)?)?|(?:怎么|咋)(?:走|去|坐车|过去)|几点(?:去|来|到|过去|的号|的|来着)?|"
    "(?:什么时候|啥时候|哪天|几号)(?:去|来|到|过去|来着)|(?:还?要|该|得|用|需要)?带(?:些|点)?(?:什么|啥|哪些)(?:东西|材料|证件|去|来着)*|"
    "(?:联系)?电话(?:是)?(?:多少|呢)?"
)
_DONE = "(?:这个?|这样|这就|就|算|是不是|到底)*(?:预?约|挂|定|订)(?:号)?(?:时间)?(?:完|好|上|成功|成|到|着)了?(?:吗|么|没有?|不|是吧|是不是|吧)"

_THESE = f"{DAY}|{CLOCK}|上午|下午|早上|中午|的|我|那个|那天|这个|那场|那次|约好?的?|预约|时间|号|办事|去|好|了"
_THAT = some(_THESE)
_OFF = "(?:不去了|去不[了成]了?|不来了|来不[了成]了?|没法[去来]了?|不能[去来]了|过不[去来]了|不方便[去来]了?|没空[去来]了?|没时间[去来]了?|不想[去来]了)"
_CANCEL = "(?:取消|退|撤|作废)(?:掉|了)?(?:一下)?"
_DROP = (
    rf"{_THAT}{_OFF}|(?:把|将)?{_THAT}(?:那个|预约|号|约的)(?:给我|帮我|就|想|要|我)*(?:{_CANCEL}|不要了|不约了|不办了)|"
    rf"(?:帮我?|给我|请)*{_CANCEL}(?:我)?(?:的)?{_THAT}(?:那个|预约|号|约的)"
)
_FREES = "(?:把)?(?:我的?)?号?(?:让|给)给?别人|帮我(?:取消|退)(?:掉|了|一下|号)*|能(?:取消|退)[吗么]|怎么(?:取消|退)|下次再(?:去|来|约|说)|改天再(?:去|来|约|说)|再说"
_WHEN = f"{DAY}|{CLOCK}|上午|下午|早上|中午|晌午"
_TO = f"(?:的|同一时间|同样的?时间|这个时间|早点|晚点|以后|后面|去|来|办|好|{_WHEN})*"
_CHANGE = "(?:改|换|挪|推|调|延)(?:一?下)?(?:期)?(?:到|成|为|在|至|倒|道)"
_MOVE = (
    rf"(?:把|将)?{_THAT}{_CHANGE}{_TO}(?:{_WHEN}){_TO}|"
    rf"(?:把|将)?{_THAT}(?:[改换](?:[到成]?别的|一?个|到?其他)?(?:时间|日子|时候|天)|改天|换一?天|往[前后](?:推|挪|延|调|提)(?:一|几|两|三)?(?:天|周|个?小时)?|"
    r"推[迟后](?:一|几|两|三)?(?:天|周|个?小时|个?星期)|提前(?:一|几|两|三)(?:天|周|个?小时)|[晚早](?:一|几|两|三)天(?:再)?[去来])"
)

_BEFORE = f"{CALLS}|{WHO}|{MODAL}|{TODAY}|{WHY}|{JAM}|{DAY}|有|但|去"
_BEHIND = f"{ASKED}|{THANKS}|吧|了"
_FORMS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("done", form(_DONE, f"{CALLS}|{WHO}|{MODAL}|我的", _BEHIND)),
    (
        "mine",
        form(
            _MINE,
            f"{CALLS}|{WHO}|{MODAL}|{TODAY}|是|给我|把|再|一下",
            f"{_BEHIND}|忘了|给我|发|一下|告诉我|啥的|{_FORGOT}",
        ),
    ),
    ("again", form(_AGAIN, f"{CALLS}|{WHO}|{MODAL}|那|到时候?|是|{DAY}", f"{_BEHIND}|呢|啊|来着|合适")),
    (
        "choose",
        form(_CHOOSE, f"{_BEFORE}|只|最好|一定|必须|上次|约的时候", f"{_BEHIND}|{_SERVE}|我|他|她|办得好|人好|熟"),
    ),
    (
        "several",
        form(
            _SEVERAL,
            f"{_BEFORE}|带|一起|一次|一个号|{_COUNT}个人?",
            f"{_BEHIND}|{_TOGETHER}{_DO}|一起|一个号|吗|同一个时间",
        ),
    ),
    (
        "here",
        form(
            _HERE,
            f"{CALLS}|{WHO}|{TODAY}|{ROAD}|已经|刚刚?|都|{CLOCK}的?|{_HERE}|有预约|约好?了?",
            f"{_THERE}|{_HERE}|{ASKED}|{THANKS}|等着",
        ),
    ),
    ("drop", form(_DROP, f"{_BEFORE}|{_THESE}", f"{_BEHIND}|{_FREES}|{WHY}|{JAM}|{_OFF}|帮我")),
    ("move", form(_MOVE, f"{_BEFORE}|{_OFF}|给我", f"{_BEHIND}|去|来|再去|有号|有空位|还有号")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says around a visit."""

    kind: Kind
    late: Late | None = None


def read_talk(text: str) -> Told | None:
    """Return what is said, as a whole message; None for whatever says more, or something else."""
    if late := read_late(text):
        return Told("late", late)
    words = without_day(said(text))
    kind = next((kind for kind, whole in _FORMS if words and whole.fullmatch(words)), None)
    return Told(kind) if kind else None
