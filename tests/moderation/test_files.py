"""`./starling score` adds three columns to a file, or says in one line why it cannot."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cli.score import score
from moderation.files import BATCH, BadInput

TEXT = "Thank you all for coming"


def written(folder: Path, **columns: object) -> Path:
    file = folder / "texts.parquet"
    pq.write_table(pa.table(columns), file)
    return file


def test_rows_keep_their_columns_and_order(tmp_path: Path) -> None:
    texts = [f"{TEXT}, number {n}" for n in range(BATCH + 3)]
    file = written(tmp_path, id=range(len(texts)), tweet=pa.array(texts).dictionary_encode())
    score(file, tmp_path / "scored.parquet", "tweet")
    scored = pq.read_table(tmp_path / "scored.parquet")
    assert scored.column_names == ["id", "tweet", "toxicity", "spam", "action"]
    assert scored["id"].to_pylist() == list(range(len(texts)))
    assert scored["tweet"].to_pylist() == texts
    assert all(0 <= each <= 1 for name in ("toxicity", "spam") for each in scored[name].to_pylist())
    assert set(scored["action"].to_pylist()) == {"allow"}
    assert [file.name for file in tmp_path.iterdir() if file.name.endswith(".part")] == []


def test_an_empty_file_is_scored(tmp_path: Path) -> None:
    score(written(tmp_path, text=pa.array([], pa.string())), tmp_path / "out.parquet", "text")
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"tweet": [TEXT]}, "no column 'text'; it has tweet"),
        ({"text": [1]}, "holds int64, not text"),
        ({"text": [TEXT, TEXT, None]}, "row 2 has no 'text'"),
        ({"text": [TEXT], "spam": [1]}, "has a column 'spam' already"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused(
    tmp_path: Path, columns: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        score(written(tmp_path, **columns), tmp_path / "out.parquet", "text")
    assert not (tmp_path / "out.parquet").exists()


def test_what_is_no_parquet_file_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "texts.csv").write_text("text\nhello\n")
    with pytest.raises(BadInput, match="is no Parquet file"):
        score(tmp_path / "texts.csv", tmp_path / "out.parquet", "text")
    with pytest.raises(BadInput, match="there is no file"):
        score(tmp_path / "absent.parquet", tmp_path / "out.parquet", "text")
