using MemCluster.Operations;

namespace MemCluster.Coordinator.Pbm;

/// <summary>
/// The one folder whose sweep files this door reads. Its clients have given no password; without this any of them could have any file of the
/// machine read out to them, as a list of what is wrong with it.
/// </summary>
internal sealed class SpecsFolder(string folder)
{
    private const int MostLinks = 40;

    /// <param name="name">A file below the folder, as its path from there.</param>
    /// <returns>The file's path, every link on the way followed.</returns>
    /// <exception cref="UserError">It is not below the folder, or there is no folder.</exception>
    public string PathOf(string name)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserError($"There is no folder {folder} to read sweep files from; make it and put them there, or start the coordinator with --specs DIR.");
        }

        try
        {
            var root = Real(Path.GetFullPath(folder), 0);
            var path = Real(Path.GetFullPath(Path.Combine(root, name)), 0);
            if (path.StartsWith(Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return path;
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // As good as not there: what is wrong with it outside of the folder is nobody's business.
        }

        throw new UserError($"'{name}' is no file below {folder}, the only place that this door reads sweep files from.");
    }

    /// <summary>A link anywhere on the way may lead out, so each is followed before the path is judged.</summary>
    private static string Real(string path, int links)
    {
        var real = Path.GetPathRoot(path)!;
        var parts = path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (var part = 0; part < parts.Length; part++)
        {
            var next = Path.Combine(real, parts[part]);
            if (new FileInfo(next).LinkTarget is { } target)
            {
                return links < MostLinks
                    ? Real(Path.GetFullPath(Path.Combine([real, target, .. parts[(part + 1)..]])), links + 1)
                    : throw new IOException($"{path} is a link that leads round in a circle.");
            }

            real = next;
        }

        return real;
    }
}
