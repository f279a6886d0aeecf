"""Draws the pictures of multi_label.yaml and regression.yaml: `python networks/draw_shapes.py` fills data/shapes/.

Each is 24 × 24 pixels, with a ring, a bar and a cross in it, or two, one or none of them. labels.csv says which, and
rings.csv where the middle of each ring is, for the pictures that have one.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = 24
SHAPES = "ring", "bar", "cross"


def draw(pen: ImageDraw.ImageDraw, shape: str, x: float, y: float, grey: int) -> None:
    """One shape with its middle at (x, y)."""
    if shape == "ring":
        pen.ellipse((x - 4, y - 4, x + 4, y + 4), outline=grey, width=2)
    elif shape == "bar":
        pen.rectangle((x - 1, y - 4, x + 1, y + 4), fill=grey)
    else:
        pen.line((x - 4, y - 4, x + 4, y + 4), fill=grey, width=2)
        pen.line((x - 4, y + 4, x + 4, y - 4), fill=grey, width=2)


def main(folder: Path, counts: dict[str, int]) -> None:
    """Pictures and both lists for each part; the same ones each time."""
    for part, count in counts.items():
        drawn = random.Random(part)
        (folder / part).mkdir(parents=True, exist_ok=True)
        labels, rings = [], []
        for number in range(count):
            picture = Image.new("L", (SIZE, SIZE), drawn.randint(200, 255))
            pen = ImageDraw.Draw(picture)
            shown = [shape for shape in SHAPES if drawn.random() < 0.5]
            path = f"{part}/{number:04}.png"
            for shape in shown:
                x, y = drawn.uniform(5, SIZE - 6), drawn.uniform(5, SIZE - 6)
                draw(pen, shape, x, y, drawn.randint(0, 120))
                if shape == "ring":
                    rings.append(f"{path},{x / (SIZE - 1):.4f},{y / (SIZE - 1):.4f}")
            picture.save(folder / path)
            labels.append(f"{path},{'|'.join(shown)}")
        (folder / f"{part}_labels.csv").write_text("\n".join(["path,label", *labels, ""]), encoding="utf-8")
        (folder / f"{part}_rings.csv").write_text("\n".join(["path,x,y", *rings, ""]), encoding="utf-8")


if __name__ == "__main__":
    parent = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).parents[1] / "data/shapes"
    main(parent, {"train": 3000, "test": 1000})
