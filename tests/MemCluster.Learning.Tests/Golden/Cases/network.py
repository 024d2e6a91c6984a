"""The small convolutional network of the cases in 80-bit numbers: forward, and a reverse pass written by hand.

It shares nothing with what it is to check. Images are square. Parameters are one list of arrays: per layer weight and bias, and behind a hidden
layer that is normalized its gain and shift; statistics are one list: mean and variance of each normalized layer.
"""
import numpy as np

Real = np.longdouble
KERNEL, WINDOW, SIDE = 5, 3, 28
EPSILON = Real(1) / 100000
KEEP = Real(9) / 10  # of a running statistic, per batch


class Kink(Exception):
    """A step of a finite difference, or rounding to single precision, would cross a kink of ReLU or of pooling."""


class Watch:
    """Which side of every kink the passes since the last reset were on, and how near they came to one."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.sides, self.margin = [], Real(np.inf)

    def see(self, sides, distances):
        self.sides.append(sides.tobytes())
        if distances.size:
            self.margin = min(self.margin, distances.min())


WATCH = Watch()


class Network:
    def __init__(self, padding, stride, norm):
        self.padding, self.stride, self.norm = padding, stride, norm

    def forward(self, parameters, statistics, x, own):
        """Logits, what the reverse pass needs, and the statistics as training would leave them. own: normalize by the batch itself."""
        parameters, statistics, tape, after = list(parameters), list(statistics), [], []
        x = x.astype(Real)
        cut = max(0, x.shape[2] - SIDE)
        x = x[:, :, cut // 2:x.shape[2] - (cut - cut // 2), cut // 2:x.shape[3] - (cut - cut // 2)]
        tape.append(("crop", cut))
        for _ in range(2):
            x = self._hidden(convolve, tape, x, parameters, statistics, after, own)
            x = pool(x, self.padding, self.stride, tape)
        tape.append(("flatten", x.shape))
        x = x.reshape(len(x), -1)
        for _ in range(2):
            x = self._hidden(dense, tape, x, parameters, statistics, after, own)
        return dense(x, parameters.pop(0), parameters.pop(0), 0, tape), tape, after

    def _hidden(self, layer, tape, x, parameters, statistics, after, own):
        x = layer(x, parameters.pop(0), parameters.pop(0), KERNEL // 2 if self.padding == "same" else 0, tape)
        if self.norm:
            x = normalize(x, parameters.pop(0), parameters.pop(0), statistics.pop(0), statistics.pop(0), own, tape, after)
        WATCH.see(x > 0, np.abs(x))
        tape.append(("relu", x > 0))
        return np.where(x > 0, x, Real(0))

    @staticmethod
    def backward(tape, slope, images=True):
        """Of the sum over all logits of slope · logit: the derivatives in the parameters, and in the images where they are wanted."""
        gradients = []
        for place, step in reversed(list(enumerate(tape))):
            if place == 1 and not images:
                return convolution_gradients(slope, gradients, *step[1:3])[::-1], None
            slope = BACK[step[0]](slope, gradients, *step[1:])
        return gradients[::-1], slope


def windows(x, size, stride):
    view = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return view[:, :, ::stride, ::stride]


def convolve(x, weight, bias, padding, tape):
    """Cross-correlation with zeros around."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    view = windows(padded, KERNEL, 1)
    n, _, rows, columns = view.shape[:4]
    patches = np.ascontiguousarray(view.transpose(0, 2, 3, 1, 4, 5)).reshape(n * rows * columns, -1)
    flat = weight.reshape(len(weight), -1)
    tape.append(("convolve", patches, weight, padding, padded.shape))
    return (patches @ flat.T + bias).reshape(n, rows, columns, -1).transpose(0, 3, 1, 2)


def by_pixel(slope):
    return np.ascontiguousarray(slope.transpose(0, 2, 3, 1)).reshape(-1, slope.shape[1])


def convolution_gradients(slope, gradients, patches, weight):
    flat = by_pixel(slope)
    gradients.append(flat.sum(0))
    gradients.append((np.ascontiguousarray(flat.T) @ patches).reshape(weight.shape))
    return gradients


