"""What identifies a person is read strictly and shown as little as possible."""

import pytest

from core.errors import Refusal
from services.masks import mask_name, mask_phone, read_name, read_phone, surname


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"),
        (" 138-1234 5678 ", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("0086-13812345678", "13812345678"),
        ("0573-88001234", "057388001234"),
        ("（010）65001234", "01065001234"),
        ("", None),
        ("  ", None),
    ],
)
def test_phones_as_people_write_them(typed: str, kept: str | None) -> None:
    assert read_phone(typed) == kept


@pytest.mark.parametrize("typed", ["1381234567", "138123456789", "12345678901", "88001234", "打不通", "1.38E+10", "②③"])
def test_what_is_no_phone_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refusal, match="例如 0573-88001234"):
        read_phone(typed)


@pytest.mark.parametrize("typed", ["", "   ", "王" * 41])
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(Refusal, match="姓名"):
        read_name(typed)


def test_a_name_is_the_same_with_spaces_between() -> None:
    assert read_name(" 王 刚　") == "王刚"


def test_masks_show_neither_name_nor_its_length() -> None:
    assert [mask_name(name) for name in ("王刚", "王建国", "欧阳建国", "阿")] == ["王**", "王**", "欧阳**", "阿**"]
    assert surname("欧阳") == "欧"  # a family name Ou with the given name Yang
    assert mask_phone("13812341234") == "138****1234"
    assert mask_phone("057388001234") == "0573****34"
