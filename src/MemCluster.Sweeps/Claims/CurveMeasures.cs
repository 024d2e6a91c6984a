namespace MemCluster.Sweeps.Claims;

/// <summary>
/// Measures over several trials that make a curve, and along what it runs: an axis, or the epochs of trials that differ in their seeds alone.
/// </summary>
public static class CurveMeasures
{
    public const string Complexity = "effective_model_complexity";
    public const string Height = "double_descent_height";
    public const string Peak = "double_descent_peak";
    internal const string Key = "through";
    private const string Epoch = "epoch";
    private const string TrainSize = "data.train";

    internal static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>
    {
        [Complexity] = "the largest training set that is fitted: mean train error of the seeds at most 0.1 (Nakkiran et al. 2019)",
        [Height] = "how far the last validation error, rising and falling again along an axis or the epochs, peaks above the lower ground beside it (double descent)",
        [Peak] = "where along the axis or the epochs it peaks",
    };

    public static bool Is(string name) => Known.ContainsKey(name);

    /// <param name="node">What stands under <c>through</c>; null for nothing.</param>
    /// <param name="through">The axis that the curve runs along; null for the epochs, and for a measure without a curve.</param>
    /// <returns>False where this can't be; why is then in the list, or what the sweep lacks in the axes.</returns>
    internal static bool Read(string name, SpecNode? node, SpecPlace place, ClaimAxes axes, ProblemList problems, out Points? through)
    {
        through = null;
        if (!Is(name))
        {
            if (node is not null)
            {
                problems.Add(node.Place, $"{name} does not run along anything; take '{Key}' out");
            }

            return node is null;
        }

        if (name == Complexity)
        {
            through = axes.Points(Key, node ?? SpecScalar.Of(TrainSize) with { Place = place });
            if (through is not null && axes[through.Axis].Setting.Path != TrainSize)
            {
                problems.Add(node!.Place, $"{name} runs along {TrainSize}; write '{Key}: {TrainSize}'");
                return false;
            }

            return through is not null;
        }

        if (node is null)
        {
            problems.Add(place, $"{name} is about a curve; say along what, with '{Key}: capacity', another axis, or '{Key}: {Epoch}'");
            return false;
        }

        if (node is SpecScalar { Text: Epoch })
        {
            return true;
        }

        through = axes.Points(Key, node);
        return through is not null && axes.HasSeveral(through, Statistics.DoubleDescent.LeastPoints, $"{name} needs", node.Place);
    }

    /// <summary>The term's places with the axis of the curve left to run.</summary>
    internal static TermScope Running(TermScope scope, Points? through) =>
        through is null ? scope : scope with { Places = scope.Places.SetItem(through.Axis, -1), Free = scope.Free.Add(through.Axis) };
}
