using System.Globalization;
using System.Text.RegularExpressions;

namespace MemCluster.Messages;

/// <summary>A sweep's name: lower-case letters, digits and hyphens, 1 to 64 of them. It names the sweep's journal streams and its results folder.</summary>
public readonly partial record struct SweepId(string Name) : IComparable<SweepId>
{
    public static bool IsValid(string name) => Shape().IsMatch(name);

    public int CompareTo(SweepId other) => string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Name;

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?\z")]
    private static partial Regex Shape();
}

/// <summary>
/// What a trial is, wherever it stands in a grid: the first 128 bits of SHA-256 over the canonical text of its settings.
/// Two sweeps that ask for the same settings ask for the same cell.
/// </summary>
public readonly record struct CellId(ulong High, ulong Low)
{
    public static CellId Parse(string hex) => hex.Length == 32
        ? new(
            ulong.Parse(hex.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
            ulong.Parse(hex.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))
        : throw new FormatException($"A cell is 32 hexadecimal digits, not '{hex}'.");

    public override string ToString() => $"{High:x16}{Low:x16}";
}

/// <summary>
/// Travels with every word about a trial, so that a late word from a lost attempt can be told from a true one.
/// </summary>
/// <param name="Attempt">Counts from 1; a trial that was lost is assigned again under the next number.</param>
public readonly record struct TrialKey(SweepId Sweep, CellId Cell, int Attempt)
{
    public override string ToString() => $"{Sweep}/{Cell.High:x16}#{Attempt}";
}
