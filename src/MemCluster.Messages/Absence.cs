using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MemCluster.Messages;

/// <summary>Why a measure gave no finite number. That is a result too, with a word of its own (docs/decisions/0016-numbers-that-are-not.md).</summary>
public enum Absence : byte
{
    /// <summary>The measure itself says that there is no such number here, as of a Gini coefficient of zeros. No fault.</summary>
    NotDefined = 1,

    /// <summary>The number came out NaN, and nobody expected it.</summary>
    Nan = 2,

    /// <summary>It came out as an infinity that does not stand for "never".</summary>
    Infinite = 3,
}

/// <summary>Tells numbers that are not finite apart, in memory, in the journal and in words.</summary>
public static class Absences
{
    /// <summary>
    /// A quiet NaN with "undef" in ASCII as its payload: journals hold it, so it never changes. Arithmetic makes NaN without a payload, so that what merely
    /// came out NaN is told from it; and whoever does not know it sees a NaN.
    /// </summary>
    public const long NotDefinedBits = 0x7FF8_0075_6E64_6566;

    /// <summary>What a measure gives where it is not defined. Never to be compared: ask <see cref="Of"/>.</summary>
    public static double NotDefined { get; } = BitConverter.Int64BitsToDouble(NotDefinedBits);

    public static ImmutableSortedDictionary<string, Absence> None => ImmutableSortedDictionary<string, Absence>.Empty;

    /// <returns>Null for a finite number.</returns>
    public static Absence? Of(double value) => double.IsFinite(value) ? null
        : (BitConverter.DoubleToInt64Bits(value) & long.MaxValue) == NotDefinedBits ? Absence.NotDefined
        : double.IsNaN(value) ? Absence.Nan
        : Absence.Infinite;

    /// <summary>
    /// Of a number measured after an epoch. An accuracy is NaN only where there are no examples to be right about, and the loss over the same examples then
    /// is too; so these are not defined, also in journals of before there was a word for it.
    /// </summary>
    /// <param name="names">Of <paramref name="numbers"/>, in their order.</param>
    public static Absence? OfEpoch(IReadOnlyList<string> names, ReadOnlySpan<double> numbers, int place)
    {
        if (!double.IsNaN(numbers[place]))
        {
            return Of(numbers[place]);
        }

        var accuracy = names[place] switch
        {
            MeasureNames.TrainLoss => MeasureNames.TrainAccuracy,
            MeasureNames.ValidationLoss => MeasureNames.ValidationAccuracy,
            var name => name,
        };
        for (var other = 0; other < names.Count; other++)
        {
            if (names[other] == accuracy)
            {
                return double.IsNaN(numbers[other]) ? Absence.NotDefined : Of(numbers[place]);
            }
        }

        return Of(numbers[place]);
    }

    /// <summary>How many numbers of a part are absent, by word. An infinity that says "never" is not, nor an example that has no such score; a label or a bit can't be.</summary>
    public static IEnumerable<(Absence Word, int Numbers)> In(FindingPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var counts = new int[4];
        switch (part.Form)
        {
            case FindingForms.Singles:
                var mayBeNever = MeasureKind.MayBeNever.Contains(part.Name);
                var ofSome = MeasureKind.OfSomeExamples.Contains(part.Name);
                foreach (var single in MemoryMarshal.Cast<byte, float>(part.Values))
                {
                    if (!float.IsFinite(single) && !(mayBeNever && float.IsPositiveInfinity(single)) && !(ofSome && float.IsNaN(single)))
                    {
                        counts[(int)(float.IsNaN(single) ? Absence.Nan : Absence.Infinite)]++;
                    }
                }

                break;
            case FindingForms.Number or FindingForms.Matrix:
                foreach (var number in MemoryMarshal.Cast<byte, double>(part.Values))
                {
                    if (Of(number) is { } word)
                    {
                        counts[(int)word]++;
                    }
                }

                break;
        }

        return Enum.GetValues<Absence>().Where(word => counts[(int)word] > 0).Select(word => (word, counts[(int)word]));
    }

    /// <summary>As people read it: "el2n_mean came out NaN".</summary>
    public static string Words(Absence word) => word switch
    {
        Absence.NotDefined => "not defined",
        Absence.Nan => "came out NaN",
        _ => "infinite",
    };
}
