"""The key that signs cookies is made once, whole, and for its owner's eyes only."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from bot.keys import read_key


def test_it_stays(tmp_path: Path) -> None:
    assert read_key(tmp_path, "cookie.key") == read_key(tmp_path, "cookie.key")
    assert (tmp_path / "cookie.key").stat().st_mode & 0o777 == 0o600


def test_those_that_start_together_read_one_whole_key(tmp_path: Path) -> None:
    together = Barrier(8)

    def read(folder: Path) -> bytes:
        together.wait()
        return read_key(folder, "cookie.key")

    with ThreadPoolExecutor(8) as pool:
        for number in range(20):
            folder = tmp_path / str(number)
            folder.mkdir()
            keys = set(pool.map(read, [folder] * 8))
            assert [len(key) for key in keys] == [32]
            assert [path.name for path in folder.iterdir()] == ["cookie.key"]
