"""The console's menu: one row of groups for whoever may open everything, and no group around a single page."""

from datetime import UTC, datetime

import pytest

from bot.console import navigation
from db.staff import ROLES, Staff


def _staff(role: str, station_id: int | None = None) -> Staff:
    return Staff(login="x", name="x", role=role, station_id=station_id, created_at=datetime(2026, 1, 1, tzinfo=UTC))


def test_groups_stand_together() -> None:
    groups = [tab.group for tab in navigation.TABS if tab.group]
    kept = [group for number, group in enumerate(groups) if number == 0 or groups[number - 1] != group]
    assert len(kept) == len(set(kept))


def test_nobody_has_more_entries_than_fit_one_row() -> None:
    for role in ROLES:
        assert len(navigation.menu(_staff(role), "/console/").entries) <= 8


@pytest.mark.parametrize("role", ROLES)
def test_every_page_that_may_be_opened_is_two_clicks_away(role: str) -> None:
    for tab in navigation.visible(_staff(role)):
        menu = navigation.menu(_staff(role), tab.path)
        links = {entry.path: entry for entry in (*menu.entries, *menu.below)}
        assert tab.path in links
        assert [entry.label for entry in menu.entries if entry.current] == [tab.group if menu.below else tab.label]


def test_a_group_of_one_is_that_page() -> None:
    labels = [entry.label for entry in navigation.menu(_staff("grid"), "/console/").entries]
    assert labels == ["求助单", "走访", "我的账号"]


def test_a_page_below_belongs_to_its_tab_and_a_name_alike_does_not() -> None:
    menu = navigation.menu(_staff("admin"), "/console/campaigns/3/people")
    assert [entry.label for entry in menu.below if entry.current] == ["认证活动"]
    assert not any(entry.current for entry in navigation.menu(_staff("admin"), "/console/peoples").entries)