def back_convolve(slope, gradients, patches, weight, padding, shape):
    convolution_gradients(slope, gradients, patches, weight)
    flat, (n, filters, rows, columns) = by_pixel(slope), slope.shape
    spread = (flat @ weight.reshape(filters, -1)).reshape(n, rows, columns, shape[1], KERNEL, KERNEL)
    padded = np.zeros(shape, Real)
    for i in range(KERNEL):
        for j in range(KERNEL):
            padded[:, :, i:i + rows, j:j + columns] += spread[..., i, j].transpose(0, 3, 1, 2)
    return padded[:, :, padding:shape[2] - padding, padding:shape[3] - padding]


def dense(x, weight, bias, _, tape):
    tape.append(("dense", x, weight))
    return x @ weight.T + bias


def back_dense(slope, gradients, x, weight):
    gradients.append(slope.sum(0))
    gradients.append(slope.T @ x)
    return slope @ weight


def normalize(x, gain, shift, mean, variance, own, tape, after):
    axes = (0, 2, 3) if x.ndim == 4 else (0,)
    shape = (1, -1) + (1,) * (x.ndim - 2)
    if own:
        count = x.size // x.shape[1]
        center = x.mean(axes)
        spread = ((x - center.reshape(shape)) ** 2).mean(axes)
        # The running variance is of n - 1, the one that normalizes of n.
        after.extend([KEEP * mean + (1 - KEEP) * center, KEEP * variance + (1 - KEEP) * spread * count / (count - 1)])
    else:
        center, spread = mean, variance
    scale = (1 / np.sqrt(spread + EPSILON)).reshape(shape)
    standard = (x - center.reshape(shape)) * scale
    tape.append(("normalize", standard, scale, gain.reshape(shape), axes, own))
    return standard * gain.reshape(shape) + shift.reshape(shape)


def back_normalize(slope, gradients, standard, scale, gain, axes, own):
    gradients.append(slope.sum(axes))
    gradients.append((slope * standard).sum(axes))
    inner = slope * gain
    if own:
        inner = inner - inner.mean(axes, keepdims=True) - standard * (inner * standard).mean(axes, keepdims=True)
    return inner * scale


def pool(x, padding, stride, tape):
    """Largest of 3 x 3. Same: as many windows as strides begin, what sticks out shared by both sides, the odd pixel at the end."""
    size = x.shape[2]
    if padding == "same":
        outside = max(0, (-(-size // stride) - 1) * stride + WINDOW - size)
        before, behind = outside // 2, outside - outside // 2
    else:
        before = behind = 0
    padded = np.pad(x, ((0, 0), (0, 0), (before, behind), (before, behind)), constant_values=-np.inf)
    view = windows(padded, WINDOW, stride)
    view = view.reshape(view.shape[:4] + (-1,))
    best = view.argmax(-1)
    ranked = np.sort(view, -1)
    alive = ranked[..., -1] > 0  # elsewhere all are zeros, and ReLU stops what comes back
    WATCH.see(np.where(alive, best, -1), (ranked[..., -1] - ranked[..., -2])[alive])
    tape.append(("pool", best, padded.shape, before, behind, stride))
    return ranked[..., -1]


def back_pool(slope, gradients, best, shape, before, behind, stride):
    padded = np.zeros(shape, Real)
    rows, columns = slope.shape[2:]
    for place in range(WINDOW * WINDOW):
        i, j = divmod(place, WINDOW)
        padded[:, :, i:i + stride * (rows - 1) + 1:stride, j:j + stride * (columns - 1) + 1:stride] += np.where(best == place, slope, 0)
    return padded[:, :, before:shape[2] - behind, before:shape[3] - behind]


BACK = {
    "crop": lambda slope, _, cut: np.pad(slope, ((0, 0), (0, 0)) + ((cut // 2, cut - cut // 2),) * 2),
    "convolve": back_convolve,
    "dense": back_dense,
    "normalize": back_normalize,
    "relu": lambda slope, _, positive: np.where(positive, slope, 0),
    "pool": back_pool,
    "flatten": lambda slope, _, shape: slope.reshape(shape),
}


def probabilities(logits):
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def losses(kind, logits, labels):
    own = probabilities(logits)[np.arange(len(labels)), labels]
    return -np.log(own) if kind == "cross_entropy" else -np.log(Real(1) / 10 + own) / logits.shape[1]


def loss_slopes(kind, logits, labels):
    """Of each example's own loss in its logits."""
    p = probabilities(logits)
    one = np.zeros_like(p)
    one[np.arange(len(labels)), labels] = 1
    if kind == "cross_entropy":
        return p - one
    own = (p * one).sum(1, keepdims=True)
    return own * (p - one) / (Real(1) / 10 + own) / logits.shape[1]
