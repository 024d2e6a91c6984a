using MemCluster.Messages;

namespace MemCluster.Reporting.Report;

/// <summary>What differs from seed to seed, hence what an interval over seeds is over: the spec alone says it.</summary>
public static class IntervalScope
{
    /// <summary>In a sentence; empty where nothing is trained.</summary>
    public static string Of(SweepSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var kinds = SettingsVariety.Of(spec, settings => (
            Trains: settings.Network.Kind != NetworkSettings.Sleep, Noisy: settings.Noise != Noise.None,
            OwnNoise: settings.NoiseSeed is null, OwnData: settings.Data.Seed == DataSettings.PerSeed)).Where(kind => kind.Trains).ToArray();
        if (kinds.Length == 0)
        {
            return "";
        }

        if (spec.Seeds.Count == 1)
        {
            return "There is one seed, so no interval is over seeds.";
        }

        var (noisy, own) = (kinds.Where(kind => kind.Noisy).ToArray(), kinds.Count(kind => kind.OwnData));
        var differ = new List<string> { "weights", "order" };
        var same = new List<string>();
        if (noisy.Length > 0)
        {
            Add("noise", noisy.Count(kind => kind.OwnNoise), noisy.Length, "noise-seed is own");
        }

        Add("data", own, kinds.Length, "data.seed is per-seed");
        return $"Intervals over seeds are over {And(differ)}{(same.Count > 0 ? $"; {And(same)} {(same.Count > 1 ? "are" : "is")} the same for all seeds" : "")}.";

        void Add(string what, int drawn, int all, string where)
        {
            (drawn > 0 ? differ : same).Add(drawn > 0 && drawn < all ? $"{what} (where {where})" : what);
        }
    }

    private static string And(List<string> words) => words.Count == 1 ? words[0] : $"{string.Join(", ", words[..^1])} and {words[^1]}";
}
