"""What is sealed opens with the same key only, and is found again by its fingerprint."""

import pytest

from services.vault import BrokenSealError, Vault

PHONE = "13800000000"


def test_what_is_sealed_is_opened() -> None:
    vault = Vault(b"k" * 32)
    for text in ("", PHONE, "欧阳修 😀", "长" * 10_000):
        assert vault.decrypt(vault.encrypt(text)) == text
        assert text == "" or text not in vault.encrypt(text)


def test_the_same_text_is_sealed_differently_and_marked_alike() -> None:
    vault = Vault(b"k" * 32)
    assert vault.encrypt(PHONE) != vault.encrypt(PHONE)
    assert vault.fingerprint(PHONE) == vault.fingerprint(PHONE)
    assert vault.fingerprint(PHONE) != vault.fingerprint(PHONE + "0")


def test_another_key_opens_and_marks_nothing() -> None:
    one, other = Vault(b"k" * 32), Vault(b"l" * 32)
    assert one.fingerprint(PHONE) != other.fingerprint(PHONE)
    with pytest.raises(BrokenSealError):
        other.decrypt(one.encrypt(PHONE))


@pytest.mark.parametrize("sealed", ["", "x", "没有", "gAAAAA=="])
def test_what_was_never_sealed(sealed: str) -> None:
    with pytest.raises(BrokenSealError):
        Vault(b"k" * 32).decrypt(sealed)


def test_an_altered_seal() -> None:
    vault = Vault(b"k" * 32)
    sealed = vault.encrypt(PHONE)
    with pytest.raises(BrokenSealError):
        vault.decrypt(sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:])
