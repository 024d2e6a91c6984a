"""What must come out of measures that go through training, of the search for critical samples, and of training itself."""
import numpy as np

from differences import along, apart, base, directional, flat, like
from network import Kink, Real

PIXELS = 50  # at which derivatives through training are checked by moving the pixel and training again


def train(given, kind, x, batches, rate, own):
    """The weights before each step and after the last: theta <- theta - rate * gradient of the minibatch's mean loss."""
    path = [given.parameters]
    for batch in batches:
        slopes = given.gradient(kind, path[-1], x[batch], given.labels[batch], own, images=False)[0]
        path.append([w - rate * slope for w, slope in zip(path[-1], slopes)])
    return path


def unrolled(given, kind, batches, rate, times, modes, arrays, try_only=False):
    out, checks = {"loss": kind, "minibatches": batches, "learning_rate": rate, "evaluation_times": times}, {}
    everyone, rate = list(range(len(given.x))), Real(str(rate))
    for mode in modes:
        own = mode == "training"

        def late(x):
            """[0: the losses' own inputs stay, 1: they move as well][time, then: minibatch, all, each alone]."""
            path = train(given, kind, x, batches, rate, own)
            return np.array([[at(path[t], batches[t], inputs) for t in times] for inputs in (given.x, x)])

        def at(weights, batch, inputs):
            if own:
                return np.array([given.losses(kind, weights, inputs[them], given.labels[them], own).mean() for them in (batch, everyone)])
            each = given.losses(kind, weights, inputs, given.labels)
            return np.concatenate([[each[batch].mean(), each.mean()], each])

        values, sides = base(lambda: late(given.x))
        if try_only:
            continue
        alone = [] if own else [[i] for i in everyone]
        swept = [[sweep(given, kind, batches[:t], rate, them, own) for them in [batches[t], everyone] + alone] for t in times]
        slopes = np.moveaxis(np.array(swept, Real), 2, 0)  # [without and with the direct term, time, loss, example, ...]
        checks[mode + "_through_the_whole_training"] = apart(*zip(*(
            (slopes[(..., *place)].reshape(-1), along(lambda by: late(moved(given.x, place, by)), sides).reshape(-1)) for place in some_pixels(given.x))))
        out[mode] = {}
        for place, over in enumerate(("minibatch_at_t", "full_set")):
            for keep, direct in enumerate(("without_direct_term", "with_direct_term")):
                rows = np.abs(slopes[keep, :, place].reshape(len(times), len(given.x), -1))
                part = out[mode].setdefault(over, {"loss_at_t": values[0, :, place]})[direct] = {
                    "g": rows.mean(2), "gbar": rows.mean(2).mean(0), "gbar_l2": np.sqrt((rows ** 2).sum(2)).mean(0), "gbar_linf": rows.max(2).mean(0)}
                if arrays and own == given.network.norm and (over, keep) == ("full_set", 0):
                    part["signed_derivative_at_last_time"] = slopes[keep, -1, place]
        if not own:
            out["class_sensitivity"] = classes(given, times, slopes[:, :, 2:])
    return out, checks


def moved(x, place, by):
    x = x.copy()
    x[place] += by
    return x


