"""Words that lean on what was said before: "那要带什么材料", "我爸呢", "不是,我问的是…"."""

import re
from dataclasses import dataclass
from typing import Literal

Field = Literal["bring", "where", "how_long", "who", "there"]

_LEAD = r"(?:那|那么|请问|还有|哦|噢|好的|嗯|就是|我|我们|你|您|们|都|还|需要|要|得|到底|具体|一般|再|大概|这个|那个|这|它|办这个|办)*"
_TAIL = (
    r"(?:呢|啊|呀|吗|嘛|么|的|了|哦|哈|办|去|来|才行|才能办|能办|可以办|能办好|能弄好|能下来|能拿到|能好|办理|申请|弄)*"
)
_FIELDS: tuple[tuple[Field, str], ...] = (
    ("bring", r"(?:带|准备|交|提供|拿|用)*(?:什么|哪些|几样|几个|何种)?(?:材料|证件|东西|手续|资料|证明)(?:有哪些|是什么|都有什么)?|(?:带|准备|交|拿)(?:什么|哪些)(?:东西|材料|证件|资料)?"),
    ("where", r"(?:去|在|到|上|找)?(?:哪里|哪儿|哪|什么地方|哪个地方|哪个部门|谁|什么部门|哪个单位)(?:去)?(?:办理|办|申请|领|交|弄|找|问|补|换|报名|报|查|拿)?|地址(?:在哪里|在哪)?|(?:服务站)?在哪(?:里|儿)?"),
    ("how_long", r"(?:多久|多长时间|几天|几个工作日|多少天|什么时候)(?:能|可以|才能|办)?(?:办好|下来|拿到|好|办完|出来|批下来|到手)?"),
)  # fmt: skip
_RELATION = r"(?:爸爸?|妈妈?|爹|娘|父亲|母亲|爷爷|奶奶|外公|外婆|姥爷|老伴|老公|丈夫|媳妇|老婆|妻子|爱人|儿子|女儿|闺女|孩子|娃|哥哥?|弟弟?|姐姐?|妹妹?|叔叔?|战友|朋友|家里?人|老人|老头子|岳父|公公)"
_WHO = re.compile(
    rf"(?:那|那么|要是|如果|换成)?(?:我|我们|咱|我家)?的?{_RELATION}(?:呢|行吗|行不|行不行|可以吗|能行吗|也行吗|也一样吗|也是这样吗)"
)
_NO = r"(?:我(?:不是|没|没有)问这个|我问的不是这个|不是问这个|答非所问|你?(?:弄|搞|理解)?错了|不对|不是(?:这个意思|这个|这样|的)?)"
_MEANT = r"(?:我(?:就?是)?(?:想|要)?(?:问|说)(?:的?是|的)?|我的意思是?)"
_CORRECTION = re.compile(rf"(?:{_NO}(?:啊|呀|吧|哦|了)?(?=\W|$|{_MEANT}|{_NO})\W*)+{_MEANT}?")
"""不是 also opens plain questions (不是本地户口能办吗), so a mark, the end or 我问… has to follow."""
_ELLIPTIC = re.compile(
    r"^(?:那|那么|还有|如果|要是|假如|换成).{1,16}$|^.{1,12}呢$|^(?:要|得|需要)?(?:交|收|花|给)?(?:多少钱|钱吗|钱不|收费吗|免费吗)$|^.{2,5}的$"
)
_COST = re.compile(
    _LEAD + r"(?:自己|另外|额外)*(?:交|收|花|付|掏|出|要)(?:多少|什么|啥|个|一点)?(?:钱|费|费用|手续费|工本费)" + r"(?:不|没)?" + _TAIL
    + r"|" + _LEAD + r"(?:免费|收费|要钱|花钱|费用|多少钱)(?:不|多少|怎么算)?" + _TAIL
)  # fmt: skip
COST = "要不要钱\uff0c收费吗\uff0c免费吗"
"""What all of these words ask, in the words most entries on fees use."""
_THERE = re.compile(
    r"(?:那|那么|要是|如果|换成|换|我们?|咱们?|是|在|人在|户口在|户口是|去|到|按|放在)*\0"
    r"(?:省|市|区|县|的|人|户口|这边|那边|这里|那里|当地|本地|的话|怎么说|怎么办|怎么弄|怎么样|什么规定|有规定|规定|也一样|也是|一样"
    r"|有没有|有|行不行|行|可以|呢|呀|啊|吗|么|不)*"
)
_PUNCTUATION = re.compile(r"[\W_]+")
_LONGEST = 24


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How a text leans on what was said before; `rest` is what it says by itself."""

    kind: Literal["field", "correction", "elliptic"]
    field: Field | None = None
    rest: str = ""


def follow_up(text: str) -> FollowUp | None:
    """Recognise a follow-up in simplified text; None when the text stands by itself."""
    words = _PUNCTUATION.sub("", text)
    if found := _CORRECTION.match(text):
        return FollowUp("correction", rest=text[found.end() :].strip(" ,。、:"))
    if len(words) > _LONGEST:
        return None
    for field, pattern in _FIELDS:
        if re.fullmatch(_LEAD + f"(?:{pattern})" + _TAIL, words):
            return FollowUp("field", field)
    if _WHO.fullmatch(words):
        return FollowUp("field", "who")
    return FollowUp("elliptic", rest=words) if _ELLIPTIC.fullmatch(words) else None


def asks_cost(text: str) -> bool:
    """Tell whether a simplified text asks only whether money is to be paid."""
    return _COST.fullmatch(_PUNCTUATION.sub("", text)) is not None


def names_only(text: str, mark: str) -> bool:
    """Tell whether a simplified text says nothing but a place; `mark` stands where its name was."""
    words = "".join(_PUNCTUATION.sub("", part) + mark for part in text.split(mark)).removesuffix(mark)
    return _THERE.fullmatch(words.replace(mark, "\0")) is not None
