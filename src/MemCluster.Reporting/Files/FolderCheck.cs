using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace MemCluster.Reporting.Files;

/// <summary>What became of a file since its folder was written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FileFate>))]
public enum FileFate
{
    [JsonStringEnumMemberName("as-written")]
    AsWritten,
    [JsonStringEnumMemberName("changed")]
    Changed,
    [JsonStringEnumMemberName("missing")]
    Missing,

    /// <summary>It is there, and the list does not name it.</summary>
    [JsonStringEnumMemberName("not-listed")]
    NotListed,

    /// <summary>It is there, and nobody knows what is in it.</summary>
    [JsonStringEnumMemberName("not-readable")]
    NotReadable,
}

/// <param name="Bytes">Null where there is no file whose length could be told.</param>
public sealed record CheckedFile(string File, long? Bytes, FileFate Fate)
{
    /// <summary>A file that somebody put there is none of our business, unless it has one of our names: whoever wrote it has listed it.</summary>
    public bool IsWrong => Fate != FileFate.AsWritten && (Fate != FileFate.NotListed || ResultFiles.All.Contains(File));
}

/// <param name="Files">Those that are listed, and those that are not, by name.</param>
/// <param name="Problems">Sentences on what a file's fate alone does not say.</param>
public sealed record FolderReport(string Folder, IReadOnlyList<CheckedFile> Files, IReadOnlyList<string> Problems)
{
    public bool IsAsWritten => Problems.Count == 0 && !Files.Any(file => file.IsWrong);
}

/// <summary>
/// A results folder against its list of digests. It finds what a disk, a copy or an editor did; whoever can write to the folder could write a list
/// to match.
/// </summary>
public static class FolderCheck
{
    /// <param name="open">A file for reading, by its path; it never opens what is no file.</param>
    /// <exception cref="FileNotFoundException">There is no list.</exception>
    /// <exception cref="IOException">The list, or the folder, can't be read; so does an <see cref="UnauthorizedAccessException"/> say.</exception>
    public static async Task<FolderReport> Of(string folder, Func<string, Stream> open, CancellationToken cancel = default)
    {
        var (digests, damaged) = DigestList.Read(await ListOf(folder, open, cancel));
        var (files, problems) = (new List<CheckedFile>(), new List<string>(damaged));
        foreach (var (name, digest) in digests)
        {
            files.Add(await Listed(folder, name, digest, open, problems, cancel));
        }

        foreach (var file in NotListed(folder).Where(file => !digests.ContainsKey(file.File)))
        {
            files.Add(file);
            if (file.IsWrong)
            {
                problems.Add(file.Fate == FileFate.Missing
                    ? $"{DigestList.Name} doesn't name {file.File}, which every results folder has: the list was changed."
                    : $"{DigestList.Name} doesn't name {file.File}: the list was changed, or the file is of another export; take it away then.");
            }
        }

        return new(folder, [.. files.OrderBy(file => file.File, StringComparer.Ordinal)], problems);
    }

    private static async Task<byte[]> ListOf(string folder, Func<string, Stream> open, CancellationToken cancel)
    {
        await using var list = open(Path.Combine(folder, DigestList.Name));
        var bytes = new byte[DigestList.MostBytes + 1];
        var length = await list.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return length <= DigestList.MostBytes ? bytes[..length]
            : throw new IOException($"{DigestList.Name} has more than {Numbers.Count(DigestList.MostBytes)} bytes, too many for a list of digests.");
    }

    private static async Task<CheckedFile> Listed(
        string folder, string name, string digest, Func<string, Stream> open, List<string> problems, CancellationToken cancel)
    {
        try
        {
            await using var file = open(Path.Combine(folder, name));
            var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
            return new(name, file.Position, found == digest ? FileFate.AsWritten : FileFate.Changed);
        }
        catch (FileNotFoundException)
        {
            return new(name, null, FileFate.Missing);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{name} can't be read: {failure.Message}");
            return new(name, null, FileFate.NotReadable);
        }
    }

    /// <summary>What is there, whether listed or not, and what should be; of folders and the like only those that have a name of ours.</summary>
    private static IEnumerable<CheckedFile> NotListed(string folder)
    {
        var there = new DirectoryInfo(folder).EnumerateFileSystemInfos()
            .Where(entry => entry.Name != DigestList.Name && (entry is FileInfo || ResultFiles.All.Contains(entry.Name)))
            .Select(entry => new CheckedFile(entry.Name, entry is FileInfo { Exists: true } file ? file.Length : null, FileFate.NotListed))
            .ToList();
        return there.Concat(ResultFiles.Always.Except(there.Select(file => file.File)).Select(name => new CheckedFile(name, null, FileFate.Missing)));
    }
}
