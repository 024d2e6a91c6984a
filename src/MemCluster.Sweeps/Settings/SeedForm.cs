using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A seed, as under <c>seeds:</c>.</summary>
internal sealed class SeedForm : ScalarForm<ulong>
{
    public override string Expected => "a seed: a whole number from 0 to 2^63 - 1";

    public override string Write(ulong value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>A seed as it is written back; null if this is none.</summary>
    public string? Canonical(string text) => TryReadText(text, out var seed) ? Write(seed) : null;

    protected override bool TryReadText(string text, out ulong value)
    {
        var isSeed = ShortNumber.TryReadWhole(text, out var whole) && whole >= 0;
        value = isSeed ? (ulong)whole : 0;
        return isSeed;
    }
}

/// <summary>What examples are drawn by: a seed, each trial's own (<c>per-seed</c>), or nothing (<c>none</c>).</summary>
internal sealed class DataSeedForm : ScalarForm<string>
{
    private static readonly SeedForm Seeds = new();

    public override string Expected => $"{Seeds.Expected}; {DataSettings.PerSeed}, or {DataSettings.FirstInFile}";

    public override string Write(string value) => value;

    protected override bool TryReadText(string text, [MaybeNullWhen(false)] out string value)
    {
        value = text is DataSettings.FirstInFile or DataSettings.PerSeed ? text : Seeds.Canonical(text);
        return value is not null;
    }
}
