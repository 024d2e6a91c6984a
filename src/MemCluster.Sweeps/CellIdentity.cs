using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// A cell's identity is its content. Defaults are left out of it, so that a setting that is added later leaves the cells of old journals what
/// they were.
/// </summary>
public static class CellIdentity
{
    private static readonly Dictionary<string, string> DataDigests = DataCatalog.All.ToDictionary(card => card.Name, card => card.Digest);

    private static readonly Setting[] InOrder = [.. SettingsSchema.All.OrderBy(setting => setting.Path, StringComparer.Ordinal)];

    /// <summary>The first 128 bits of SHA-256 over <see cref="TextOf"/>, big-endian.</summary>
    public static CellId Of(TrialSettings settings)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(TextOf(settings)), digest);
        return new(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[8..]));
    }

    /// <summary>What the digest is taken over: a line <c>path=value</c> for each setting that is not the default, the data's digest and the seed.</summary>
    public static string TextOf(TrialSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var lines = SettingLines(settings);
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"seed={settings.Seed}"));
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    /// <summary>The lines of everything but the seed.</summary>
    internal static List<string> SettingLines(TrialSettings settings)
    {
        var lines = new List<string>(12);

        // A workload that only waits has no data, whatever the spec that it stands in for says.
        if (settings.Network.Kind != NetworkSettings.Sleep && DataDigests.TryGetValue(settings.Data.Name, out var digest))
        {
            lines.Add("data.digest=" + digest);
        }

        foreach (var setting in InOrder)
        {
            if (!setting.IsDefault(settings))
            {
                lines.Add($"{setting.Path}={setting.TextOf(settings)}");
            }
        }

        return lines;
    }
}
