using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Why no trainer can take a sweep's pending trials, in words for the operator.</summary>
public static class WhyNobody
{
    private const int MostNamed = 4;

    /// <returns>Empty if some trainer can: then it is only a matter of free slots.</returns>
    public static string Of(SweepNeeds needs, IReadOnlyList<TrainerOffer> trainers)
    {
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentNullException.ThrowIfNull(trainers);
        if (trainers.Count == 0)
        {
            return "no trainer is connected";
        }

        // What a trainer is comes before what happens to it: a label will still be missing when a drain is over.
        var groups = trainers.GroupBy(trainer => CauseOf(needs, trainer)).OrderBy(group => group.Key).ToArray();
        return groups.Any(group => group.Key == Cause.None) ? "" : string.Join("; ", groups.Select(group =>
            Sentence(group.Key, needs, [.. group.OrderBy(trainer => trainer.Name, StringComparer.Ordinal)], isAll: groups.Length == 1)));
    }

    private static Cause CauseOf(SweepNeeds needs, TrainerOffer trainer) => (needs, trainer.Card) switch
    {
        var (asked, card) when Fit.Missing(asked, card).Count > 0 => Cause.Label,
        var (asked, card) when !Fit.HasMemory(asked, card) => Cause.Memory,
        var (asked, card) when !Fit.HasArithmetic(asked, card) => Cause.Arithmetic,
        _ => trainer.Hindrance switch
        {
            Hindrance.Refused => Cause.Refused,
            Hindrance.Drained => Cause.Drained,
            Hindrance.Unreachable => Cause.Unreachable,
            _ => Cause.None,
        },
    };

    private static string Sentence(Cause cause, SweepNeeds needs, TrainerOffer[] trainers, bool isAll) => cause switch
    {
        Cause.Label => LabelSentence(needs, trainers, isAll),
        Cause.Memory => MemorySentence(needs.Requires.MemoryBytes, trainers, isAll),
        Cause.Arithmetic => ArithmeticSentence(needs.InstructionSet, trainers),
        Cause.Refused => string.Join("; ", trainers.Select(trainer => ((Hindrance.Refused)trainer.Hindrance!).Why).Distinct()),
        Cause.Drained when isAll => "every trainer is drained; let one work again with: memcluster drain NODE --undo",
        Cause.Drained => $"{Names(trainers)} {Is(trainers)} drained",
        _ => $"{Names(trainers)} can't be reached",
    };

    private static string LabelSentence(SweepNeeds needs, TrainerOffer[] trainers, bool isAll)
    {
        if (!isAll)
        {
            return $"{Names(trainers)} {(trainers.Length == 1 ? "does" : "do")} not offer {Labels([.. trainers.SelectMany(trainer => Fit.Missing(needs, trainer.Card)).Distinct()])}";
        }

        // Labels that nobody has; where each is somewhere, that no one has them together.
        string[] nowhere = [.. needs.Requires.Labels.Where(label => !trainers.Any(trainer => trainer.Card.Labels.Contains(label)))];
        var offers = trainers
            .GroupBy(trainer => trainer.Card.Labels.Count == 0 ? "none" : string.Join(", ", trainer.Card.Labels))
            .Select(group => $"{Names([.. group])} {(group.Count() == 1 ? "offers" : "offer")}: {group.Key}");
        return $"no trainer offers {(nowhere.Length > 0 ? Labels(nowhere) : $"{Labels([.. needs.Requires.Labels])} together")}; {string.Join("; ", offers.Take(MostNamed))}";
    }

    private static string MemorySentence(long asked, TrainerOffer[] trainers, bool isAll)
    {
        var most = trainers.MaxBy(trainer => trainer.Card.MemoryBytes)!;
        return isAll
            ? $"a trial asks for {MemorySize.Rounded(asked)} of memory, and no trainer has more than {MemorySize.Rounded(most.Card.MemoryBytes)} ({most.Name})"
            : $"{Names(trainers)} {(trainers.Length == 1 ? "has" : "have")} less than the {MemorySize.Rounded(asked)} of memory that a trial asks for";
    }

    private static string ArithmeticSentence(string asked, TrainerOffer[] trainers)
    {
        var offers = trainers
            .GroupBy(trainer => trainer.Card.InstructionSet == NumericsSettings.Cuda ? $"on {trainer.Card.Device}" : $"with {trainer.Card.InstructionSet} on the cpu")
            .Select(group => $"{Names([.. group])} {(group.Count() == 1 ? "computes" : "compute")} {group.Key}");
        return $"it asks for numerics {asked}; {string.Join("; ", offers)}";
    }

    private static string Labels(string[] labels) => $"{(labels.Length == 1 ? "label" : "labels")} {Joined(labels)}";

    private static string Is(TrainerOffer[] trainers) => trainers.Length == 1 ? "is" : "are";

    private static string Names(TrainerOffer[] trainers) => Joined([.. trainers.Select(trainer => trainer.Name)]);

    private static string Joined(string[] words) => words.Length switch
    {
        1 => words[0],
        <= MostNamed => $"{string.Join(", ", words[..^1])} and {words[^1]}",
        _ => $"{string.Join(", ", words[..MostNamed])} and {Phrases.Count(words.Length - MostNamed)} more",
    };

    /// <summary>In the order of telling.</summary>
    private enum Cause
    {
        None,
        Label,
        Memory,
        Arithmetic,
        Refused,
        Drained,
        Unreachable,
    }
}
