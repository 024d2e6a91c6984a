using System.Collections.Concurrent;
using System.Text.Json;

namespace MemCluster.Golden;

/// <summary>An object of a golden file: numbers, arrays of numbers, and objects in it.</summary>
internal sealed record GoldenCase(string Name, JsonElement Json)
{
    private static readonly ConcurrentDictionary<string, IReadOnlyList<GoldenCase>> Loaded = new();

    /// <summary>The part that must come out.</summary>
    public GoldenCase Expected => Child("expected");

    public static IReadOnlyList<GoldenCase> All(string file) => Loaded.GetOrAdd(file, name =>
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(GoldenFolder.Path!, name + ".json")));
        return [.. document.RootElement.GetProperty("cases").Clone().EnumerateArray().Select(item => new GoldenCase(item.GetProperty("name").GetString()!, item))];
    });

    public static GoldenCase Get(string file, string name) => All(file).Single(item => item.Name == name);

    public bool Has(string key) => Json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null;

    public GoldenCase Child(string key) => new($"{Name}/{key}", Json.GetProperty(key));

    public IReadOnlyList<GoldenCase> Children(string key) =>
        [.. Json.GetProperty(key).EnumerateArray().Select((item, i) => new GoldenCase($"{Name}/{key}[{i}]", item))];

    public string Text(string key) => Json.GetProperty(key).GetString()!;

    public bool Flag(string key) => Json.GetProperty(key).GetBoolean();

    public int Whole(string key) => Json.GetProperty(key).GetInt32();

    /// <summary>A number; null is NaN.</summary>
    public double Number(string key) => ToNumber(Json.GetProperty(key));

    /// <summary>The numbers of an array of any depth, row by row; null is NaN, true is 1.</summary>
    public double[] Numbers(string key) => [.. Leaves(Json.GetProperty(key)).Select(ToNumber)];

    public int[] Wholes(string key) => [.. Leaves(Json.GetProperty(key)).Select(leaf => leaf.GetInt32())];

    public int?[] WholesOrNull(string key) =>
        [.. Leaves(Json.GetProperty(key)).Select(leaf => leaf.ValueKind == JsonValueKind.Null ? (int?)null : leaf.GetInt32())];

    public bool[] Flags(string key) => [.. Numbers(key).Select(number => number != 0)];

    /// <summary>The rows of an array of arrays.</summary>
    public double[][] Rows(string key) => [.. Json.GetProperty(key).EnumerateArray().Select(row => Leaves(row).Select(ToNumber).ToArray())];

    public bool[][] FlagRows(string key) => [.. Rows(key).Select(row => row.Select(number => number != 0).ToArray())];

    /// <summary>The sizes of an array, outermost first.</summary>
    public long[] Shape(string key)
    {
        var sizes = new List<long>();
        for (var at = Json.GetProperty(key); at.ValueKind == JsonValueKind.Array; at = at[0])
        {
            sizes.Add(at.GetArrayLength());
        }

        return [.. sizes];
    }

    private static IEnumerable<JsonElement> Leaves(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray().SelectMany(Leaves) : [element];

    private static double ToNumber(JsonElement leaf) => leaf.ValueKind switch
    {
        JsonValueKind.Null => double.NaN,
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        _ => leaf.GetDouble(),
    };
}
