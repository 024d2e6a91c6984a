using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>A training set as a trial sees it, and the clean examples that it is scored on. No tensors: noise is plain arithmetic on arrays.</summary>
/// <param name="Images">Training images, pixels in [0, 1] (noise may leave that range), one after the other.</param>
/// <param name="Given">The labels that are trained on.</param>
/// <param name="True">The labels as published.</param>
/// <param name="Corrupted">Which training examples the noise chose, also where a random label happens to be the true one.</param>
public sealed record CorruptedData(
    DataSetCard Card, float[] Images, int[] Given, int[] True, bool[] Corrupted, float[] ValidationImages, int[] ValidationLabels)
{
    /// <summary>By channel, how much of the images' numbers one pixel unit is; null: they are pixels.</summary>
    public IReadOnlyList<double>? PixelUnits { get; init; }

    /// <summary>Which the training examples are, before any are left out; null: the first of the file.</summary>
    public DataDraw? Drawn { get; init; }

    /// <summary>
    /// Which training examples are wrong: where labels were replaced, those whose label is not the true one (a random label may be), else those that the noise
    /// chose. It is these that a score is asked to find.
    /// </summary>
    public bool[] Wrong => MislabelledExamples.Mask(Given, True, Corrupted);
}

/// <summary>
/// Applies a trial's noise (Arpit et al. 2017, §3; Zhang et al. 2017). Drawn once from the trial's seed, kept for all epochs. The corrupted examples
/// are the first round(level · N) of a seeded permutation of the N, and each example's noise has a generator of its own: so noise is nested
/// across levels (an example corrupted at 0.2 has the same noise at 0.4) and paired across all other axes.
/// </summary>
public static class Corruption
{
    /// <summary>The training set of a trial, before anything is left out of it.</summary>
    /// <exception cref="DataProblem">The data is missing, damaged or too small.</exception>
    public static CorruptedData Of(TrialSettings settings, DataSource data)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(data);
        return Apply(data.Load(settings.Data.Of(settings.Seed)), settings.Noise, settings.NoiseSeed ?? settings.Seed);
    }

    /// <exception cref="ArgumentException">The kind is unknown, or can't be had at this level.</exception>
    public static CorruptedData Apply(DataSelection clean, Noise noise, ulong seed)
    {
        if (!NoiseMakers.ByKind.TryGetValue(noise.Kind, out var maker))
        {
            throw new ArgumentException($"No noise is called '{noise.Kind}'. There are: {string.Join(", ", NoiseMakers.ByKind.Keys)}.", nameof(noise));
        }

        var count = clean.Train.Count;
        var data = new CorruptedData(
            clean.Card.Pooled(clean.Pool), Pixels(clean.Train, clean), Labels(clean.Train), Labels(clean.Train), new bool[count],
            Pixels(clean.Validation, clean), Labels(clean.Validation))
        {
            Drawn = clean.Drawn,
        };
        data = clean.UniqueLabels ? EachItsClass(data) : data;
        var seeds = new Seeds(seed);
        var chosen = Order(clean, seeds).AsSpan(0, CorruptedCount(noise.Level, count));
        foreach (var example in chosen)
        {
            data.Corrupted[example] = true;
        }

        var (means, deviations) = clean.Standardized ? ChannelMoments.OfClean(clean, data) : ([], []);
        maker(new NoiseJob(clean, data, chosen, noise, seeds));
        return clean.Standardized ? Scaling.Standardize(data, means, deviations) : data;
    }

    /// <summary>The training examples in the order in which noise takes them: of examples that are drawn, that of the whole file, so that draws agree on who comes first.</summary>
    private static int[] Order(DataSelection clean, Seeds seeds)
    {
        var draws = seeds.Generator(Seeds.NoiseWhich);
        if (clean.Drawn is not { } drawn)
        {
            return draws.Permutation(clean.Train.Count);
        }

        var places = new int[drawn.Of];
        Array.Fill(places, -1);
        for (var i = 0; i < drawn.Numbers.Length; i++)
        {
            places[drawn.Numbers[i]] = i;
        }

        return [.. draws.Permutation(drawn.Of).Select(number => places[number]).Where(place => place >= 0)];
    }

    /// <summary>Example i has label i. What is to be scored has none of these labels, so nothing is scored.</summary>
    private static CorruptedData EachItsClass(CorruptedData data) => data with
    {
        Card = data.Card with { Classes = data.True.Length },
        Given = [.. Enumerable.Range(0, data.True.Length)],
        True = [.. Enumerable.Range(0, data.True.Length)],
        ValidationImages = [],
        ValidationLabels = [],
    };

    /// <summary>round(level · N), halves away from zero.</summary>
    /// <param name="level">Share from 0 to 1.</param>
    public static int CorruptedCount(double level, int count) => level is >= 0 and <= 1
        ? (int)Math.Round(level * count, MidpointRounding.AwayFromZero)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A noise level is a share from 0 to 1.");

    private static float[] Pixels(DataPart part, DataSelection clean)
    {
        if (clean.Pool > 1)
        {
            return Pooling.Means(part, clean.Card, clean.Pool);
        }

        var pixels = new float[part.Pixels.Length];
        var bytes = part.Pixels.Span;
        for (var i = 0; i < pixels.Length; i++)
        {
            pixels[i] = bytes[i] / 255f;
        }

        return pixels;
    }

    private static int[] Labels(DataPart part) => Array.ConvertAll(part.Labels.ToArray(), label => (int)label);
}
