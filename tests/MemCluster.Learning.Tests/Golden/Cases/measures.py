"""What must come out of each measure at fixed weights, from the network's losses by differences."""
import numpy as np

from differences import apart, base, directional, everywhere, flat, like, second
from network import Kink, Network, Real, loss_slopes, losses

LOSSES = ("cross_entropy", "smoothed_log")


class Given:
    """The inputs of a case."""

    def __init__(self, network, parameters, statistics, x, labels, signs, noise):
        self.network, self.parameters, self.statistics, self.x, self.labels = network, parameters, statistics, x, labels
        self.signs, self.noise = signs, noise

    def losses(self, kind, parameters, x, labels, own=False, statistics=None):
        logits, _, _ = self.network.forward(parameters, self.statistics if statistics is None else statistics, x, own)
        return losses(kind, logits, labels)

    def gradient(self, kind, parameters, x, labels, own=False, weights=None, statistics=None, images=True):
        """Of the mean loss (or the weighted sum) by the reverse pass: in the parameters and in x; the losses; the statistics after."""
        logits, tape, after = self.network.forward(parameters, self.statistics if statistics is None else statistics, x, own)
        weights = np.full(len(x), Real(1) / len(x)) if weights is None else weights
        by_parameter, by_input = Network.backward(tape, loss_slopes(kind, logits, labels) * np.reshape(weights, (-1, 1)), images)
        return by_parameter, by_input, losses(kind, logits, labels), after

    def repeated(self, values, shape):
        """The few given numbers over and over, row by row."""
        return np.resize(values, shape)


def forward(given):
    out = {}
    for mode, own in (("evaluation", False), ("training", True)):
        (logits, _, after) = given.network.forward(given.parameters, given.statistics, given.x, own)
        out[mode] = {"logits": logits, **{kind: losses(kind, logits, given.labels) for kind in LOSSES}}
        if own and given.network.norm:
            out[mode]["statistics"] = after
            for variance in after[1::2]:
                if variance.min() < 1e-3:
                    raise Kink("a unit that hardly moves")
        base(lambda own=own: given.network.forward(given.parameters, given.statistics, given.x, own)[0])
    return out, {}


def norms(by_example):
    rows = np.abs(by_example.reshape(len(by_example), -1))
    return {"l1": rows.sum(1), "l2": np.sqrt((rows ** 2).sum(1)), "linf": rows.max(1), "mean_abs": rows.mean(1)}


def input_gradient(given, arrays):
    out, checks = {}, {}
    both, slopes = everywhere(
        lambda x: np.array([given.losses(kind, given.parameters, x, given.labels).sum() for kind in LOSSES]), given.x)
    for kind, slope in zip(LOSSES, slopes):
        by_hand = given.gradient(kind, given.parameters, given.x, given.labels, weights=np.ones(len(given.x), Real))[1]
        checks[kind] = apart(slope, by_hand)
        if np.abs(slope).reshape(len(slope), -1).max(1).min() < 1e-3:
            raise Kink("an example that no pixel moves")
        out[kind] = norms(slope)
        if arrays and kind == "cross_entropy":
            out[kind]["gradient"] = slope
    return out, checks


def parameter_gradients(given, kind):
    """[example, parameter]."""
    at = flat(given.parameters)
    return everywhere(lambda v: given.losses(kind, like(v, given.parameters), given.x, given.labels), at)[1]


def grand(given):
    out, checks = {}, {}
    for kind in LOSSES:
        rows = parameter_gradients(given, kind)
        by_hand = [
            flat(given.gradient(kind, given.parameters, given.x, given.labels, weights=np.eye(len(given.x), dtype=Real)[i])[0])
            for i in range(len(given.x))]
        checks[kind] = apart(rows, by_hand)
        out[kind] = {"per_example": np.sqrt((rows ** 2).sum(1)), "of_mean_loss": np.sqrt((rows.mean(0) ** 2).sum())}
    return out, checks


def curvature(given, probes, step):
    n, out = len(given.x), {"probes": probes, "step": step, "hv_squared_norm": [], "gradient_difference_norm": []}
    signs = given.repeated(given.signs, (probes,) + given.x.shape).astype(Real)
    checks = []
    for v in signs:
        def slope(x):
            return given.gradient("cross_entropy", given.parameters, x, given.labels, weights=np.ones(n, Real))[1]
        product = directional(lambda x: slope(x[0]), [given.x], [v])
        rows = product.reshape(n, -1)
        out["hv_squared_norm"].append((rows ** 2).sum(1))
        moved = (slope(given.x + Real(step) * v) - slope(given.x)).reshape(n, -1)
        out["gradient_difference_norm"].append(np.sqrt((moved ** 2).sum(1)))

        alone = second(lambda by: given.losses("cross_entropy", given.parameters, given.x + by * v, given.labels))
        checks.append(apart((rows * v.reshape(n, -1)).sum(1), alone))
    return out, {"from_values_alone": max(checks)}


def hessian(given, quotients):
    shapes = given.parameters
    direction = like(given.repeated(given.noise, flat(shapes).shape), shapes)

    def value(at):
        return given.losses("cross_entropy", at, given.x, given.labels).mean()

    def times(v):
        return directional(
            lambda at: flat(given.gradient("cross_entropy", at, given.x, given.labels, images=False)[0]), shapes, like(v, shapes))
    product = times(flat(direction))
    quotient = flat(direction) @ product
    alone = second(lambda by: value([w + by * d for w, d in zip(shapes, direction)]))

    v, seen, largest = flat(direction), [], None
    for k in range(150):
        v = v / np.sqrt((v ** 2).sum())
        moved = times(v)
        seen.append(v @ moved)
        if np.sqrt(((moved - seen[-1] * v) ** 2).sum()) < 1e-7 * abs(seen[-1]):
            largest = {"eigenvalue": seen[-1], "after_steps": k + 20}  # more than enough for the last digit
            break
        v = moved
    out = {"product": product, "quotient": quotient, "quotients_of_power_steps": seen[:quotients]}
    return out | ({"largest": largest} if largest else {}), {"from_values_alone": apart(quotient, alone)}
