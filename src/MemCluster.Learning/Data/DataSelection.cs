using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>The clean examples of one trial, before any noise.</summary>
/// <param name="Card">Of the images as they are stored.</param>
/// <param name="UniqueLabels">Whether every training example is a class of its own.</param>
/// <param name="Standardized">Whether images are scaled, after the noise, as <see cref="Scaling"/> does.</param>
/// <param name="Pool">Pixels a side of the squares whose means a trial sees; 1: the images as they are stored.</param>
public sealed record DataSelection(DataSetCard Card, DataPart Train, DataPart Validation, int Pool = 1, bool UniqueLabels = false, bool Standardized = false)
{
    /// <summary>Which the training examples are; null: the first ones.</summary>
    public DataDraw? Drawn { get; init; }

    /// <summary>What an example's noise is keyed by: where examples are drawn its place in the file, so that it has the same noise in every draw.</summary>
    /// <param name="example">Its place among the trial's training examples, from 0.</param>
    public int KeyOf(int example) => Drawn is { } drawn ? drawn.Numbers[example] : example;

    /// <summary>The first <paramref name="count"/> examples in file order, or the first count/classes of each class.</summary>
    /// <param name="parts">The examples there are, in file order; read only as far as needed.</param>
    /// <exception cref="DataProblem">There are too few, or of one class too few.</exception>
    internal static DataPart First(IEnumerable<DataPart> parts, DataSetCard card, int count, bool balanced)
    {
        var room = Room(card, count, balanced);
        var (pixels, labels) = (new byte[(long)count * card.Pixels], new byte[count]);
        var taken = 0;
        foreach (var part in parts)
        {
            for (var i = 0; i < part.Count && taken < count; i++)
            {
                var label = part.Labels.Span[i];
                if (room[label] > 0)
                {
                    room[label]--;
                    labels[taken] = label;
                    part.Pixels.Span.Slice(i * card.Pixels, card.Pixels).CopyTo(pixels.AsSpan(taken * card.Pixels));
                    taken++;
                }
            }

            if (taken == count)
            {
                return new DataPart(pixels, labels);
            }
        }

        throw TooFew(card, room, count, taken, balanced);
    }

    /// <summary>How many examples of each class may be taken.</summary>
    internal static int[] Room(DataSetCard card, int count, bool balanced) => !balanced || count % card.Classes == 0
        ? [.. Enumerable.Repeat(balanced ? count / card.Classes : count, card.Classes)]
        : throw new DataProblem($"A balanced choice from {card.Name} takes the same number of each of its {card.Classes} classes; "
            + $"{Number(count)} is no multiple of {card.Classes}.");

    /// <param name="room">What is left of it.</param>
    internal static DataProblem TooFew(DataSetCard card, int[] room, int count, int taken, bool balanced) => new(balanced
        ? $"{card.Name} has too few examples of class {Array.FindIndex(room, left => left > 0)} for {Number(count)} in equal shares; ask for fewer."
        : $"{card.Name} has {Number(taken)} examples here, {Number(count)} asked for.");

    internal static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
