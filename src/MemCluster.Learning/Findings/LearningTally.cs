using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// What is remembered of each training example over the epochs measured: how often it was forgotten (right, then wrong at the next measuring;
/// Toneva et al. 2019 count presentations in training instead), when it was learned, and sums of its margin, loss and probability.
/// </summary>
internal sealed class LearningTally(int examples)
{
    private readonly double[] _margins = new double[examples];
    private readonly double[] _losses = new double[examples];
    private readonly double[] _probabilities = new double[examples];
    private readonly double[] _squares = new double[examples];
    private readonly double[] _forgotten = new double[examples];
    private readonly double[] _firstRight = NewFilled(examples);
    private readonly double[] _rightSince = NewFilled(examples);
    private int _rows;

    /// <summary>Everything that it knows, by name: what a checkpoint has to keep.</summary>
    public IReadOnlyDictionary<string, double[]> State => new Dictionary<string, double[]>
    {
        ["margins"] = _margins,
        ["losses"] = _losses,
        ["probabilities"] = _probabilities,
        ["squares"] = _squares,
        ["forgotten"] = _forgotten,
        ["first-right"] = _firstRight,
        ["right-since"] = _rightSince,
        ["rows"] = [_rows],
    };

    /// <summary>Goes on from a state that was kept.</summary>
    public void Restore(IReadOnlyDictionary<string, double[]> state)
    {
        foreach (var (name, values) in State.Where(entry => entry.Key != "rows"))
        {
            state[name].CopyTo(values, 0);
        }

        _rows = (int)state["rows"][0];
    }

    public void Add(int epoch, LogitScores scores)
    {
        _rows++;
        for (var i = 0; i < examples; i++)
        {
            _margins[i] += scores.Margin[i];
            _losses[i] += scores.CrossEntropy[i];
            _probabilities[i] += scores.TrueProbability[i];
            _squares[i] += scores.TrueProbability[i] * scores.TrueProbability[i];
            if (!scores.Correct[i])
            {
                _forgotten[i] += double.IsFinite(_rightSince[i]) ? 1 : 0;
                _rightSince[i] = double.PositiveInfinity;
            }
            else if (!double.IsFinite(_rightSince[i]))
            {
                _rightSince[i] = epoch;
                _firstRight[i] = Math.Min(_firstRight[i], epoch);
            }
        }
    }

    /// <summary>The scores in the order of <see cref="MeasureKind.LearningScores"/>. Never learned is infinity; so is never for good.</summary>
    public IEnumerable<Finding> Scores(int epoch)
    {
        double[][] scores = [_forgotten, _firstRight, _rightSince, Mean(_margins), _losses, Mean(_probabilities), Deviation()];
        return MeasureKind.LearningScores.Zip(scores, (name, values) => Finding.OfSingles(epoch, name, values))
            .Append(Finding.OfNumber(epoch, "unforgettable_share", Enumerable.Range(0, examples).Count(i => double.IsFinite(_firstRight[i]) && _forgotten[i] == 0) / (double)examples));
    }

    private double[] Mean(double[] sums) => Array.ConvertAll(sums, sum => sum / _rows);

    // Over n, as cartography has it. Rounding may leave a number a little below zero.
    private double[] Deviation() => [.. _squares.Select((square, i) => Math.Sqrt(Math.Max(0, (square / _rows) - (_probabilities[i] / _rows * (_probabilities[i] / _rows)))))];

    private static double[] NewFilled(int count)
    {
        var never = new double[count];
        Array.Fill(never, double.PositiveInfinity);
        return never;
    }
}
