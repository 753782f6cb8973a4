"""The map between two views of a plane."""

from collections.abc import Sequence

Point = tuple[float, float]


def homography(seen: Sequence[Point], lying: Sequence[Point]) -> tuple[float, ...]:
    """Return the eight numbers by which Pillow draws the four points `lying` where they are `seen`.

    `x' = (a x + b y + c) / (g x + h y + 1)`, `y' = (d x + e y + f) / (g x + h y + 1)`, from a
    point of the drawn picture to the point of the source that is seen there.
    """
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(seen, lying, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return tuple(_solved(rows))


def _solved(rows: list[list[float]]) -> list[float]:
    """Solve a linear system of rows with their right sides, by elimination with pivots."""
    count = len(rows)
    for column in range(count):
        pivot = max(range(column, count), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(count):
            if row != column:
                factor = rows[row][column]
                rows[row] = [
                    value - factor * base
                    for value, base in zip(rows[row], rows[column], strict=True)
                ]
    return [row[-1] for row in rows]
