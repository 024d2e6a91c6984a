namespace MemCluster.Messages;

/// <summary>How the training set is corrupted: drawn once from the trial's seed, kept for all epochs, nested across levels.</summary>
/// <param name="Kind">Name of one of <see cref="NoiseKind.All"/>.</param>
/// <param name="Level">Share of the training examples that are corrupted, above 0 to 1; 0 for none.</param>
/// <param name="KeepTrueClass">Label noise only: the random label may be the true one (Zhang et al. 2017, and the paper by its Fig. 7b).</param>
public sealed record Noise(string Kind, double Level, bool KeepTrueClass = true)
{
    public const string NoNoise = "none";
    public const string Label = "label";
    public const string Input = "input";
    public const string UniformInput = "uniform-input";
    public const string ShuffledPixels = "shuffled-pixels";
    public const string RandomPixels = "random-pixels";

    public static readonly Noise None = new(NoNoise, 0);
}

/// <summary>
/// The word for a kind of noise: how it is written in a sweep file. What it does to the images or labels stands under the same name in
/// Learning's <c>NoiseMakers</c>; a test goes red when one of the two is missing.
/// </summary>
/// <param name="Meaning">For people.</param>
/// <param name="TakesLevel">Else it is there in full or not at all.</param>
/// <param name="MayKeepTrueClass">It draws labels, so <c>keep-true-class</c> means something.</param>
public sealed record NoiseKind(string Name, string Meaning, bool TakesLevel = true, bool MayKeepTrueClass = false)
{
    public static readonly IReadOnlyList<NoiseKind> All =
    [
        new(Noise.NoNoise, "the training set as it is", TakesLevel: false),
        new(Noise.Label, "labels replaced by random ones", MayKeepTrueClass: true),
        new(Noise.Input, "images replaced by Gaussian noise with the data's mean and variance"),
        new(Noise.UniformInput, "images replaced by uniform noise from 0 to 1"),
        new(Noise.ShuffledPixels, "the pixels of every image, validation too, in one random order", TakesLevel: false),
        new(Noise.RandomPixels, "the pixels of an image in a random order of its own"),
    ];
}
