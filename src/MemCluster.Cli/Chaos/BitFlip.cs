namespace MemCluster.Cli.Chaos;

/// <summary>What a cosmic ray, a bad cable or a bad disk does to a file.</summary>
internal static class BitFlip
{
    /// <param name="place">From 0, the begin, to 1.</param>
    /// <returns>Which byte it was.</returns>
    public static long Of(string file, double place, int bit)
    {
        var at = (long)(place * Math.Max(0, new FileInfo(file).Length - 1));
        At(file, at, bit);
        return at;
    }

    public static void At(string file, long at, int bit)
    {
        using var bytes = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        bytes.Position = at;
        var old = bytes.ReadByte();
        if (old >= 0)
        {
            bytes.Position = at;
            bytes.WriteByte((byte)(old ^ (1 << bit)));
        }
    }
}
