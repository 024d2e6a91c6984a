namespace MemCluster.Hosting;

/// <summary>An address as people write it: <c>127.0.0.1:4053</c>; port 0 takes a free one.</summary>
public readonly record struct HostPort(string Host, int Port)
{
    public override string ToString() => $"{Host}:{Port}";
}
