"""Derivatives by differences over four points, and a check that no step crosses a kink."""
import numpy as np

from network import WATCH, Kink, Real

STEP = Real(2) ** -23
NEAREST = 1e-5  # rounding to single precision must not cross a kink either


def watched(function):
    """function's value, and the sides it was on."""
    WATCH.reset()
    value = np.asarray(function(), Real)
    return value, list(WATCH.sides), WATCH.margin


def base(function):
    value, sides, margin = watched(function)
    if margin < NEAREST:
        raise Kink(f"{margin:.1e} from a kink")
    return value, sides


def along(function, sides):
    """Derivative at 0 of a function (of any shape) of one number. The error is of the fourth order in the step, rounding about 1e-12."""
    values = []
    for times in (1, -1, 2, -2):
        value, seen, _ = watched(lambda: function(times * STEP))
        if seen != sides:
            raise Kink("a difference crosses a kink")
        values.append(value)
    return (8 * (values[0] - values[1]) - (values[2] - values[3])) / (12 * STEP)


def everywhere(function, at):
    """function takes an array of at's shape; the result has its value's shape and then at's."""
    value, sides = base(lambda: function(at))
    rows = []
    for place in np.ndindex(at.shape):
        def moved(by):
            there = at.copy()
            there[place] += by
            return function(there)
        rows.append(along(moved, sides))
    return value, np.moveaxis(np.array(rows).reshape(at.shape + value.shape), tuple(range(at.ndim)), tuple(range(-at.ndim, 0)))


def directional(function, at, direction):
    """at and direction are lists of arrays; function takes such a list. A long direction must not take longer steps over kinks."""
    _, sides = base(lambda: function(at))
    length = np.sqrt((flat(direction) ** 2).sum())
    return length * along(lambda by: function([a + by / length * d for a, d in zip(at, direction)]), sides)


def second(function):
    """Second derivative at 0 of a function of one number from its values alone: by the widest step that crosses no kink."""
    value, sides = base(lambda: function(Real(0)))
    for exponent in range(-12, -24, -1):
        step = Real(2) ** exponent
        near = [watched(lambda k=k: function(k * step)) for k in (-2, -1, 1, 2)]
        if all(seen == sides for _, seen, _ in near):
            return (-near[0][0] + 16 * near[1][0] - 30 * value + 16 * near[2][0] - near[3][0]) / (12 * step ** 2)
    raise Kink("no step that crosses none")


def flat(arrays):
    return np.concatenate([np.asarray(a, Real).reshape(-1) for a in arrays])


def like(vector, arrays):
    parts, place = [], 0
    for a in arrays:
        parts.append(vector[place:place + a.size].reshape(a.shape))
        place += a.size
    return parts


def apart(one, other):
    """Largest difference over largest magnitude."""
    one, other = np.asarray(one, Real), np.asarray(other, Real)
    return float(np.abs(one - other).max() / max(np.abs(one).max(), Real(1e-300)))
