using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>
/// The constants of the Langevin adversarial sample search, in pixel units; inputs that are scaled otherwise say how much of theirs one is
/// (<paramref name="PixelUnits"/>).
/// </summary>
/// <param name="Alpha">Length of a sign step; the paper: 0.25 of 255.</param>
/// <param name="Beta">Standard deviation of the noise added in each step; the paper: 0.2 of 255.</param>
/// <param name="Radius">Half the side of the box around an example that is searched; the paper: 0.3 of 255.</param>
/// <param name="MaxIterations">The paper is silent; 100 in its author's code.</param>
/// <param name="ValidRange">Where inputs must stay besides; null (as there): anywhere.</param>
/// <param name="PixelUnits">How much of the inputs one pixel unit is, of a shape that goes with theirs, such as 1 × channels × 1 × 1; null: 1.</param>
/// <param name="NewHitsBelow">
/// Null (the paper's text): an example stops alone, where it first becomes critical. A number: the author's code instead, where all keep moving
/// until an iteration finds fewer new critical examples than this (there 20); biased low on small sets.
/// </param>
public sealed record LassConstants(
    double Alpha = 0.25 / 255, double Beta = 0.2 / 255, double Radius = 0.3 / 255, int MaxIterations = 100,
    (double Low, double High)? ValidRange = null, int? NewHitsBelow = null, Tensor? PixelUnits = null)
{
    /// <summary>From pixel units to those of the inputs.</summary>
    internal Tensor Scaled(Tensor pixels) => PixelUnits is { } units ? pixels * units : pixels;
}

/// <summary>What the search found.</summary>
/// <param name="Predicted">The class at each example itself, which the search tries to leave.</param>
/// <param name="SuccessIteration">The step, from 1, after which the prediction differed; 0 if it never did.</param>
/// <param name="FinalInputs">Where each example ended.</param>
/// <param name="NewHits">Newly critical examples per iteration that was run.</param>
public sealed record LassResult(int[] Predicted, int[] SuccessIteration, Tensor FinalInputs, int[] NewHits) : IDisposable
{
    public bool[] Critical => Array.ConvertAll(SuccessIteration, iteration => iteration > 0);

    /// <summary>The critical sample ratio, 0 to 1: a lower bound on how many examples lie near a decision boundary.</summary>
    public double CriticalSampleRatio => (double)SuccessIteration.Count(iteration => iteration > 0) / SuccessIteration.Length;

    public void Dispose() => FinalInputs.Dispose();
}

/// <summary>
/// LASS and the critical sample ratio: Arpit et al. 2017, section 4.1 and algorithm 1, read as its author's code does (the printed algorithm has
/// slips): x moves by α·sign of the gradient of the predicted class's cross-entropy plus β·η, clipped to the box.
/// </summary>
public static class Lass
{
    /// <param name="inputs">Examples first. Eval mode, any number; memory is a few times theirs.</param>
    /// <param name="noise">
    /// η of an iteration (from 1), of the inputs' shape; read for every example whether or not others have stopped. Not asked where beta is 0.
    /// </param>
    /// <returns>To be disposed of: it holds the final inputs.</returns>
    /// <exception cref="OperationCanceledException">Stopped between iterations.</exception>
    public static LassResult Search(
        IDifferentiableNetwork network, IReadOnlyList<Tensor> parameters, Tensor inputs, LassConstants constants, Func<int, Tensor> noise,
        CancellationToken stop = default)
    {
        using var scope = NewDisposeScope();
        using var off = no_grad();
        var fixedParameters = parameters.Select(parameter => parameter.detach()).ToArray();
        var look = Look.At(network, fixedParameters, inputs, null);
        var predicted = look.Own.ToInts();
        var (lowest, highest) = constants.PixelUnits is { } units
            ? (inputs.Plus(units, -constants.Radius), inputs.Plus(units, constants.Radius))
            : (inputs.Plus(-constants.Radius), inputs.Plus(constants.Radius));
        var moving = inputs.detach().clone();
        var success = new int[inputs.shape[0]];
        var newHits = new List<int>();

        // The examples that move, and their places in the last look.
        var (active, places) = (Enumerable.Range(0, success.Length).ToArray(), Enumerable.Range(0, success.Length).ToArray());
        for (var iteration = 1; iteration <= constants.MaxIterations && active.Length > 0; iteration++)
        {
            stop.ThrowIfCancellationRequested();
            using var step = NewDisposeScope();
            var (rows, seen) = (Tensors.Indices(active), Tensors.Indices(places));
            var x = look.Inputs.index_select(0, seen).Add(constants.Scaled(look.Direction().index_select(0, seen)), constants.Alpha);
            if (constants.Beta != 0)
            {
                x.Add(constants.Scaled(noise(iteration).index_select(0, rows)), constants.Beta);
            }

            x = x.maximum(lowest.index_select(0, rows)).minimum(highest.index_select(0, rows));
            if (constants.ValidRange is { } range)
            {
                x.Clamp(range.Low, range.High);
            }

            moving.index_copy_(0, rows, x);
            var next = Look.At(network, fixedParameters, x, look.Own.index_select(0, seen));
            var escaped = next.Escaped();
            newHits.Add(Note(active, escaped, success, iteration));
            places = [.. Enumerable.Range(0, active.Length).Where(place => constants.NewHitsBelow is not null || !escaped[place])];
            active = [.. places.Select(place => active[place])];
            look.Dispose();
            look = next.Kept();
            if (newHits[^1] < constants.NewHitsBelow)
            {
                break;
            }
        }

        return new(predicted, success, moving.MoveToOuterDisposeScope(), [.. newHits]);
    }

