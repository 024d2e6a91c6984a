using System.Text.Encodings.Web;
using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Reporting.Files;

/// <summary>manifest.json: what the results are of, and what it takes to get the same bits again. Nothing about when or where.</summary>
public static class Manifest
{
    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The program's own version, as its build files give it.</summary>
    public static string CodeVersion { get; } = typeof(Manifest).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    public static async Task Write(Stream to, SweepSpec spec, TrialCounts counts, AbsenceTally absent, string numericsVersion, CancellationToken cancel = default)
    {
        await using var json = new Utf8JsonWriter(to, Layout);
        json.WriteStartObject();
        json.WriteString("sweep", spec.Name.Name);
        json.WriteString("question", spec.Question);
        json.WriteString("spec", spec.Canonical);
        json.WriteString("spec_digest", spec.Digest);
        json.WriteStartObject("data_digests");
        foreach (var name in SettingsVariety.Of(spec, settings => settings.Data.Name).Where(name => name.Length > 0))
        {
            json.WriteString(name, DataCatalog.Find(name)?.Digest ?? "");
        }

        json.WriteEndObject();
        json.WriteString("memcluster", CodeVersion);
        json.WriteString("numerics", numericsVersion);
        Seeds(json, spec.Seeds);
        json.WriteStartObject("trials");
        json.WriteNumber("all", counts.Trials);
        json.WriteNumber("finished", counts.Finished);
        json.WriteNumber("diverged", counts.Diverged);
        json.WriteNumber("failed", counts.Failed);
        json.WriteNumber("cancelled", counts.Cancelled);
        json.WriteNumber("pending", counts.Pending + counts.Running);
        json.WriteEndObject();
        json.WriteStartObject("not_finite");
        NotFinite(json, "trials", absent.Trials);
        NotFinite(json, "measures", absent.Measures);
        NotFinite(json, "arrays", absent.Arrays);
        json.WriteEndObject();
        json.WriteEndObject();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    /// <summary>How many numbers have no value in that file, and why, by measure.</summary>
    private static void NotFinite(Utf8JsonWriter json, string file, SortedDictionary<string, long[]> counts)
    {
        json.WriteStartObject(file);
        json.WriteNumber("total", counts.Values.Sum(words => words.Sum()));
        json.WriteStartObject("measures");
        foreach (var (measure, words) in counts)
        {
            json.WriteStartObject(measure);
            json.WriteNumber("not_defined", AbsenceTally.Of(words, Absence.NotDefined));
            json.WriteNumber("nan", AbsenceTally.Of(words, Absence.Nan));
            json.WriteNumber("infinite", AbsenceTally.Of(words, Absence.Infinite));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A count where they were counted (0 to count − 1), the list where they were listed.</summary>
    private static void Seeds(Utf8JsonWriter json, SeedList seeds)
    {
        if (!seeds.IsListed)
        {
            json.WriteNumber("seeds", seeds.Count);
            return;
        }

        json.WriteStartArray("seeds");
        for (var index = 0; index < seeds.Count; index++)
        {
            json.WriteNumberValue(seeds[index]);
        }

        json.WriteEndArray();
    }
}
