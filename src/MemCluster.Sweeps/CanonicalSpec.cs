using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>The one way to write a spec: fixed order, short forms, defaults left out. The journal holds it; parsing it gives the spec again.</summary>
internal static class CanonicalSpec
{
    /// <param name="spec">All of it but the text itself.</param>
    public static string TextOf(SweepSpec spec)
    {
        var (shared, axes, requires) = (spec.Base, spec.Axes, spec.Requires);
        var text = new StringBuilder();
        Line(text, 0, DraftReader.Sweep, spec.Name.Name);
        if (spec.Question.Length > 0)
        {
            Line(text, 0, DraftReader.Question, FlowYaml.Quoted(spec.Question));
        }

        var section = "";
        foreach (var setting in SettingsSchema.All.Where(setting => !setting.IsDefault(shared)))
        {
            if (setting.Section != section && setting.Section.Length > 0)
            {
                Line(text, 0, setting.Section, "");
            }

            section = setting.Section;
            Line(text, section.Length > 0 ? 2 : 0, setting.Key, setting.TextOf(shared));
        }

        if (axes.Length > 0)
        {
            Line(text, 0, DraftReader.Axes, "");
        }

        foreach (var axis in axes)
        {
            Line(text, 2, axis.Name, $"[{string.Join(", ", axis.Values.Select(InList))}]");
        }

        Line(text, 0, DraftReader.Seeds, SeedsText(spec.Seeds));
        Replicates(text, spec.Replicates);
        if (!requires.IsNone)
        {
            Line(text, 0, DraftReader.Requires, "");
        }

        if (requires.MemoryBytes > 0)
        {
            Line(text, 2, DraftReader.Memory, MemorySize.Text(requires.MemoryBytes));
        }

        if (!requires.Labels.IsEmpty)
        {
            Line(text, 2, DraftReader.Label, $"[{string.Join(", ", requires.Labels)}]");
        }

        if (spec.Retries != SweepSpec.UsualRetries)
        {
            Line(text, 0, DraftReader.Retries, spec.Retries.ToString(CultureInfo.InvariantCulture));
        }

        if (spec.Limits != TrialLimits.None)
        {
            Line(text, 0, DraftReader.Limits, "");
        }

        foreach (var (key, value) in new[]
        {
            (DraftReader.Time, spec.Limits.Time is { } time ? TimeLength.Text(time) : ""),
            (DraftReader.Idle, spec.Limits.Idle is { } idle ? TimeLength.Text(idle) : ""),
            (DraftReader.Memory, spec.Limits.MemoryBytes > 0 ? MemorySize.Text(spec.Limits.MemoryBytes) : ""),
        }.Where(part => part.Item2.Length > 0))
        {
            Line(text, 2, key, value);
        }

        foreach (var (key, value) in new[] { (DraftReader.Keep, spec.Keep.Text), (DraftReader.Claims, spec.Claims), (DraftReader.Figures, spec.Figures) }.Where(part => part.Item2.Length > 0))
        {
            Line(text, 0, key, value);
        }

        return text.ToString();
    }

    /// <summary>
    /// Hexadecimal SHA-256 over what the grid follows from: the expansion rule, what all trials share, each axis value in order, the seeds.
    /// The bytes of the data sets count too: the same name with other content is another sweep.
    /// </summary>
    public static string DigestOf(TrialSettings shared, ImmutableArray<Axis> axes, SeedList seeds)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string line) => hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));

        Add(string.Create(CultureInfo.InvariantCulture, $"expansion {Grid.ExpansionVersion}"));
        foreach (var line in CellIdentity.SettingLines(shared))
        {
            Add(line);
        }

        foreach (var axis in axes)
        {
            Add("axis " + axis.Name);
            foreach (var value in axis.Values)
            {
                Add(" " + value);
            }

            foreach (var card in axis.Name == SettingsSchema.DataName ? axis.Values.Select(DataCatalog.Find) : [])
            {
                Add(" digest " + card!.Digest);
            }
        }

        Add("seeds " + SeedsText(seeds));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Replicates(StringBuilder text, ReplicatePlan? plan)
    {
        if (plan is null)
        {
            return;
        }

        Line(text, 0, DraftReader.Replicates, "");
        Line(text, 2, DraftReader.Until, "decided");
        Line(text, 2, DraftReader.AtLeast, plan.AtLeast.ToString(CultureInfo.InvariantCulture));
        Line(text, 2, DraftReader.AtMost, plan.AtMost.ToString(CultureInfo.InvariantCulture));
        if (plan.Claims.Length > 0)
        {
            Line(text, 2, DraftReader.Claims, $"[{plan.Claims}]");
        }
    }

    /// <summary>A comma ends a value of a list in brackets, unless the value stands in quotes.</summary>
    private static string InList(string value) => value.Contains(',', StringComparison.Ordinal) ? FlowYaml.Quoted(value) : value;

    private static string SeedsText(SeedList seeds)
    {
        if (!seeds.IsListed)
        {
            return seeds.Count.ToString(CultureInfo.InvariantCulture);
        }

        return $"[{string.Join(", ", Enumerable.Range(0, seeds.Count).Select(index => seeds[index].ToString(CultureInfo.InvariantCulture)))}]";
    }

    private static void Line(StringBuilder text, int indent, string key, string value) =>
        text.Append(' ', indent).Append(key).Append(value.Length > 0 ? ": " : ":").Append(value).Append('\n');
}
