namespace MemCluster.Telemetry;

/// <summary>Takes finished lines, from any thread.</summary>
internal interface ILineTarget : IDisposable
{
    void Write(string line);
}

/// <summary>Standard error, as it is at each line.</summary>
internal sealed class StandardErrorTarget : ILineTarget
{
    public void Write(string line) => Console.Error.WriteLine(line);

    public void Dispose()
    {
    }
}
