"""What stays of a picture that is too tall or too wide for a network: the part that a person chose, else the part in
which most happens. Pure: the same picture gives the same crop.

"Happens" is measured on a coarse grid: how much each cell differs from its neighbours. Faces, writing and things have
edges; sky, walls and blurred grounds have none.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

GRID = 64
"""Cells along the longer side."""
PULL = 0.35
"""How much less a window at the very edge is worth than one in the middle: pictures are mostly composed around it."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def pair(focus: str) -> tuple[float, float] | None:
    """A chosen point as Mastodon has it: from the middle, 1 is right and top. None when nothing was chosen, or it is no
    point. `focus` is "x,y".
    """
    found = re.fullmatch(r"(-?[01](?:\.\d{1,4})?),(-?[01](?:\.\d{1,4})?)", focus)
    if not found:
        return None
    x, y = float(found[1]), float(found[2])
    return (x, y) if max(abs(x), abs(y)) <= 1 else None


def point(focus: str) -> tuple[float, float] | None:
    """The same as shares of width and height, from the top left."""
    chosen = pair(focus)
    return ((1 + chosen[0]) / 2, (1 - chosen[1]) / 2) if chosen else None


def window(image: "Image", tallest: float, widest: float, focus: str = "") -> Box:
    """What is kept of `image`; `tallest` and `widest` are width by height. All of it when its shape is
    taken."""
    width, height = image.size
    aspect = width / height
    if tallest <= aspect <= widest:
        return (0, 0, width, height)
    across = aspect > widest
    side = width if across else height
    kept = max(1, min(side, int(height * widest if across else width / tallest)))
    chosen = point(focus)
    if chosen:
        start = round(chosen[0 if across else 1] * side - kept / 2)
    else:
        start = round(_busiest(_lines(image, across), kept / side) * side)
    start = min(max(start, 0), side - kept)
    return (start, 0, start + kept, height) if across else (0, start, width, start + kept)


def _lines(image: "Image", across: bool) -> list[int]:
    """How much happens in each column (or row) of the grid."""
    scale = GRID / max(image.size)
    columns, rows = (max(2, round(side * scale)) for side in image.size)
    grey = image.convert("L").resize((columns, rows), 4)  # 4: the mean of each cell (Image.Resampling.BOX)
    cells = grey.tobytes()
    found = [0] * (columns if across else rows)
    for row in range(rows):
        for column in range(columns):
            here = row * columns + column
            right = abs(cells[here + 1] - cells[here]) if column + 1 < columns else 0
            below = abs(cells[here + columns] - cells[here]) if row + 1 < rows else 0
            found[column if across else row] += right + below
    return found


def _busiest(lines: list[int], share: float) -> float:
    """Where a window over `share` of the lines begins, as a share, so that most happens in it: of equal ones the one
    nearest to the middle."""
    size = max(1, min(len(lines), round(len(lines) * share)))
    last = len(lines) - size
    if not last or not any(lines):
        return (1 - share) / 2

    def worth(start: int) -> tuple[float, float]:
        off = abs(2 * start / last - 1)
        return sum(lines[start : start + size]) * (1 - PULL * off), -off

    return max(range(last + 1), key=worth) / len(lines)
