using System.Security.Cryptography;

namespace MemCluster.Coordinator;

/// <summary>
/// The digest of a database's file as it was when it was last closed in order, in a small file beside it. One that doesn't fit it was changed by somebody
/// else, or belongs to a process that died.
/// </summary>
internal static class FileSeal
{
    /// <summary>Called when nobody has the file open any more.</summary>
    public static void Close(string file)
    {
        try
        {
            if (DigestOf(file) is { } digest)
            {
                File.WriteAllText(SealOf(file), digest);
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // Without a seal it is only not known.
        }
    }

    /// <summary>From here on it is changed.</summary>
    public static void Open(string file) => File.Delete(SealOf(file));

    /// <summary>Whether the file is as it was closed last; null where it was not closed in order.</summary>
    public static bool? Holds(string file)
    {
        try
        {
            return !File.Exists(SealOf(file)) ? null : File.ReadAllText(SealOf(file)) == DigestOf(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string SealOf(string file) => Path.ChangeExtension(file, "seal");

    /// <summary>Null where there is none, or where some of it is still in a log beside it.</summary>
    private static string? DigestOf(string file)
    {
        if (!File.Exists(file) || new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
        {
            return null;
        }

        using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