def some_pixels(x):
    return [np.unravel_index(place, x.shape) for place in range(3, x.size, max(1, x.size // PIXELS) | 1)]


def sweep(given, kind, batches, rate, evaluated, own):
    """The late loss's derivative in the images, without and with the direct term: back through the steps, with products of Hessians by differences."""
    path = train(given, kind, given.x, batches, rate, own)
    adjoint, by_input, _, _ = given.gradient(kind, path[-1], given.x[evaluated], given.labels[evaluated], own)
    total, direct = np.zeros_like(given.x), np.zeros_like(given.x)
    np.add.at(direct, evaluated, by_input)
    for batch, weights in zip(batches[::-1], path[-2::-1]):
        def slopes(at):
            by_parameter, by_input, _, _ = given.gradient(kind, at, given.x[batch], given.labels[batch], own)
            return flat(by_parameter + [by_input])
        product = directional(slopes, weights, adjoint)
        *steps, by_input = like(product, weights + [given.x[batch]])
        np.add.at(total, batch, -rate * by_input)
        adjoint = [a - rate * step for a, step in zip(adjoint, steps)]
    return total, total + direct


def classes(given, times, slopes):
    """slopes: [direct term or not, time, loss example, training example, ...]."""
    out = {"times": times, "loss_examples": list(range(len(given.x)))}
    labels, count = given.labels, given.labels.max() + 1
    for keep, direct in enumerate(("without_direct_term", "with_direct_term")):
        each = np.abs(slopes[keep].reshape(slopes.shape[1:4] + (-1,))).mean(-1)
        sums = [np.abs(slopes[keep][:, labels == i].sum(1) / len(labels)).reshape(len(times), len(labels), -1).mean(-1) for i in range(count)]
        out[direct] = {
            "per_example_matrix": [[[each[t][labels == i][:, labels == j].mean() for j in range(count)] for i in range(count)] for t in range(len(times))],
            "class_sum_matrix": [[[sums[i][t][labels == j].mean() for j in range(count)] for i in range(count)] for t in range(len(times))]}
    return out


def search(given, parameters, statistics, x, constants):
    """Step: sign of the gradient of the predicted class's cross-entropy, and noise; an example stops where its prediction differs."""
    alpha, beta, radius = (Real(str(constants[key])) for key in ("alpha", "beta", "radius"))
    eta = given.repeated(given.noise, (constants["max_iterations"],) + x.shape)

    def look(at):
        logits = given.network.forward(parameters, statistics, at, False)[0]
        ranked = np.sort(logits, 1)
        if (ranked[:, -1] - ranked[:, -2]).min() < 1e-4:
            raise Kink("near a tie of classes")
        return logits.argmax(1)
    predicted = look(x)
    found, moving = np.zeros(len(x), int), x.astype(Real)
    for iteration in range(1, constants["max_iterations"] + 1):
        active = np.flatnonzero(found == 0)
        if not len(active):
            break
        slope = given.gradient(
            "cross_entropy", parameters, moving[active], predicted[active], weights=np.ones(len(active), Real), statistics=statistics)[1]
        sizes = np.abs(slope)
        largest = sizes.reshape(len(active), -1).max(1).reshape((-1,) + (1,) * (x.ndim - 1))
        if ((sizes > 0) & (sizes < 5e-6 * largest)).any():
            raise Kink("near a change of sign")
        at = moving[active] + alpha * np.sign(slope) + beta * eta[iteration - 1][active]
        at = np.minimum(np.maximum(at, x[active] - radius), x[active] + radius)
        if constants.get("valid_range"):
            at = np.clip(at, *constants["valid_range"])
        moving[active] = at
        found[active[look(at) != predicted[active]]] = iteration
    return predicted, found, moving


def lass(given, constants, radii, arrays):
    """The first radius at which some are critical, not all, and not all of those at once."""
    for radius in radii:
        constants = {**constants, "radius": radius}
        try:
            base(lambda constants=constants: search(given, given.parameters, given.statistics, given.x, constants)[2])
        except Kink:
            continue
        predicted, found, moving = search(given, given.parameters, given.statistics, given.x, constants)
        if 0 < (found > 0).sum() < len(found) and found.max() > 1:
            out = {**constants, "predicted": predicted, "success_iteration": found, "csr": (found > 0).mean()}
            moved = np.abs(moving - given.x).reshape(len(found), -1)
            out |= {"moved_l1": moved.sum(1), "moved_linf": moved.max(1)} | ({"final_inputs": moving} if arrays else {})
            return out, {}
    raise Kink("no radius that tells apart")


def trajectory(given, kind, batches, rate, momentum, decay, adversarial=None):
    """Torch's momentum; decay on the weights of layers alone. With the adversarial term: both passes move the running statistics, the one on x first,
    and the search between them sees those that are there."""
    out = {"loss": kind, "minibatches": batches, "learning_rate": rate, "momentum": momentum, "weight_decay": decay}
    out |= {"adversarial": adversarial} if adversarial else {}
    rate, momentum, decay = Real(str(rate)), Real(str(momentum)), Real(str(decay))
    is_weight = [w.ndim > 1 for w in given.parameters]

    def run():
        weights, statistics = list(given.parameters), list(given.statistics)
        velocity, values, found = [np.zeros_like(w) for w in weights], [], []
        for batch in batches:
            x, labels = given.x[batch], given.labels[batch]
            slopes, _, value, statistics = given.gradient(kind, weights, x, labels, True, statistics=statistics)
            value = value.mean()
            if adversarial:
                share = Real(str(adversarial["weight"]))
                _, hits, moved = search(given, weights, statistics, x, adversarial)
                found.append(hits)
                other, _, there, statistics = given.gradient(kind, weights, moved, labels, True, statistics=statistics)
                slopes = [(1 - share) * a + share * b for a, b in zip(slopes, other)]
                value = (1 - share) * value + share * there.mean()
            values.append(value)
            slopes = [slope + decay * w if decays else slope for slope, w, decays in zip(slopes, weights, is_weight)]
            velocity = [momentum * v + slope for v, slope in zip(velocity, slopes)]
            weights = [w - rate * v for w, v in zip(weights, velocity)]
        return values, found, weights, statistics

    values, found, weights, statistics = run()
    base(lambda: run()[0])
    out |= {"loss_per_step": values}
    out |= {"success_iteration_per_step": found} if adversarial else {"final_weights": flat(weights)}  # to keep the file small
    out |= {"final_statistics": statistics} if given.network.norm else {}
    out["final_losses"] = given.losses(kind, weights, given.x, given.labels, statistics=statistics)
    base(lambda: given.losses(kind, weights, given.x, given.labels, statistics=statistics))
    return out, {}
