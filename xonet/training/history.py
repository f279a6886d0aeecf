"""The results of each epoch, or part of one: a row each, separate from the loop that produces them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


class History:
    """Rows of `epoch`, `loss`, `accuracy`, `validation_loss`, `validation_accuracy`, `learning_rate`, `seconds`.

    Accuracies exist for classes and labels only, validation if there is validation data; metrics that are asked for
    have columns beside them (`f1`, `validation_f1`). `loss`, `accuracy` and metrics are what training saw while it
    learned: before the step of each batch, on augmented pictures.
    """

    def __init__(self, rows: list[Row] | None = None) -> None:
        self.rows = rows or []

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, epoch: int) -> Row:
        return self.rows[epoch]

    @property
    def epochs(self) -> float:
        """How many epochs are over; the last may be a part of one, as its row's `epoch` says: 2.5."""
        last: float = self.rows[-1]["epoch"] if self.rows else 0
        return last

    def column(self, name: str) -> list[float]:
        """One column: the same quantity for every epoch."""
        return [row[name] for row in self.rows]

    def lines(self) -> str:
        """One JSON object per line."""
        return "".join(json.dumps(row) + "\n" for row in self.rows)
