"""The tabs at the top: each person of staff sees those they may open, and starts at the first."""

from dataclasses import dataclass

from db.staff import Staff
from services.scope import Right, may


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry."""

    label: str
    path: str
    right: Right | None


TABS: list[Tab] = [
    Tab("求助单", "/console/", "cases"),
    Tab("人员", "/console/people", "people"),
    Tab("问答草稿", "/console/drafts", "drafts"),
    Tab("常用语", "/console/canned", "drafts"),
    Tab("统计", "/console/statistics", "statistics"),
    Tab("工作日历", "/console/calendar", "calendar"),
    Tab("服务站", "/console/places", "places"),
    Tab("工作人员", "/console/staff", "staff"),
    Tab("审计", "/console/audit", "audit"),
    Tab("我的账号", "/console/account", None),
]


def visible(staff: Staff) -> list[Tab]:
    """Return the tabs of a person of staff."""
    return [tab for tab in TABS if tab.right is None or may(staff, tab.right)]


def home(staff: Staff) -> str:
    """Return where a person of staff begins."""
    return visible(staff)[0].path