    /// <summary>The search at several radii with the same noise: each ratio depends on its own radius alone, not on which others are asked for.</summary>
    public static double[] CriticalSampleRatios(
        IDifferentiableNetwork network, IReadOnlyList<Tensor> parameters, Tensor inputs, LassConstants constants, IReadOnlyList<double> radii,
        Func<int, Tensor> noise, CancellationToken stop = default) =>
    [
        .. radii.Select(radius =>
        {
            using var found = Search(network, parameters, inputs, constants with { Radius = radius }, noise, stop);
            return found.CriticalSampleRatio;
        }),
    ];

    /// <summary>Keyed noise for <see cref="Search"/>.</summary>
    /// <param name="when">The epoch, say: other numbers, other noise.</param>
    public static Func<int, Tensor> KeyedNoise(Seeds seeds, Tensor inputs, long when) =>
        iteration => Probes.Gaussian(seeds, Probes.LassNoise, inputs.shape, inputs.dtype, when, iteration);

    private static int Note(int[] active, bool[] escaped, int[] success, int iteration)
    {
        var hits = 0;
        for (var place = 0; place < active.Length; place++)
        {
            if (escaped[place] && success[active[place]] == 0)
            {
                success[active[place]] = iteration;
                hits++;
            }
        }

        return hits;
    }

    // One forward pass serves twice: it says who has escaped, and the others' next direction comes back through it.
    private sealed record Look(Tensor Inputs, Tensor Logits, Tensor Own) : IDisposable
    {
        /// <param name="own">The classes to leave; null: those predicted here.</param>
        public static Look At(IDifferentiableNetwork network, Tensor[] parameters, Tensor inputs, Tensor? own)
        {
            using var on = enable_grad();
            var leaf = inputs.detach().requires_grad_();
            var logits = network.Logits(parameters, leaf);
            return new(leaf, logits, own ?? logits.argmax(1));
        }

        public bool[] Escaped() => Array.ConvertAll(Logits.argmax(1).ne(Own).ToInts(), differs => differs != 0);

        // Sign of the gradient of logsumexp(the other logits) − z_c. It is the exact sign of the cross-entropy's gradient, (1 − p_c) times as
        // large; but 1 − p_c rounds to 0 at a logit gap of 17 in float32 (37 in float64), and the rounded gradient then points anywhere.
        public Tensor Direction()
        {
            using var on = enable_grad();
            var column = Own.unsqueeze(1);
            var isOwn = zeros_like(Logits, dtype: ScalarType.Bool, requires_grad: false).scatter(1, column, ones_like(column, dtype: ScalarType.Bool));
            var others = Logits.Where(isOwn, double.NegativeInfinity).logsumexp(1);
            return autograd.grad([(others - Logits.gather(1, column).squeeze(1)).sum()], [Inputs])[0].sign();
        }

        public Look Kept()
        {
            Inputs.MoveToOuterDisposeScope();
            Logits.MoveToOuterDisposeScope();
            Own.MoveToOuterDisposeScope();
            return this;
        }

        public void Dispose()
        {
            Inputs.Dispose();
            Logits.Dispose();
            Own.Dispose();
        }
    }
}
