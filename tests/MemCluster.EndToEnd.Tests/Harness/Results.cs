namespace MemCluster.EndToEnd.Tests;

/// <summary>A results folder as text, read at once so that its home may go.</summary>
internal sealed record Results(string Trials, string Measures, string Attempts, string Manifest)
{
    public static Results In(string folder)
    {
        string Text(string name) => File.ReadAllText(Path.Combine(folder, name));
        return new(Text("trials.csv"), Text("measures.csv"), Text("attempts.csv"), Text("manifest.json"));
    }

    public IReadOnlyList<Row> TrialRows => Row.Parse(Trials);

    public IReadOnlyList<Row> AttemptRows => Row.Parse(Attempts);

    /// <summary>What must be the same bytes however, wherever and how often the sweep was run.</summary>
    public void AssertSameScience(Results other)
    {
        AssertSameTrials(other);
        Assert.Equal(other.Manifest, Manifest);
    }

    /// <summary>The same, of a sweep whose file says something else that is no part of its trials.</summary>
    public void AssertSameTrials(Results other)
    {
        Assert.Equal(other.Trials, Trials);
        Assert.Equal(other.Measures, Measures);
    }
}

/// <summary>A row of a CSV file, by column name.</summary>
internal sealed class Row(string[] columns, string[] fields)
{
    public string this[string column] => fields[Array.IndexOf(columns, column)];

    public double Number(string column) => double.Parse(this[column], System.Globalization.CultureInfo.InvariantCulture);

    public DateTimeOffset Time(string column) => DateTimeOffset.Parse(this[column], System.Globalization.CultureInfo.InvariantCulture);

    public static IReadOnlyList<Row> Parse(string csv)
    {
        var lines = csv.TrimEnd('\n').Split('\n');
        var columns = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => new Row(columns, Fields(line)))];
    }

    private static string[] Fields(string line)
    {
        var (fields, quoted, start) = (new List<string>(), false, 0);
        for (var index = 0; index <= line.Length; index++)
        {
            if (index == line.Length || (line[index] == ',' && !quoted))
            {
                fields.Add(line[start..index].Trim('"'));
                start = index + 1;
            }
            else if (line[index] == '"')
            {
                quoted = !quoted;
            }
        }

        return [.. fields];
    }
}
