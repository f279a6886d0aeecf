"""What each epoch came to: one row an epoch, apart from the loop that makes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


class History:
    """Rows of `epoch`, `loss`, `accuracy`, `validation_loss`, `validation_accuracy`, `learning_rate`, `seconds`.

    Accuracies are there for classes only, validation where there is validation data. `loss` and `accuracy` are what
    training saw while it learned: before the step of each batch, on augmented pictures.
    """

    def __init__(self, rows: list[Row] | None = None) -> None:
        self.rows = rows or []

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, epoch: int) -> Row:
        return self.rows[epoch]

    def column(self, name: str) -> list[float]:
        """One number of every epoch."""
        return [row[name] for row in self.rows]

    def lines(self) -> str:
        """One JSON object a line."""
        return "".join(json.dumps(row) + "\n" for row in self.rows)
