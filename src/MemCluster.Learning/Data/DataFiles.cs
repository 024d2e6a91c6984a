using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>Reads a set's files and believes none of them before its length and SHA-256 are those of the catalog.</summary>
internal static class DataFiles
{
    /// <summary>The uncompressed bytes of a plain or gzip file.</summary>
    /// <exception cref="DataProblem">Unreadable, cut short, too long, or other bytes than published.</exception>
    public static byte[] Read(string path, DataFile file, string set) => Explained(path, set, () =>
    {
        using var raw = RegularFile.Open(path);
        using var plain = IsGzip(raw) ? new GZipStream(raw, CompressionMode.Decompress) : (Stream)raw;
        return Checked(plain, path, file, set);
    });

    /// <summary>The wanted files of a .tar.gz, by name.</summary>
    /// <exception cref="DataProblem">As for <see cref="Read"/>; a file that the archive lacks is simply not in the answer.</exception>
    public static Dictionary<string, byte[]> ReadArchive(string path, IReadOnlyList<DataFile> wanted, string set) => Explained(path, set, () =>
    {
        var found = new Dictionary<string, byte[]>();
        using var raw = RegularFile.Open(path);
        using var plain = new GZipStream(raw, CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        while (found.Count < wanted.Count && tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { } content && wanted.FirstOrDefault(file => file.Name == Path.GetFileName(entry.Name)) is { } file)
            {
                found[file.Name] = Checked(content, $"{file.Name} in {path}", file, set);
            }
        }

        return found;
    });

    private static byte[] Checked(Stream stream, string where, DataFile file, string set)
    {
        var bytes = new byte[file.Bytes];
        var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read < bytes.Length)
        {
            throw new DataProblem(FormattableString.Invariant(
                $"{DataFolder.Readable(where)} is cut short: {read:N0} of {file.Bytes:N0} bytes. {Remedy(set)}"));
        }

        if (stream.ReadByte() >= 0)
        {
            throw new DataProblem(FormattableString.Invariant(
                $"{DataFolder.Readable(where)} is longer than the {file.Bytes:N0} bytes of the published {file.Name}. {Remedy(set)}"));
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return digest == file.Sha256
            ? bytes
            : throw new DataProblem($"{DataFolder.Readable(where)} is not the published {file.Name}: expected SHA-256 {file.Sha256}, found {digest}. {Remedy(set)}");
    }

    private static bool IsGzip(FileStream file)
    {
        var gzip = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
        file.Position = 0;
        return gzip;
    }

    internal static string Remedy(string set) => $"If it is yours, move it elsewhere. Get the published one with: memcluster data get {set}";

    private static T Explained<T>(string path, string set, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or (IOException and not EndOfStreamException))
        {
            throw new DataProblem($"{DataFolder.Readable(path)} can't be read: {failure.Message} Make it readable, or say --data DIR");
        }
        catch (Exception failure) when (failure is not DataProblem)
        {
            // Whatever a damaged file makes its readers throw: those of archives have many words for it, and not all of them mean to.
            throw new DataProblem($"{DataFolder.Readable(path)} is damaged or cut short (its compressed data does not end well). {Remedy(set)}");
        }
    }
}
