using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Compares what was trained again with what is recorded, bit by bit: numbers that print alike may differ. Only NaN is NaN whatever its bits, where the house has
/// the same word for both (<see cref="Absence"/>): the sign of one is the processor's, not the trial's.
/// </summary>
public static class ReplayComparison
{
    private const string Weights = "weights";
    private const string Nothing = "nothing";

    /// <summary>The weights and the measures of an epoch; what was found at it, which may be told later, is compared for itself.</summary>
    /// <param name="recorded">Null: nothing is recorded of this epoch.</param>
    public static IEnumerable<ReplayDifference> Of(EpochRow? recorded, EpochMeasures replayed)
    {
        ArgumentNullException.ThrowIfNull(replayed);
        return recorded is null
            ? [new(replayed.Epoch, Weights, Nothing, replayed.Weights)]
            : OfText(replayed.Epoch, Weights, recorded.Weights, replayed.Weights).Concat(OfMeasures(recorded, replayed));
    }

    /// <summary>The trial's row in trials.csv.</summary>
    public static IEnumerable<ReplayDifference> Of(TrialOutcome recorded, TrialOutcome replayed)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        ArgumentNullException.ThrowIfNull(replayed);
        var names = recorded.Measures.Keys.Concat(replayed.Measures.Keys).Concat(Absent(recorded).Keys).Concat(Absent(replayed).Keys);
        return
        [
            .. OfText(null, "state", NameOf(recorded.State), NameOf(replayed.State)),
            .. OfText(null, "epochs", Text(recorded.Epochs), Text(replayed.Epochs)),
            .. OfText(null, Weights, recorded.Weights, replayed.Weights),
            .. names.Distinct().Order(StringComparer.Ordinal).SelectMany(name => OfText(null, name, Value(recorded, name), Value(replayed, name))),
        ];
    }

    /// <summary>What measures found, by epoch and name.</summary>
    public static IEnumerable<ReplayDifference> Of(IReadOnlyList<Finding> recorded, IReadOnlyList<Finding> replayed)
    {
        var (was, now) = (ByName(recorded), ByName(replayed));
        foreach (var key in was.Keys.Union(now.Keys).Order())
        {
            var (before, after) = (was.GetValueOrDefault(key), now.GetValueOrDefault(key));
            if (before is null || after is null || before.Form != after.Form || before.Values.Length != after.Values.Length)
            {
                yield return new(key.Epoch, key.Name, Shape(before), Shape(after));
            }
            else if (!before.Values.AsSpan().SequenceEqual(after.Values))
            {
                foreach (var difference in OfEntries(before, after))
                {
                    yield return difference;
                }
            }
        }
    }

    private static IEnumerable<ReplayDifference> OfText(int? epoch, string what, string recorded, string replayed)
    {
        if (recorded != replayed)
        {
            yield return new(epoch, what, recorded, replayed);
        }
    }

    private static IEnumerable<ReplayDifference> OfMeasures(EpochRow recorded, EpochMeasures replayed)
    {
        var was = MemoryMarshal.Cast<byte, double>(recorded.Values).ToArray();
        return recorded.Measures.Union(MeasureNames.Epoch).SelectMany(name => OfText(
            replayed.Epoch, name, Value(recorded.Measures, was, name), Value(MeasureNames.Epoch, [.. replayed.Values], name)));
    }

    private static IEnumerable<ReplayDifference> OfEntries(Finding recorded, Finding replayed)
    {
        var (was, now) = (recorded.ToNumbers(), replayed.ToNumbers());
        for (var entry = 0; entry < was.Length; entry++)
        {
            var name = recorded.Form == FindingForms.Number ? recorded.Name : string.Create(CultureInfo.InvariantCulture, $"{recorded.Name}[{entry}]");
            foreach (var difference in OfText(recorded.Epoch, name, Text(was[entry], recorded.Form), Text(now[entry], recorded.Form)))
            {
                yield return difference;
            }
        }
    }

    /// <summary>Of two with one name and epoch the last counts, as in the rows.</summary>
    private static Dictionary<(int Epoch, string Name), Finding> ByName(IReadOnlyList<Finding> findings)
    {
        var named = new Dictionary<(int, string), Finding>();
        foreach (var found in findings)
        {
            named[(found.Epoch, found.Name)] = found;
        }

        return named;
    }

    private static string Shape(Finding? found) => found is null ? Nothing
        : found.Form == FindingForms.Number ? Text(found.ToNumbers()[0])
        : string.Create(CultureInfo.InvariantCulture, $"{found.Values.Length} bytes of {found.Form}");

    private static string Value(IReadOnlyList<string> names, double[] numbers, string name)
    {
        for (var place = 0; place < names.Count; place++)
        {
            if (names[place] == name)
            {
                return Absences.OfEpoch(names, numbers, place) is { } word and not Absence.Infinite ? Absences.Words(word) : Text(numbers[place]);
            }
        }

        return Nothing;
    }

    private static string Value(TrialOutcome outcome, string name) =>
        outcome.Measures.TryGetValue(name, out var value) ? Text(value) : Absent(outcome).TryGetValue(name, out var word) ? Absences.Words(word) : Nothing;

    private static ImmutableSortedDictionary<string, Absence> Absent(TrialOutcome outcome) => outcome.Absent ?? Absences.None;

    private static string Text(double value, string form) =>
        form == FindingForms.Singles && float.IsFinite((float)value) ? ((float)value).ToString("R", CultureInfo.InvariantCulture) : Text(value);

    /// <summary>The shortest text that gives the same bits again, zero with its sign; two texts are the same where the bits are.</summary>
    private static string Text(double value) => Absences.Of(value) switch
    {
        null => value.ToString("R", CultureInfo.InvariantCulture),
        Absence.Infinite => value > 0 ? "infinite" : "-infinite",
        { } word => Absences.Words(word),
    };

    private static string NameOf(TrialState state) => state.ToString().ToLowerInvariant();
}
