namespace MemCluster.Cli;

/// <summary>How far the download of one file is.</summary>
/// <param name="Total">0 when the server didn't say.</param>
public readonly record struct Fetched(string File, long Bytes, long Total);
