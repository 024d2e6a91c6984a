using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>What a kind of noise works on: it changes <see cref="Data"/> at the chosen examples, and reads the clean ones where it needs them.</summary>
/// <param name="chosen">Training examples to corrupt, in the order of the seeded permutation.</param>
internal readonly ref struct NoiseJob(DataSelection clean, CorruptedData data, ReadOnlySpan<int> chosen, Noise noise, Seeds seeds)
{
    public DataSelection Clean { get; } = clean;
    public CorruptedData Data { get; } = data;
    public ReadOnlySpan<int> Chosen { get; } = chosen;
    public Noise Noise { get; } = noise;
    public Seeds Seeds { get; } = seeds;

    /// <summary>An example's own generator.</summary>
    public Philox Draws(string purpose, int example) => Seeds.Generator(purpose, Clean.KeyOf(example));

    public Span<float> Image(int example) => Data.Images.AsSpan(example * Data.Card.Pixels, Data.Card.Pixels);
}

/// <summary>One function for each kind of noise. To add a kind: a function and a line here, its word in Messages' <see cref="NoiseKind.All"/>, and its test.</summary>
internal static class NoiseMakers
{
    public delegate void Maker(NoiseJob job);

    public static readonly IReadOnlyDictionary<string, Maker> ByKind = new Dictionary<string, Maker>
    {
        [Noise.NoNoise] = None,
        [Noise.Label] = Label,
        [Noise.Input] = Input,
        [Noise.UniformInput] = UniformInput,
        [Noise.ShuffledPixels] = ShuffledPixels,
        [Noise.RandomPixels] = RandomPixels,
    };

    private static void None(NoiseJob job) => job.Data.Corrupted.AsSpan().Clear();

    /// <summary>A label drawn evenly from all classes (Zhang et al. 2017), or from all but the true one (Nakkiran et al., Toneva et al.).</summary>
    private static void Label(NoiseJob job)
    {
        var classes = job.Data.Card.Classes;
        foreach (var example in job.Chosen)
        {
            var draws = job.Draws(Seeds.NoiseLabel, example);
            var truth = job.Data.True[example];
            var other = job.Noise.KeepTrueClass ? -1 : draws.Below(classes - 1);
            job.Data.Given[example] = job.Noise.KeepTrueClass ? draws.Below(classes) : other < truth ? other : other + 1;
        }
    }

    /// <summary>Gaussian pixels with the mean and standard deviation that each channel has over the clean training images; not clipped.</summary>
    private static void Input(NoiseJob job)
    {
        var card = job.Data.Card;
        var (means, deviations) = ChannelMoments.OfClean(job.Clean, job.Data);
        var plane = card.Height * card.Width;
        foreach (var example in job.Chosen)
        {
            var draws = job.Draws(Seeds.NoiseInput, example);
            var image = job.Image(example);
            for (var i = 0; i < image.Length; i++)
            {
                image[i] = (float)(means[i / plane] + deviations[i / plane] * draws.NextGaussian());
            }
        }
    }

    /// <summary>Pixels uniform in [0, 1): the random data of the authors' own code for Fig. 3 (their text says Gaussian).</summary>
    private static void UniformInput(NoiseJob job)
    {
        foreach (var example in job.Chosen)
        {
            var draws = job.Draws(Seeds.NoiseInput, example);
            foreach (ref var pixel in job.Image(example))
            {
                pixel = draws.NextSingle();
            }
        }
    }

    /// <summary>One permutation of the places for all images, those that are scored too (Zhang et al. 2017).</summary>
    private static void ShuffledPixels(NoiseJob job)
    {
        if (job.Noise.Level != 1)
        {
            throw new ArgumentException("shuffled-pixels exists at level 1 only: the images that are scored are shuffled in the same way.");
        }

        var card = job.Data.Card;
        var order = job.Seeds.Generator(Seeds.NoisePixels).Permutation(card.Height * card.Width);
        foreach (var example in job.Chosen)
        {
            Reorder(job.Image(example), order);
        }

        for (var at = 0; at < job.Data.ValidationImages.Length; at += card.Pixels)
        {
            Reorder(job.Data.ValidationImages.AsSpan(at, card.Pixels), order);
        }
    }

    /// <summary>A permutation of the places for each image alone (Zhang et al. 2017).</summary>
    private static void RandomPixels(NoiseJob job)
    {
        foreach (var example in job.Chosen)
        {
            Reorder(job.Image(example), job.Draws(Seeds.NoisePixels, example).Permutation(job.Data.Card.Height * job.Data.Card.Width));
        }
    }

    /// <summary>A place's channels move together.</summary>
    private static void Reorder(Span<float> image, int[] order)
    {
        var before = image.ToArray();
        for (var i = 0; i < image.Length; i++)
        {
            var plane = i / order.Length * order.Length;
            image[i] = before[plane + order[i - plane]];
        }
    }
}
