namespace MemCluster.Cli.Tests;

/// <summary>By hand, because two libraries in this process define the same extensions for streams.</summary>
internal static class Streams
{
    public static async IAsyncEnumerable<T> None<T>()
    {
        await Task.CompletedTask;
        yield break;
    }

    public static async Task<List<T>> Listed<T>(this IAsyncEnumerable<T> rows)
    {
        var list = new List<T>();
        await foreach (var row in rows)
        {
            list.Add(row);
        }

        return list;
    }

    public static async IAsyncEnumerable<T> Of<T>(IEnumerable<T> rows)
    {
        await Task.CompletedTask;
        foreach (var row in rows)
        {
            yield return row;
        }
    }
}
