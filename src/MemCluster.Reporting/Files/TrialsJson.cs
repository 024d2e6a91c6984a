using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Reporting.Files;

/// <summary>trials.csv as a JSON array of objects with the same names in the same order; what has no value is null, and a row with numbers that are not finite says of each why.</summary>
public static class TrialsJson
{
    public static async Task Write(Stream to, SweepSpec spec, IAsyncEnumerable<TrialRow> rows, CancellationToken cancel = default)
    {
        await using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        var measures = FinalColumns.Of(spec);
        json.WriteStartArray();
        await foreach (var row in rows.WithCancellation(cancel))
        {
            One(json, spec, measures, row);
            if (json.BytesPending > 60_000)
            {
                await json.FlushAsync(cancel);
            }
        }

        json.WriteEndArray();
        await json.FlushAsync(cancel);
        to.WriteByte((byte)'\n');
    }

    private static void One(Utf8JsonWriter json, SweepSpec spec, IReadOnlyList<string> measures, TrialRow row)
    {
        var result = row.State is TrialState.Finished or TrialState.Diverged;
        json.WriteStartObject();
        json.WriteNumber("trial", row.Trial);
        for (var axis = 0; axis < spec.Axes.Length; axis++)
        {
            json.WriteString(spec.Axes[axis].Name, row.Settings[axis]);
        }

        json.WriteNumber("seed", row.Seed);
        json.WriteString("state", Numbers.StateName(row.State));
        NumberOrNull(json, "epochs", result ? row.Epochs : null);
        foreach (var name in measures)
        {
            NumberOrNull(json, name, result && row.Measures.TryGetValue(name, out var value) && double.IsFinite(value) ? value : null);
        }

        json.WriteString("weights", result ? row.Weights : "");
        json.WriteString("cell", row.Cell);
        if (row.Absent is { } absent)
        {
            json.WriteStartObject("not_finite");
            foreach (var (name, word) in absent)
            {
                json.WriteString(name, Absences.Words(word));
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void NumberOrNull(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
