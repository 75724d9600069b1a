"""Tables are read as bureaus save them, and what cannot be read is told in a sentence."""

import csv
from io import BytesIO, StringIO
from itertools import islice

import pytest
from openpyxl import Workbook, load_workbook

from bot.console.place_import import LONGEST_SEAL
from core.errors import Refusal
from services.table import Row, Table, pack_table, read_table, unpack_table, write_table
from services.vault import Vault

COLUMNS = ("名称", "级别", "电话")
REQUIRED = ("名称", "级别")
TEXT = "名称,级别,电话\r\n城关镇服务站,乡镇,0573-88000000\r\n"


def _cells(content: bytes) -> list[dict[str, str]]:
    return [dict(row.cells) for row in read_table(content, COLUMNS, REQUIRED).rows]


def _xlsx(*rows: list[object]) -> bytes:
    book, packed = Workbook(), BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(packed)
    return packed.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_way_that_excel_saves_csv(encoding: str) -> None:
    text = TEXT.replace(",", "\t") if encoding == "utf-16" else TEXT
    assert _cells(text.encode(encoding)) == [{"名称": "城关镇服务站", "级别": "乡镇", "电话": "0573-88000000"}]


def test_a_rare_character_of_a_name_in_gb18030() -> None:
    assert _cells("名称,级别\n\U00020087家村,村社\n".encode("gb18030"))[0]["名称"] == "\U00020087家村"


@pytest.mark.parametrize("xlsx", [True, False])
def test_what_is_written_is_read_again(xlsx: bool) -> None:  # noqa: FBT001
    rows = [("城关镇，服务站", "乡镇", '0573 "8"'), ("=1+1", "村社", "")]
    content = write_table(COLUMNS, rows, xlsx=xlsx)
    assert _cells(content) == [dict(zip(COLUMNS, row, strict=True)) for row in rows]


@pytest.mark.parametrize("text", ["=1+1", "+8613800001111", "-2+3", "@SUM(A1)", "'=1+1", "''=1+1", "'甲", "-5", "-"])
@pytest.mark.parametrize("xlsx", [True, False])
def test_a_cell_that_looks_like_a_formula_is_a_text_and_reads_back(xlsx: bool, text: str) -> None:  # noqa: FBT001
    content = write_table(COLUMNS, [(text, "乡镇", "1")], xlsx=xlsx)
    assert _cells(content)[0]["名称"] == text
    if xlsx:
        cell = load_workbook(BytesIO(content)).worksheets[0]["A2"]
        assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize("text", ["=1+1", "+8613800001111", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_nothing_in_a_csv_is_computed(text: str) -> None:
    written = next(
        islice(csv.reader(StringIO(write_table(COLUMNS, [(text, "", "")], xlsx=False).decode(), newline="")), 1, 2)
    )
    assert written[0] == f"'{text}"


def test_a_negative_number_in_a_csv_stays_one() -> None:
    written = write_table(["差"], [("-5",), ("-1.5%",)], xlsx=False)
    assert written.decode("utf-8-sig").split() == ["差", "-5", "-1.5%"]


def test_a_title_above_empty_rows_between_and_columns_not_asked_for() -> None:
    table = read_table(
        _xlsx(["某县服务站一览表"], ["序号", " 名 称 ", "级别"], [1, "甲站", "乡镇"], [], [2, "乙站"]),
        COLUMNS,
        REQUIRED,
    )
    assert [(row.number, dict(row.cells)) for row in table.rows] == [
        (3, {"名称": "甲站", "级别": "乡镇"}),
        (5, {"名称": "乙站", "级别": ""}),
    ]
    assert table.ignored == ("序号",)


def test_a_telephone_that_excel_took_for_a_number() -> None:
    content = _xlsx(list(COLUMNS), ["甲站", "乡镇", 13800001111], ["乙站", "乡镇", 13800001112.0])
    assert [row["电话"] for row in _cells(content)] == ["13800001111", "13800001112"]


def test_an_xlsx_that_is_called_csv_is_still_one() -> None:
    assert _cells(_xlsx(list(COLUMNS), ["甲站", "乡镇", None])) == [{"名称": "甲站", "级别": "乡镇", "电话": ""}]


def test_the_grids_of_a_large_county_fit_the_field_that_carries_them() -> None:
    def row(n: int) -> Row:
        worker, phone = chr(0x4E00 + n * 7919 % 20_000) + chr(0x4E00 + n * 104_729 % 20_000), n * 15_485_863 % 10**10
        return Row(
            n,
            {
                "乡镇": f"第{n // 500}镇",
                "村社": f"第{n // 8}村",
                "网格": f"{n % 8}",
                "网格员": worker,
                "电话": f"1{phone:010}",
            },
        )

    table = Table(tuple(row(n) for n in range(8000)))
    sealed = Vault(b"k" * 32).encrypt(pack_table(table))
    assert len(sealed) < LONGEST_SEAL
    assert unpack_table(pack_table(table)) == table


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xls"),
        (b"PK\x03\x04 torn", "打不开"),
        (_xlsx(list(COLUMNS), ["甲站", "乡镇", None])[:-300], "打不开"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "不是表格"),
        ("名字,级别\n甲站,乡镇\n".encode(), "缺少这样的列.名称"),
        ("名称,级别,名称\n甲站,乡镇,乙站\n".encode(), "两次"),
        ("名称,级别\n".encode() + "甲站,乡镇\n".encode() * 20_001, "20000"),
        ("名称,级别\n".encode() + b"a" * 200_000, "读不了"),
    ],
    ids=["empty", "old xls", "no zip", "torn", "picture", "column missing", "column twice", "too long", "giant cell"],
)
def test_what_is_no_table_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said) as refused:
        read_table(content, COLUMNS, REQUIRED)
    assert str(refused.value).endswith("。")
