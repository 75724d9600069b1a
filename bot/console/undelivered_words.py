"""What a channel's refusal means, in words on which somebody can act."""

from services.notice_kinds import KINDS
from services.undelivered import ANSWER

KIND_LABELS = {**{name: kind.label for name, kind in KINDS.items()}, ANSWER: "给对方的答复"}
_WHY = (
    (("blocked",), "对方停用了我们的账号"),
    (("kicked",), "对方把我们移出了群"),
    (("deactivated",), "对方的账号注销了"),
    (("initiate conversation", "45015"), "对方没有先跟我们说过话，不能先发给他"),
    (("chat not found", "peer_id_invalid", "user not found"), "没有找到这个账号，可能换号了"),
    (("too long", "entity too large"), "内容太长，平台不收"),
    (("networkerror", "servererror", "timeout", "timed out", "connection"), "网络一直不通，试了多次都没有发出去"),
)
_OTHER = "平台没有接收：{error}"


def why(error: str) -> str:
    """Return the reason in plain Chinese; one that is not known stands as the channel gave it."""
    said = error.lower()
    return next((words for signs, words in _WHY if any(sign in said for sign in signs)), _OTHER.format(error=error))


def kind_label(kind: str | None) -> str:
    """Return what kind of message it was."""
    return KIND_LABELS.get(kind or ANSWER, kind or "")
