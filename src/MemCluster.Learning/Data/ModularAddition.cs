namespace MemCluster.Learning;

/// <summary>
/// Addition modulo p as a table to be completed (Power et al. 2022): each of the p² pairs (a, b) once, as an "image" of 2 × p whose first row has its one bright pixel at a and whose second at b;
/// the label is (a + b) mod p. The pairs stand in a random order of the set's own; the first four fifths of it are for training, the others to be scored on. So all
/// training sizes are scored on the same pairs, and no pair stands on both sides.
/// </summary>
/// <remarks>Whatever changes a byte here is a new recipe: raise its number in <c>DataCatalog</c>.</remarks>
public static class ModularAddition
{
    // Any fixed number: the set's own, apart from every trial's seed.
    private static readonly Seeds Draws = new(0x6D6F_6475_6C6F);

    /// <summary>The first <paramref name="count"/> examples of a part.</summary>
    /// <param name="modulus">p, 2 to 256.</param>
    /// <param name="part"><c>train</c>, else those that are scored: there is one part for <c>validation</c> and <c>test</c>.</param>
    public static DataPart Make(int modulus, string part, int count)
    {
        var order = Draws.Generator("modular-addition", modulus).Permutation(modulus * modulus);
        var first = part == "train" ? 0 : modulus * modulus * 4 / 5;
        var (pixels, labels) = (new byte[count * 2 * modulus], new byte[count]);
        for (var i = 0; i < count; i++)
        {
            var (a, b) = Math.DivRem(order[first + i], modulus);
            pixels[(i * 2 * modulus) + a] = byte.MaxValue;
            pixels[(((i * 2) + 1) * modulus) + b] = byte.MaxValue;
            labels[i] = (byte)((a + b) % modulus);
        }

        return new DataPart(pixels, labels);
    }
}
