"""The number of a line on the visit sheet: digits only, and one mistyped digit or two swapped ones are noticed."""

_TABLE = (
    "0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
    "3674209581", "5869720134", "8945362017", "9438617205", "2581436790",
)  # fmt: skip
"""The quasigroup of Damm (2004): a last digit that makes the whole end in 0."""


def code_of(number: int) -> str:
    """Return a number with its last digit to check it by."""
    return f"{number}{_end(str(number))}"


def number_of(code: str) -> int | None:
    """Return the number, None where a digit is wrong."""
    if not code.isascii() or not code.isdigit() or len(code) < 2 or _end(code) != 0:
        return None
    return int(code[:-1])


def _end(digits: str) -> int:
    end = 0
    for digit in digits:
        end = int(_TABLE[end][int(digit)])
    return end
