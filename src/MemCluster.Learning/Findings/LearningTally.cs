using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Learning;

/// <summary>
/// What is remembered of each training example over the epochs measured: when it was learned and forgotten (from one measuring to the next;
/// Toneva et al. 2019 count presentations in training instead), and sums of its margin, loss and probability.
/// </summary>
internal sealed class LearningTally(int examples)
{
    private readonly double[] _margins = new double[examples];
    private readonly double[] _losses = new double[examples];
    private readonly double[] _probabilities = new double[examples];
    private readonly double[] _squares = new double[examples];
    private readonly LearningTimes _times = new(examples);

    /// <summary>Everything that it knows, by name: what a checkpoint has to keep.</summary>
    public IReadOnlyDictionary<string, double[]> State => new Dictionary<string, double[]>
    {
        ["margins"] = _margins,
        ["losses"] = _losses,
        ["probabilities"] = _probabilities,
        ["squares"] = _squares,
        ["forgotten"] = _times.Forgotten,
        ["first-right"] = _times.FirstRight,
        ["right-since"] = _times.RightSince,
        ["rows"] = [_times.Measured],
    };

    /// <summary>Goes on from a state that was kept.</summary>
    public void Restore(IReadOnlyDictionary<string, double[]> state)
    {
        foreach (var (name, values) in State.Where(entry => entry.Key != "rows"))
        {
            state[name].CopyTo(values, 0);
        }

        _times.Measured = (int)state["rows"][0];
    }

    public void Add(int epoch, LogitScores scores)
    {
        _times.Add(epoch, scores.Correct);
        for (var i = 0; i < examples; i++)
        {
            _margins[i] += scores.Margin[i];
            _losses[i] += scores.CrossEntropy[i];
            _probabilities[i] += scores.TrueProbability[i];
            _squares[i] += scores.TrueProbability[i] * scores.TrueProbability[i];
        }
    }

    /// <summary>The scores in the order of <see cref="MeasureKind.LearningScores"/>. A time of never is infinity.</summary>
    public IEnumerable<Finding> Scores(int epoch)
    {
        double[][] scores = [_times.ForgettingScores(), _times.FirstRight, _times.RightSince, Mean(_margins), _losses, Mean(_probabilities), Deviation()];
        return MeasureKind.LearningScores.Zip(scores, (name, values) => Finding.OfSingles(epoch, name, values))
            .Append(Finding.OfNumber(epoch, "unforgettable_share", _times.UnforgettableShare));
    }

    private double[] Mean(double[] sums) => Array.ConvertAll(sums, sum => sum / _times.Measured);

    // Over n, as cartography has it. Rounding may leave a number a little below zero.
    private double[] Deviation() => [.. _squares.Select((square, i) => Math.Sqrt(Math.Max(0, (square / _times.Measured) - (_probabilities[i] / _times.Measured * (_probabilities[i] / _times.Measured)))))];
}
