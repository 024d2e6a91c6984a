using MemCluster.Messages;
using MemCluster.Statistics;

namespace MemCluster.Learning;

/// <summary>
/// When each example of the first split was learned, and when it was forgotten after training went on with the second (Maini et al. 2022, section 3): the epoch since which it was
/// right until the first phase ended, and the epoch of the second phase, counted from 1, since which it is wrong. Never is infinity. An example that was not learned is wrong from
/// the start, if it stays so.
/// </summary>
/// <param name="second">Of each example, whether it is in the second split: these have no such times.</param>
/// <param name="after">Epochs of the first phase.</param>
internal sealed class SplitTally(bool[] second, int after)
{
    /// <summary>Of the right ones in the first split, how many are called late.</summary>
    private const double LateShare = 0.1;

    private readonly LearningTimes _first = new(second.Length);

    // Told who is wrong, it knows since when.
    private readonly LearningTimes _second = new(second.Length);

    /// <summary>Everything that it knows, by name: what a checkpoint has to keep.</summary>
    public IReadOnlyDictionary<string, double[]> State => new Dictionary<string, double[]>
    {
        ["first-split-right-since"] = _first.RightSince,
        ["second-split-wrong-since"] = _second.RightSince,
    };

    /// <summary>Goes on from a state that was kept.</summary>
    public void Restore(IReadOnlyDictionary<string, double[]> state)
    {
        foreach (var (name, values) in State)
        {
            state[name].CopyTo(values, 0);
        }
    }

    /// <param name="correct">Which examples are right after this epoch.</param>
    public void Add(int epoch, bool[] correct)
    {
        if (epoch <= after)
        {
            _first.Add(epoch, correct);
        }
        else
        {
            _second.Add(epoch - after, Array.ConvertAll(correct, right => !right));
        }
    }

    /// <summary>The two times, NaN where an example is not of the first split, and the shares.</summary>
    /// <param name="wrong">Which examples have a wrong label.</param>
    public IEnumerable<Finding> Scores(int epoch, bool[] wrong)
    {
        var mine = Enumerable.Range(0, second.Length).Where(example => !second[example]).ToArray();
        var learned = Array.FindAll(mine, example => double.IsFinite(_first.RightSince[example]));
        var clean = Array.FindAll(learned, example => !wrong[example]);
        var late = clean.OrderByDescending(example => _first.RightSince[example]).ThenBy(example => example).Take((int)Math.Ceiling(LateShare * clean.Length)).ToArray();
        return
        [
            Finding.OfSingles(epoch, "first_split_learned", OfMine(_first.RightSince)),
            Finding.OfSingles(epoch, "second_split_forgetting", OfMine(_second.RightSince)),
            Finding.OfNumber(epoch, MeasureKind.FirstSplitLearnedShare, Defined.Share(learned.Length, mine.Length)),
            Finding.OfNumber(epoch, MeasureKind.ForgottenShare, Forgotten(learned)),
            Finding.OfNumber(epoch, MeasureKind.ForgottenCleanShare, Forgotten(clean)),
            Finding.OfNumber(epoch, MeasureKind.ForgottenCorruptedShare, Forgotten(Array.FindAll(learned, example => wrong[example]))),
            Finding.OfNumber(epoch, MeasureKind.ForgottenLateShare, Forgotten(late)),
        ];
    }

    private IEnumerable<double> OfMine(double[] times) => times.Select((time, example) => second[example] ? double.NaN : time);

    private double Forgotten(int[] examples) => Defined.Share(examples.Count(example => double.IsFinite(_second.RightSince[example])), examples.Length);
}
