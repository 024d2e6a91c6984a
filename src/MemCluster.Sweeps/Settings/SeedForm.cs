namespace MemCluster.Sweeps;

/// <summary>A seed, as under <c>seeds:</c>.</summary>
internal sealed class SeedForm : ScalarForm<ulong>
{
    public override string Expected => "a seed: a whole number from 0 to 2^63 - 1";

    public override string Write(ulong value) => value.ToString(System.Globalization.CultureInfo.InvariantCulture);

    protected override bool TryReadText(string text, out ulong value)
    {
        var isSeed = ShortNumber.TryReadWhole(text, out var whole) && whole >= 0;
        value = isSeed ? (ulong)whole : 0;
        return isSeed;
    }
}
