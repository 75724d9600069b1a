"""Words in which a fraud is told of, so that the warning comes before whatever the stranger speaks of."""

import re
from dataclasses import replace

from knowledge import decide
from knowledge.match import Hit, Matcher, Reading
from knowledge.normalise import simplify

_STRANGER = re.compile(
    r"有(?:个|一个)?(?:人|男的|女的|老板|中介|公司|网站|公众号|陌生)|自称|冒充|假冒|陌生|对方|不认识的|来路不明"
    r"|(?:微信|qq|抖音|快手|群里?|短信|视频里?|直播间?|电话里?|信里?|快递|网友|群主|客服|中介|老首长|招兵的|上门的人?)"
    r".{0,8}(?:说|加我|找我|喊|叫|让|要我|跟我要|发)"
    r"|(?:他|她|人家|那人|那边|老板|说)(?:说?给我|说?帮我|叫我|让我|要我|喊我)"
)
_WANTS = re.compile(
    r"(?:交|转|汇|打|付|缴|收|掏|要)(?:我|了|他|一?笔|点|个)?(?:[0-9一二两三四五六七八九十几百千万]+(?:块|元|百|千|万)?(?:的|块|元)?)?"
    r"(?:钱|款|税|手续费|押金|定金|保证金|会费|打点费|培训费|材料费|工本费|代办费|好处费|辛苦费|服务费|[0-9一二两三四五六七八九十几百千万]+[块元])"
    r"|手续费|保证金|押金|会费|打点|税金|验证码|密码|银行卡|卡号|存折|转账|汇款|转钱|安全账户|扫码|扫.{0,3}码|二维码|链接"
    r"|[下装].{0,3}(?:app|软件)|屏幕|投资|月息|返利|高息|理财|借钱|借我钱|冻结|解冻|红包|中奖|支票|报.{0,6}身份证"
)
_OURS = re.compile(
    "老兵|退[役伍]|军|战友|首长|部队|抚恤|优抚|补[助贴]|优待|光荣|慰问|认证|年审|参战|伤残|残疾|评残|安置|征兵|当兵|招兵"
)
_GENERAL, _MORE = "faq:fz-", 2.5
"""The warnings of the topic itself, and by how much they go before those for one kind of swindle."""
_PLAIN = re.compile(
    r"骗子|诈骗|骗局|被骗|骗了|骗走|骗去|骗人|上当(?!兵)|是不是骗|冒充|假冒"
    r"|加(?:了)?我.{0,8}(?:说|自称|是).{0,12}(?:局|部|厅|中心|民政|领导|首长|工作人员)"
)


def told(text: str) -> bool:
    """Tell whether a simplified text speaks of a stranger who wants something, or of fraud by its name."""
    return bool(_PLAIN.search(text) or (_STRANGER.search(text) and _WANTS.search(text)))


def is_ours(text: str) -> bool:
    """Tell whether a text names anything of ours: other frauds keep the advice of the office they belong to."""
    return _OURS.search(text) is not None


def warns(key: str) -> bool:
    """Tell whether an entry warns of fraud: those of the topic itself, and those of other topics about their own."""
    return key.startswith(_GENERAL) or (key.startswith("faq:") and key.endswith("-scam"))


class Warnings:
    """The matcher, held to the entries that warn of fraud."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._keys = set(filter(warns, matcher.keys))

    def rank(self, reading: Reading) -> tuple[list[Hit], float]:
        """Return the warnings, the nearest first, and how sure it is that one helps; none where no fraud is told of."""
        if not self._keys or not told(simplify(reading.said)):
            return [], 0.0
        hits = [
            replace(hit, score=hit.score + _MORE) if hit.key.startswith(_GENERAL) else hit
            for hit in self._matcher.rank(reading, among=self._keys)
        ]
        hits.sort(key=lambda hit: -hit.score)
        return hits, decide.confidence(hits, lambda *_: True)  # each of them tells to pay nothing and to ask us
