using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>The places where data sets may lie, in the order in which they are searched.</summary>
/// <param name="Places">Folders; one holds a set in a folder of the set's name, or its files directly.</param>
public sealed record DataFolder(IReadOnlyList<string> Places)
{
    /// <summary>Names the folder of all sets; read by <see cref="Find"/>.</summary>
    public const string Variable = "MEMCLUSTER_DATA";

    /// <summary>The user's cache: <c>$XDG_CACHE_HOME/memcluster</c>, else <c>~/.cache/memcluster</c>. Downloads go there.</summary>
    public static string Cache
    {
        get
        {
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            // The XDG specification: a relative path is invalid and to be ignored.
            return Path.Combine(Path.IsPathFullyQualified(cache ?? "") ? cache! : Path.Combine(Home, ".cache"), "memcluster");
        }
    }

    /// <summary>The folder given by hand (<c>--data DIR</c>), then <c>MEMCLUSTER_DATA</c>, then the cache.</summary>
    public static DataFolder Find(string? given = null) => new([.. new[] { given, Environment.GetEnvironmentVariable(Variable), Cache }
        .Where(place => !string.IsNullOrEmpty(place)).Select(place => place!).Distinct()]);

    /// <summary>Path of a set's file, plain or .gz; null where there is none.</summary>
    public string? Locate(DataSetCard card, string file) => Candidates(card)
        .SelectMany(folder => new[] { Path.Combine(folder, file), Path.Combine(folder, file + ".gz") })
        .FirstOrDefault(File.Exists);

    /// <summary>Path of the published archive that holds all files of a set; null where there is none.</summary>
    public string? LocateArchive(DataSetCard card) => card.Archive is null
        ? null
        : Candidates(card).Select(folder => Path.Combine(folder, card.Archive)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Whether a located file has the published length, which is seen at a glance; only reading it tells whether it is the published one. A gzip
    /// file ends with the length of what is in it; of an archive nothing can be said.
    /// </summary>
    public static bool HasPublishedLength(string path, DataFile file)
    {
        try
        {
            using var stream = RegularFile.Open(path);
            if (path.EndsWith(".tar.gz", StringComparison.Ordinal) || stream.Length == (path.EndsWith(".gz", StringComparison.Ordinal) ? file.DownloadBytes : file.Bytes))
            {
                return stream.Length > 0;
            }

            var end = new byte[4];
            stream.Position = Math.Max(0, stream.Length - 4);
            return path.EndsWith(".gz", StringComparison.Ordinal) && stream.Read(end) == 4
                && System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(end) == file.Bytes;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The sentence for a set that is not here, or not all of it.</summary>
    public DataProblem Missing(DataSetCard card, IReadOnlyList<string> files)
    {
        var name = ShortName(card);
        var what = card.Files.Any(file => Locate(card, file.Name) is not null) && files.Count < card.Files.Count
            ? $"{name} is incomplete here: no {string.Join(", no ", files)} (plain or .gz)."
            : $"No {name} here.";
        return new DataProblem($"{what} Looked in {string.Join(", ", Places.Select(Readable))}. "
            + $"Get it with: memcluster data get {card.Name}   or say --data DIR");
    }

    /// <summary>What people call a set: the first word of its title.</summary>
    public static string ShortName(DataSetCard card) => card.Title.Split(' ')[0];

    /// <summary>A path as people write it.</summary>
    internal static string Readable(string path) =>
        Home.Length > 1 && path.StartsWith(Home + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? "~" + path[Home.Length..] : path;

    private static string Home => Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } home
        ? home
        : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private IEnumerable<string> Candidates(DataSetCard card) => Places.SelectMany(place =>
        new[] { Path.Combine(place, card.Name), Path.Combine(place, card.Name, "cifar-10-batches-bin"), Path.Combine(place, "cifar-10-batches-bin"), place });
}
