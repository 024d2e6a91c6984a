using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Which examples of a part of a data set a trial has, where they are drawn.</summary>
/// <param name="Numbers">Their places in the part, from 0, ascending.</param>
/// <param name="Of">Examples in the part.</param>
public sealed record DataDraw(int[] Numbers, int Of)
{
    /// <summary>A bit for each example of the part, as <see cref="ExampleNames.Drawn"/> tells it.</summary>
    public bool[] Bits
    {
        get
        {
            var bits = new bool[Of];
            foreach (var number in Numbers)
            {
                bits[number] = true;
            }

            return bits;
        }
    }

    /// <summary>
    /// The first <paramref name="count"/> of a random order of all examples, or the first count/classes of each class in it; so a larger draw of the same generator
    /// holds a smaller one. They stand in file order.
    /// </summary>
    /// <param name="parts">All examples there are, in file order.</param>
    /// <exception cref="DataProblem">Of one class there are too few.</exception>
    internal static (DataPart Examples, DataDraw Draw) From(IReadOnlyList<DataPart> parts, DataSetCard card, int count, bool balanced, Philox draws)
    {
        (DataPart Part, int At)[] all = [.. parts.SelectMany(part => Enumerable.Range(0, part.Count).Select(at => (part, at)))];
        var room = DataSelection.Room(card, count, balanced);
        int[] chosen = [.. draws.Permutation(all.Length).Where(number => room[all[number].Part.Labels.Span[all[number].At]]-- > 0).Take(count)];
        if (chosen.Length < count)
        {
            throw DataSelection.TooFew(card, room, count, chosen.Length, balanced);
        }

        Array.Sort(chosen);
        var (pixels, labels) = (new byte[(long)count * card.Pixels], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            var (part, at) = all[chosen[i]];
            labels[i] = part.Labels.Span[at];
            part.Pixels.Span.Slice(at * card.Pixels, card.Pixels).CopyTo(pixels.AsSpan(i * card.Pixels));
        }

        return (new(pixels, labels), new(chosen, all.Length));
    }
}
