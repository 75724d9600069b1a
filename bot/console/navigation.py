"""The tabs at the top, in groups so that they stay one row: each of staff sees those they may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from db.staff import Staff
from services.scope import Right, may


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry; those of a group stand side by side in TABS."""

    label: str
    path: str
    right: Right | None
    group: str = ""

    def leads_to(self, here: str) -> bool:
        """Tell whether a page belongs to it."""
        return here == self.path or (self.path != "/console/" and here.startswith(f"{self.path}/"))


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the menu."""

    label: str
    path: str
    current: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """What stands at the top of a page."""

    entries: Sequence[Entry]
    below: Sequence[Entry]
    """The tabs of the group that the page is in."""


TABS: list[Tab] = [
    Tab("求助单", "/console/", "cases"),
    Tab("人员", "/console/people", "people"),
    Tab("叫号台", "/console/desk", "bookings", "预约"),
    Tab("预约名单", "/console/bookings", "bookings", "预约"),
    Tab("候补", "/console/waiting", "bookings", "预约"),
    Tab("要打电话", "/console/calls", "bookings", "预约"),
    Tab("停办一天", "/console/closures", "bookings", "预约"),
    Tab("要处理的预约", "/console/stranded", "bookings", "预约"),
    Tab("认证活动", "/console/campaigns", "campaigns", "提醒通知"),
    Tab("走访", "/console/visits", "visits", "提醒通知"),
    Tab("体检疗养", "/console/exams", "exams", "提醒通知"),
    Tab("群发", "/console/broadcasts", "broadcasts", "提醒通知"),
    Tab("未送达", "/console/undelivered", "campaigns", "提醒通知"),
    Tab("岗位", "/console/jobs", "jobs", "就业"),
    Tab("用人单位", "/console/employers", "jobs", "就业"),
    Tab("推荐上岗", "/console/referrals", "people", "就业"),
    Tab("招聘会与活动", "/console/events", "events", "就业"),
    Tab("就业统计", "/console/work-statistics", "statistics", "就业"),
    Tab("问答草稿", "/console/drafts", "drafts", "问答"),
    Tab("常用语", "/console/canned", "drafts", "问答"),
    Tab("工作日历", "/console/calendar", "calendar", "本单位"),
    Tab("服务站", "/console/places", "places", "本单位"),
    Tab("统计", "/console/statistics", "statistics", "本单位"),
    Tab("工作人员", "/console/staff", "staff", "本单位"),
    Tab("审计", "/console/audit", "audit", "本单位"),
    Tab("我的账号", "/console/account", None),
]


def visible(staff: Staff) -> list[Tab]:
    """Return the tabs of a person of staff."""
    return [tab for tab in TABS if tab.right is None or may(staff, tab.right)]


def home(staff: Staff) -> str:
    """Return where a person of staff begins."""
    return visible(staff)[0].path


def menu(staff: Staff, here: str) -> Menu:
    """Return the menu of a page; a group of which only one tab is left stands as that tab."""
    entries: list[Entry] = []
    below: list[Entry] = []
    for group, found in groupby(visible(staff), key=lambda tab: tab.group or tab.label):
        tabs = list(found)
        inside = any(tab.leads_to(here) for tab in tabs)
        if len(tabs) == 1:
            entries.append(Entry(tabs[0].label, tabs[0].path, inside))
            continue
        entries.append(Entry(group, tabs[0].path, inside))
        if inside:
            below = [Entry(tab.label, tab.path, tab.leads_to(here)) for tab in tabs]
    return Menu(entries, below)
