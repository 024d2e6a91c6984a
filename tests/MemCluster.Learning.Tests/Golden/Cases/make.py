"""Writes the golden cases of the convolutional network beside this file. See README.md."""
import json
import multiprocessing
import pathlib
import sys

import numpy as np

import measures
import trainings
from network import Kink, Network, Real

HERE = pathlib.Path(__file__).parent
UNITS = (6, 3)
DIGITS = 10  # of the largest magnitude in an array

#        padding  stride norm  channels side filters examples  arrays
NETS = {
    "same-1-norm": ("same", 1, True, 1, 7, 2, 4, True),
    "same-1-plain": ("same", 1, False, 2, 7, 2, 3, False),
    "same-2-norm": ("same", 2, True, 2, 9, 2, 4, True),
    "same-2-plain": ("same", 2, False, 3, 10, 2, 3, False),
    "same-3-norm": ("same", 3, True, 1, 11, 3, 4, True),
    "same-3-plain": ("same", 3, False, 1, 10, 3, 3, True),
    "valid-1-norm": ("valid", 1, True, 1, 13, 3, 3, True),
    "valid-1-plain": ("valid", 1, False, 2, 13, 2, 3, False),
    "valid-2-norm": ("valid", 2, True, 1, 19, 3, 4, False),
    "valid-2-plain": ("valid", 2, False, 1, 19, 4, 3, False),
    "valid-3-norm": ("valid", 3, True, 1, 25, 2, 3, False),
    "valid-3-plain": ("valid", 3, False, 1, 25, 3, 3, False),
    "cropped-norm": ("valid", 3, True, 1, 31, 2, 3, False),
}


def draw(name, seed):
    padding, stride, norm, channels, side, filters, examples, _ = NETS[name]
    random = np.random.Generator(np.random.Philox([seed, *name.encode()]))
    network = Network(padding, stride, norm)
    parameters, statistics, names = [], [], []

    def rounded(values, digits):
        return np.array([Real(f"{v:.{digits}f}") for v in np.ravel(values)], Real).reshape(np.shape(values))

    def layer(name, shape, hidden):
        names.extend([f"{name}.weight", f"{name}.bias"] + ([f"{name}.norm.weight", f"{name}.norm.bias"] if hidden and norm else []))
        parameters.append(rounded(random.normal(0, np.sqrt(2 / np.prod(shape[1:])), shape), 3))
        parameters.append(rounded(random.uniform(-0.2, 0.2, shape[0]), 2))
        if hidden and norm:
            parameters.append(rounded(random.uniform(0.6, 1.4, shape[0]), 2))
            parameters.append(rounded(random.uniform(-0.2, 0.4, shape[0]), 2))
            statistics.append(rounded(random.uniform(-0.3, 0.3, shape[0]), 2))
            statistics.append(rounded(random.uniform(0.4, 1.5, shape[0]), 2))

    left = min(side, 28)
    for _ in range(2):
        left = -(-left // stride) if padding == "same" else (left - 4 - 3) // stride + 1
    layer("conv.0", (filters, channels, 5, 5), True)
    layer("conv.1", (filters, filters, 5, 5), True)
    layer("dense.0", (UNITS[0], filters * left * left), True)
    layer("dense.1", (UNITS[1], UNITS[0]), True)
    layer("output", (3, UNITS[1]), False)
    x = rounded(random.uniform(-1, 1, (examples, channels, side, side)), 2)
    labels = np.array([0, 2, 1, 2, 0])[:examples]
    signs = random.choice([-1, 1], 97)
    noise = rounded(random.normal(0, 1, 97), 1)
    return measures.Given(network, parameters, statistics, x, labels, signs, noise), names


def attempt(name, seed):
    padding, stride, norm, _, _, filters, n, arrays = NETS[name]
    given, names = draw(name, seed)
    batches = [[0, 1, 2], [1, 1, 0], [2, n - 1, 0], [0, 1, n - 1]]
    search = {"alpha": 0.04, "beta": 0.02, "max_iterations": 8} | ({"valid_range": [-1, 1]} if stride == 2 else {})
    radii = [round(0.06 * 1.15 ** k, 3) for k in range(14)]
    crossed = "smoothed_log" if stride == 3 else "cross_entropy"
    modes = ["evaluation"] if not norm else ["training", "evaluation"] if padding == "same" else ["training"]
    plan = {
        "forward": lambda: measures.forward(given),
        "lass": lambda: trainings.lass(given, search, radii, arrays),
        "trajectory": lambda: trainings.trajectory(given, "cross_entropy", batches, 0.1, 0.9, 0.01 if stride > 1 else 0),
        "adversarial": lambda: trainings.trajectory(
            given, "cross_entropy", batches[:2], 0.1, 0, 0, {**search, "radius": 0.1, "max_iterations": 4, "weight": 0.4}),
        "unrolled": lambda **how: trainings.unrolled(given, crossed, batches, 0.1, [2, 3], modes, arrays, **how),
        "input_gradient": lambda: measures.input_gradient(given, arrays),
        "grand": lambda: measures.grand(given),
        "curvature": lambda: measures.curvature(given, 2, 0.001),
        "hessian": lambda: measures.hessian(given, 5),
    }
    if not name.startswith("cropped"):
        plan["unrolled"](try_only=True)
    else:
        plan = {key: plan[key] for key in ("forward", "input_gradient", "grand")}
    case = {
        "name": name,
        "settings": {"padding": padding, "pool_stride": stride, "batch_norm": norm, "filters": filters, "units": UNITS, "classes": 3},
        "parameters": [{"name": n, "values": p} for n, p in zip(names, given.parameters)], "statistics": given.statistics, "inputs": given.x, "labels": given.labels,
        "signs": given.signs, "noise": given.noise, "expected": {}, "checks": {"seed": seed}}
    for section, make in plan.items():
        case["expected"][section], checks = make()
        case["checks"] |= {f"{section}_{key}": float(f"{value:.0e}") for key, value in checks.items()}
    return case


def make(name):
    for seed in range(1000):
        try:
            write(HERE / f"{name}.json", attempt(name, seed))
            print(name, seed, "done", flush=True)
            return
        except Kink as kink:
            print(name, seed, kink, flush=True)


def plain(value):
    """Numbers that JSON has, arrays cut to the digits that count."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)) and any(isinstance(item, (dict, np.ndarray)) for item in value):
        return [plain(item) for item in value]
    array = np.asarray(value)
    if array.dtype.kind in "Ubi" or not array.size:
        return array.tolist()
    largest = np.abs(array).max()
    places = DIGITS - int(np.ceil(np.log10(float(largest)))) if largest > 0 else 0
    text = [np.format_float_positional(v, precision=max(0, places), unique=True, trim="-") for v in np.ravel(array)]
    return np.array([float(t) + 0.0 for t in text]).reshape(array.shape).tolist()


def write(path, case):
    lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in plain(case).items() if key != "expected"]
    lines.append('"expected": {\n' + ",\n".join(
        f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in plain(case["expected"]).items()) + "\n}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    names = sys.argv[1:] or list(NETS)
    with multiprocessing.Pool(3) as workers:
        workers.map(make, names, chunksize=1)
