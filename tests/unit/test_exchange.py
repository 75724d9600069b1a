"""Entries and offers go out to a file and come back the same, row by row."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml
from openpyxl import load_workbook

from knowledge import exchange
from knowledge.content import Content, read_content
from knowledge.entry import Source
from knowledge.goods import read_offer
from knowledge.index import Snapshot
from knowledge.load import read_entry
from knowledge.problem import Problem
from tests.journeys.world import village

both = pytest.mark.parametrize("suffix", [".yaml", ".xlsx"])
CARD_APPLY = village().entries["card-apply"]


def back(path: Path, content: Content, *, offers: bool = False) -> dict[str, Any]:
    """Read a file as an import does, and return entries or offers."""
    problems: list[Problem] = []
    rows = [row for _, row in exchange._rows(path, problems, offers=offers)]
    if offers:
        read = {row["code"]: read_offer(row, "x", problems) for row in rows}
    else:
        read = {row["slug"]: read_entry(row, "x", content.facts, problems) for row in rows}  # type: ignore[misc]
    assert not problems
    return read


@both
def test_every_entry_comes_back_equal(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    assert exchange.export(path, village(), offers=False) == len(village().entries)
    assert back(path, village()) == village().entries


@both
def test_every_offer_comes_back_equal(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    assert exchange.export(path, village(), offers=True) == len(village().offers)
    assert back(path, village(), offers=True) == village().offers


@both
@pytest.mark.parametrize("offers", [False, True])
def test_everything_shipped_comes_back_equal(snapshot: Snapshot, tmp_path: Path, suffix: str, *, offers: bool) -> None:
    path = tmp_path / f"out{suffix}"
    exchange.export(path, snapshot.content, offers=offers)
    assert back(path, snapshot.content, offers=offers) == (
        snapshot.content.offers if offers else snapshot.content.entries
    )


@both
def test_sources_of_its_own_come_back(tmp_path: Path, suffix: str) -> None:
    own = Source("地方通知", "一号", "第二条", date(2025, 1, 1), "https://www.gov.cn/x")
    content = replace(village(), entries={"card-apply": replace(CARD_APPLY, sources=(own,))})
    path = tmp_path / f"out{suffix}"
    exchange.export(path, content, offers=False)
    assert back(path, content)["card-apply"].sources == (own,)


@both
def test_sources_without_facts_come_back(tmp_path: Path, suffix: str) -> None:
    sources = (Source("通知", None, "第二条", date(2025, 1, 1)), Source("另一个"))
    content = replace(village(), entries={"card-apply": replace(CARD_APPLY, facts=(), sources=sources)})
    path = tmp_path / f"out{suffix}"
    exchange.export(path, content, offers=False)
    assert back(path, content)["card-apply"].sources == sources


def test_a_spreadsheet_has_a_line_of_names(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    exchange.export(path, village(), offers=False)
    book = load_workbook(path)
    names = [cell.value for cell in book.worksheets[0][1]]
    assert names[:4] == ["slug", "stage", "topic", "question"]
    assert {"formal", "rambling", "answer", "reviewed_on"} <= set(names)


def test_bad_rows_of_a_spreadsheet_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    exchange.export(path, village(), offers=False)
    book = load_workbook(path)
    sheet = book.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    sheet.cell(3, names.index("answer") + 1).value = None
    sheet.cell(5, names.index("stage") + 1).value = "退休"
    sheet.cell(6, names.index("reviewed_on") + 1).value = "昨天"
    book.save(path)
    found = exchange.read_import(path, tmp_path, village(), offers=False)
    assert found.same == len(village().entries) - 3
    assert [(p.file, p.field) for p in found.problems] == [
        ("in.xlsx 第 3 行", "answer"), ("in.xlsx 第 5 行", "stage"), ("in.xlsx 第 6 行", "reviewed_on"),
    ]  # fmt: skip


def test_a_column_of_another_name_is_told(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    exchange.export(path, village(), offers=True)
    book = load_workbook(path)
    book.worksheets[0].cell(1, 1).value = "number"
    book.save(path)
    found = exchange.read_import(path, tmp_path, village(), offers=True)
    assert any(p.field == "number" for p in found.problems)
    assert (found.rows, found.same) == ({}, 0)


def test_bad_rows_of_yaml_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    path = tmp_path / "in.yaml"
    exchange.export(path, village(), offers=True)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["offers"][1]["code"] = "x"
    content["offers"][2] = "店"
    content["offers"].append(content["offers"][0])
    exchange.dump(path, content)
    found = exchange.read_import(path, tmp_path, village(), offers=True)
    assert found.same == len(village().offers) - 2
    assert {p.file for p in found.problems} == {
        "in.yaml 第 2 条",
        "in.yaml 第 3 条",
        f"in.yaml 第 {len(content['offers'])} 条",
    }


def _zip(files: dict[str, str]) -> bytes:
    whole = BytesIO()
    with ZipFile(whole, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return whole.getvalue()


@pytest.mark.parametrize("name", ["in.yaml", "in.xlsx"])
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert exchange.read_import(path, tmp_path, village(), offers=False).problems
    for junk in (b"\x00\xffnot a file of this kind", b"", _zip({}), _zip({"[Content_Types].xml": "<Types>"})):
        path.write_bytes(junk)
        assert exchange.read_import(path, tmp_path, village(), offers=False).problems


def test_a_spreadsheet_is_closed_after_reading(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    exchange.export(path, village(), offers=True)
    exchange.read_import(path, tmp_path, village(), offers=True)
    open_files = {str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()}
    assert str(path) not in open_files


OWN: dict[str, Any] = {
    "slug": "my-own", "stage": "优待", "topic": "优待证", "question": "本局自己的一条问答", "answer": "去服务站。",
    "phrasings": {"formal": ["本局新条目申领", "本局新条目办理"], "colloquial": ["想弄本局的新条目"], "keyword": ["本局新条目", "局里新条目"],
                  "third_person": ["我爸要本局的新条目"]},
    "sources": [{"title": "通行做法"}], "scope": "全国", "who": ["退役军人"], "reviewed_on": "2026-11-21",
}  # fmt: skip


class Bureau:
    """A data folder over what is shipped, and imports into it."""

    def __init__(self, folder: Path, content: Content) -> None:
        self.folder, self.content = folder, content
        self.saved = folder / "knowledge" / "faq" / exchange.IMPORTED

    def takes(self, *rows: dict[str, Any], offers: bool = False) -> exchange.Imported:
        path = self.folder.parent / "in.yaml"
        exchange.dump(path, {"offers" if offers else "entries": list(rows)})
        return self.takes_file(path, offers=offers)

    def takes_file(self, path: Path, *, offers: bool = False) -> exchange.Imported:
        found = exchange.read_import(path, self.folder, self.content, offers=offers)
        exchange.save(self.folder, found.rows, offers=offers)
        self.content = read_content(self.folder)
        return found


@pytest.fixture
def bureau(tmp_path: Path, snapshot: Snapshot) -> Bureau:
    return Bureau(tmp_path / "data", snapshot.content)


def test_a_second_import_changes_nothing(bureau: Bureau) -> None:
    assert list(bureau.takes(OWN).rows) == ["my-own"]
    before = bureau.saved.read_bytes(), bureau.saved.stat().st_mtime_ns
    again = bureau.takes(OWN)
    assert (again.rows, again.same, again.problems) == ({}, 1, [])
    assert (bureau.saved.read_bytes(), bureau.saved.stat().st_mtime_ns) == before


@both
def test_what_is_exported_comes_in_without_a_change(bureau: Bureau, tmp_path: Path, suffix: str) -> None:
    bureau.takes(OWN, OWN | {"slug": "with-fact", "facts": ["ydz-01"], "question": "另一条", "phrasings": _other()})
    for offers in (False, True):
        path = tmp_path / f"out{suffix}"
        count = exchange.export(path, bureau.content, offers=offers)
        before = bureau.saved.read_bytes()
        found = bureau.takes_file(path, offers=offers)
        assert (found.rows, found.same, found.problems) == ({}, count, [])
        assert bureau.saved.read_bytes() == before
    assert not (bureau.folder / "knowledge" / "offers").exists()


def _other() -> dict[str, list[str]]:
    return {kind: [f"{text}之二" for text in texts] for kind, texts in OWN["phrasings"].items()}


def test_imports_add_up_and_replace(bureau: Bureau) -> None:
    bureau.takes(OWN)
    second = OWN | {"slug": "my-two", "question": "第二条", "phrasings": _other(), "related": ["my-own"]}
    found = bureau.takes(OWN | {"answer": "新的答案。"}, second)
    assert (list(found.rows), found.problems) == (["my-own", "my-two"], [])
    assert bureau.content.entries["my-own"].answer == "新的答案。"
    saved = yaml.safe_load(bureau.saved.read_text(encoding="utf-8"))["entries"]
    assert [row["slug"] for row in saved] == ["my-own", "my-two"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"related": ["no-such"]}, "related"), ({"scope": "浙江省", "general": "no-such"}, "general"),
        ({"question": "优待证丢了怎么办"}, "phrasings"),
    ],
)  # fmt: skip
def test_a_row_that_clashes_with_the_base_is_refused_alone(bureau: Bureau, change: dict[str, Any], field: str) -> None:
    good = OWN | {"slug": "my-two", "question": "第二条", "phrasings": _other()}
    leaning = OWN | {"slug": "my-three", "question": "第三条", "related": ["my-own"], "phrasings": {
        kind: [f"{text}之三" for text in texts] for kind, texts in OWN["phrasings"].items()}}  # fmt: skip
    found = bureau.takes(OWN | change, good, leaning)
    assert list(found.rows) == ["my-two"]
    assert [(p.entry, p.field) for p in found.problems] == [("my-own", field), ("my-three", "related")]
    assert "my-two" in bureau.content.entries
    assert "my-own" not in bureau.content.entries


def test_a_row_of_another_file_of_the_bureau_is_refused(bureau: Bureau) -> None:
    bureau.takes(OWN)
    bureau.saved.rename(bureau.saved.with_name("mine.yaml"))
    found = bureau.takes(OWN | {"answer": "新的答案。"})
    assert (found.rows, [(p.entry, p.field) for p in found.problems]) == ({}, [("my-own", "slug")])


def test_spaces_around_a_name_do_not_make_another(bureau: Bureau) -> None:
    bureau.takes(OWN | {"slug": " my-own "})
    assert list(bureau.takes(OWN | {"answer": "新的答案。"}).rows) == ["my-own"]
    assert bureau.content.entries["my-own"].answer == "新的答案。"
