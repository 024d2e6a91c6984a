using System.Collections.Immutable;

namespace MemCluster.Sweeps.Claims;

/// <summary>
/// A place on an axis that a claim leaves to the results: where they are largest, or smallest. What is largest among several is too large by its own luck, the more so the
/// more there are, so the claim is about all of them at once: each place gets an interval, wider by the number of places (Bonferroni 1936), and the largest of the
/// lower ends and of the upper ends are the ends for the largest. Whatever the places have in common, it covers as it says.
/// </summary>
/// <param name="Term">An <see cref="Term.Across"/> or <see cref="Term.Envelope"/>.</param>
/// <param name="Part">Of the term: a spread chooses two places.</param>
/// <param name="IsMax">Whether the whole claim's number is to be as large as it can be, or as small.</param>
/// <param name="IsBefore">Of the term that is subtracted, in a claim along an axis.</param>
internal sealed record Choice(Term Term, int Part, ImmutableArray<int> Places, bool IsMax, bool IsBefore = false)
{
    /// <summary>Those that a term leaves open. What stands inside of one is settled in each seed by itself.</summary>
    /// <param name="isUp">Whether a larger value of the term makes the whole larger.</param>
    public static IEnumerable<Choice> Of(Term term, bool isUp) => term switch
    {
        Term.Difference difference => Of(difference.First, isUp).Concat(Of(difference.Second, !isUp)),
        Term.Ratio ratio => Of(ratio.Above, isUp).Concat(Of(ratio.Below, !isUp)),
        Term.Across { Take: Take.Max } across => [new(across, 0, across.Points.Values, isUp)],
        Term.Across { Take: Take.Min } across => [new(across, 0, across.Points.Values, !isUp)],
        Term.Across { Take: Take.Spread } across => [new(across, 0, across.Points.Values, isUp), new(across, 1, across.Points.Values, isUp)],
        Term.Envelope envelope => [new(envelope, 0, envelope.Points.Values, isUp)],
        _ => [],
    };

    /// <summary>In how many ways the places can be chosen.</summary>
    public static int Ways(IEnumerable<Choice> choices) => choices.Aggregate(1, (product, choice) => checked(product * choice.Places.Length));

    /// <summary>What is known of the number if every place is the best.</summary>
    /// <param name="of">With these places chosen, by the order of the choices.</param>
    public static Estimate Best(ReadOnlySpan<Choice> choices, ImmutableArray<int> chosen, Func<ImmutableArray<int>, Estimate> of)
    {
        if (chosen.Length == choices.Length)
        {
            return of(chosen);
        }

        var choice = choices[chosen.Length];
        var each = new Estimate[choice.Places.Length];
        for (var place = 0; place < each.Length; place++)
        {
            each[place] = Best(choices, chosen.Add(choice.Places[place]), of);
        }

        return each.Length == 1 ? each[0] : Estimate.Best(each, choice.IsMax);
    }
}

/// <summary>Places that were chosen.</summary>
internal sealed class Picks(IReadOnlyList<Choice> choices, ImmutableArray<int> chosen, bool isBefore)
{
    public int PlaceOf(Term term, int part)
    {
        for (var i = 0; i < choices.Count; i++)
        {
            if (ReferenceEquals(choices[i].Term, term) && choices[i].Part == part && choices[i].IsBefore == isBefore)
            {
                return chosen[i];
            }
        }

        throw new InvalidOperationException("A place is asked for that nobody has chosen.");
    }
}
