"""Whether later words lead back to a place that was only told of: 老婆在杭州, 想去她那边."""

import re

from knowledge.job_places import Names

_CLAUSES = 3
"""So far back words may point."""
_STOP = re.compile(r"[,.;!?。\n…~]")
_THERE = "(?:(?:他|她|它|孩子|儿子|女儿|闺女|老公|老婆|媳妇|爱人|那)(?:们)?(?:那边|那里|那儿|那头|身边|边))"
_GOES = re.compile(
    r"(?<!不)(?<!没)(?<!本来)(?:想|要|打算|准备|愿意|希望|能|能不能|可以|可不可以)(?:也|一起|跟着|跟|陪|再|还|过){0,2}"
    rf"(?:去投奔|投奔|跟过去|跟去|过去|搬过去|调过去|回去|去{_THERE}|到{_THERE}|在{_THERE}|跟[他她]去|去(?=$|[找当做干上谋住定])|去陪|去(?=[吗么不]))"
)
_ASKS_THERE = re.compile(
    r"^(?:帮|给|替)?(?:我|她|他|我们|俺)?(?:也|就)?(?:想|打算|能|看看|问问)?(?:在|去|到|看看|问问)?(?:那边|那里|那儿|那头|当地)"
    r"(?!.*(?:了$|不好|太))(?=.*(?:有没|有啥|有什么|有冇|找|招|要不要|要人|缺|的活|工作))"
)
_STAYS = re.compile("[不没](?:想|愿意?|肯|敢|打算)?(?:跟|去|过去|搬)|回来|回家|家里|本地")


def leads_there(behind: str, names: Names) -> bool:
    """Tell whether what follows a place says that work is wanted there, before another place is named."""
    for clause in _STOP.split(behind, _CLAUSES)[:_CLAUSES]:
        if _STAYS.search(clause) or names.cities.search(clause) or names.towns.search(clause):
            return False
        if _GOES.search(clause) or _ASKS_THERE.match(clause):
            return True
    return False
