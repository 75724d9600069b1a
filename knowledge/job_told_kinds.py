"""Which kinds of work somebody wants and which not: what they did before, or can do, counts where they name no other."""

import re
from dataclasses import dataclass

from knowledge.job_corrected import uncorrected
from knowledge.job_said import Said
from knowledge.job_words import LEADER, JobWords, Mention

_LINK = re.compile(r"^(?:[,、\s]|的|和|跟|或者?|或是|还是|以及|还有|同|与|工作|那种|什么|之类|这些|活|啥)*$")
_OR = re.compile(r"、|或|和|跟|还有|也行|都行|也可以|都可以")
_REFUSED_BEFORE = re.compile(
    r"(?:除了?|(?<!要)不要|(?<!做)不(?:想|愿意?|肯|太想|喜欢)?(?:再)?(?:做|干|当|去|跑|进|搞|找|考虑|碰)|别(?:再)?(?:给我)?(?:找|推荐?|介绍|发|让我当|叫我干|是)?|勿(?:要|想)?(?:做|当|寻)?|莫(?:要|给我)?|(?:别|不要)(?:让|叫)我|讨厌|不喜欢|干不了|做不了|当不了|不会|不想再|不想|干够了|拒绝|不是|唔做|冇兴趣|(?<![\u4e00-\u9fff])不(?=$)|(?:[找换]个?|[个份点])不(?=$))"
    r"(?:再|给我|那种|这种|什么|像|去|做|干|当|进|找|继续|接着){0,2}(?:(?:夜班|晚班|倒班|加班|外地|出差)[和、跟或与])?$"
)
_REFUSED_BEHIND = re.compile(
    r"^(?:了|的|上班|干活|工作|这些|那些|一类|这种|那种|之类|这行|这活|什么|活|岗位|啥){0,3}(?:我|俺|就|可|绝对|真|是|都|咱|也|实在){0,2}(?:以外|之外|除外|不干|不做|不送|不跑|不开|不卖|不碰|不要|不考虑|不行|不想|不去|不找|不当|不搞|不弄|不接|没兴趣|不感兴趣|干够了|干腻了|做够了|就算了|算了|免了|干不了|做不了|当不了|不会|莫来|勿做|勿要|别推|别发|别来|别找我|不用)"
)
_SIDE = re.compile(r"^(?:以外|之外|除外|外)?(?:,|的话)?")
_PAST = re.compile(
    r"(?:当过|干过|做过|学过|学的是?|学了|开过|跑过|带过|搞过|练过|之前|以前|原来|原先|一直|从前|先前|早先|过去|曾经|出身|干了|做了|开了|当了|跑了|现在是|现在在?[当做干]|目前是|会|懂|有|在部队|部队里|考了|拿过|考过|证)"
    r"(?:(?!现在|想|找|要|求|招|换|希望|打算)[^,。;!?]){0,12}$"
)
_NOW = re.compile("想|找|要|求|招|换|希望|打算")
_PAST_BEHIND = re.compile(
    r"^[^,。;想找要招]{0,4}(?:证|年了?$|出身|经验|的经验|技术|过|十年|\d+年|[一二三四五六七八九十]+年)"
)
_PROVED_BEHIND = re.compile(r"[^,。;]{0,8}(?:证|经验|基础|技术|手艺|底子)")
_ASKED_BEHIND = re.compile(r"[^,。;]{0,6}(?:招|要人|有吗|有没)")
_OWN_DUTY = re.compile(
    r"(?:我|还|自己|家里|晚上|每天|中午|白天|早上|下午)(?:还)?(?:要|得|需要)(?:回家|在家)?[照帮]?$"
    r"|(?:孩子|小孩|娃|儿子|女儿|孙子|孙女)[^,。;想找]{0,3}[上读念在去]$"
)
_KIN_WORKS = re.compile(
    r"(?:^|[,。;])(?:我|俺)?(?:老公|老婆|男人|爱人|丈夫|媳妇|儿子|女儿|爸|妈|[哥弟姐妹]|战友|他|她)[^,。;想找要]{0,3}在[^,。;想找要]{0,4}$"
)
_CARE = re.compile("带|照|看孩子|看小孩|领小孩|做家务|伺候|服侍|陪床|做饭|烧饭|煮饭")
_CARES_AT_HOME = re.compile(
    r"^(?!.*(?:想|找|会|能|愿意|求)).*(?:回来|回家|回去|在家|家里|全职|专心|一边|为了|辞职|白天|晚上|每天|天天|平时|还要|还得|老婆|媳妇|爱人|她|他|婆婆|我妈|帮着|在[^,。;]{1,4})$"
)
_CARE_ASKED = re.compile("的?(?:活|工作|阿姨|保姆|岗位|招|有没|有吗|都|也|可以|行)|的(?!时间|时候|话|同时)|$")
_TIRED_BEHIND = re.compile("(?:的)?(?:活|工作)?(?:我|也|都|就|实在|是){0,2}(?:干|做|跑|搬|站|扛)不(?:动|来|下去)")
_LEARNT_BEFORE = re.compile("(?<![想要去再能])学$")
_LEARNT_BEHIND = re.compile("专业|的(?:[,。]|$)|出身|毕业")
_HAVE_SOME = re.compile(
    r"有没有|有没得|有无|还有|有什么|有啥|有冇|有哪些|没有|有招|只有|有个|有点|有人|有吗|有[^,。;]{0,12}(?:吗|么|没|不|招)"
)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds wanted and kinds refused, and the words that were said for them."""

    wanted: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


def kinds(said: Said, words: JobWords) -> Kinds:
    """Take what is said of kinds of work."""
    text = said.open
    edges = said.edges
    named = [m for m in words.mentions(text) if m.start in edges or m.end in edges]
    named = [m for m in named if not _is_own_duty(said.text, m) and (m.firm or not _is_of_kin(said.text, m))]
    found = _heads(named)
    refused = _refused(said.text, found)
    rest = uncorrected(said.text, [mention for mention in found if mention not in refused])
    now = [mention for mention in rest if not _is_past(text, mention)]
    chosen = _chosen(text, now) or _chosen(text, [m for m in rest if _may_be_done_again(text, m, refused)])
    for mention in named:
        said.take(mention.start, mention.end)
    spoken = (text[m.start : m.end] for m in named if m in chosen or not (m.firm or m in refused))
    names = {m.kind for m in chosen}
    return Kinds(
        tuple(dict.fromkeys(m.kind for m in chosen)),
        tuple(dict.fromkeys(m.kind for m in refused if m.kind not in names)),
        tuple(dict.fromkeys(word for word in spoken if word not in names)),
    )


def _heads(found: list[Mention]) -> list[Mention]:
    """Leave out what only tells of a leader or a place: 销售经理 leads, 物业保安 guards; 司机保安 are two."""
    nexts = {mention.start: mention for mention in found}
    return [m for m in found if m.end not in nexts or not _leads(m, nexts[m.end])]


def _is_own_duty(text: str, mention: Mention) -> bool:
    """Tell whether somebody has to do it at home: 晚上要照顾老人."""
    before, behind = text[: mention.start], text[mention.end :]
    if _OWN_DUTY.search(before) and not re.match("的|工作|活|都", behind):
        return True
    if re.match("(?:一起|去|来){0,2}(?:上班|干活)", behind):
        return True
    cares = _CARE.match(text, mention.start) and _CARES_AT_HOME.match(re.split("[,.;!?。]", before)[-1])
    return bool(cares) and not _CARE_ASKED.match(behind)


def _is_of_kin(text: str, mention: Mention) -> bool:
    """Tell whether it is where somebody else works: 老公在工地上, 我想找个半天的."""
    return bool(_KIN_WORKS.search(text[: mention.start])) and not _ASKED_BEHIND.match(text[mention.end :])


def _is_tired(text: str, mention: Mention) -> bool:
    """Tell whether it is work that somebody is no longer strong enough for."""
    return bool(_TIRED_BEHIND.match(text, mention.end))


def _leads(one: Mention, other: Mention) -> bool:
    return other.firm and (not one.firm or other.kind == LEADER)


def _refused(text: str, found: list[Mention]) -> list[Mention]:
    """Find the kinds that are not wanted; a refusal holds for all that is listed with it."""
    refused: list[Mention] = []
    for mention in found:
        before, behind = text[: mention.start], text[mention.end :]
        last = refused[-1] if refused else None
        listed = (
            last is not None
            and _LINK.match(text[last.end : mention.start])
            and "," not in text[last.end : mention.start]
        )
        if _refuses_before(before) or _REFUSED_BEHIND.match(behind) or listed:
            refused.append(mention)
    for first, mention in zip(reversed(found[:-1]), reversed(found[1:]), strict=True):
        joined = text[first.end : mention.start]
        if (
            mention in refused
            and first not in refused
            and "," not in joined
            and _LINK.match(joined)
            and _REFUSED_BEHIND.match(text[mention.end :])
        ):
            refused.append(first)
    return refused


def _refuses_before(before: str) -> bool:
    return bool(_REFUSED_BEFORE.search(before))


def _is_past(text: str, mention: Mention) -> bool:
    """Tell whether a kind is what somebody did, learnt or can do, and not yet what they ask for."""
    clause = re.split(r"[,。;!?]", text[: mention.start])[-1]
    clause = _HAVE_SOME.sub("", clause)
    marker = _PAST.search(clause)
    behind = text[mention.end :]
    if marker and (not marker[0].startswith("有") or _PROVED_BEHIND.match(behind)):
        return not _ASKED_BEHIND.match(behind)
    if _LEARNT_BEFORE.search(clause) and _LEARNT_BEHIND.match(behind):
        return True
    return _is_tired(text, mention) or (bool(_PAST_BEHIND.match(behind)) and not _NOW.search(clause))


def _may_be_done_again(text: str, mention: Mention, refused: list[Mention]) -> bool:
    """Tell whether what somebody did or can do may be asked for again, where they ask for nothing else."""
    word = text[mention.start : mention.end]
    undone = any(word in no or no in word for no in (text[other.start : other.end] for other in refused))
    return mention.firm and not undone and not _is_tired(text, mention)


def _chosen(text: str, found: list[Mention]) -> list[Mention]:
    """Leave places of work out where a kind is named too, unless both are listed: 电子厂或者当保安."""
    firm = [mention for mention in found if mention.firm]
    if not firm:
        return found
    return [m for m in found if m.firm or _listed(text, m, min(firm, key=lambda other: abs(other.start - m.start)))]


def _listed(text: str, one: Mention, other: Mention) -> bool:
    first, second = sorted((one, other), key=lambda mention: mention.start)
    between = text[first.end : second.start]
    return len(between) <= 6 and bool(_OR.search(between)) and one.kind != other.kind
