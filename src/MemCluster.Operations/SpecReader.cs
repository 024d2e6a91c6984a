using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Operations;

/// <summary>Sweep files as the user named them: specs, or the problems of all of them together.</summary>
public static class SpecReader
{
    /// <summary>Far more than any sweep file; a data file given by mistake is not read to its end.</summary>
    private const long MostBytes = 16 << 20;

    /// <exception cref="SpecProblemsException">Something is wrong with a file.</exception>
    public static IReadOnlyList<SweepSpec> Read(IReadOnlyList<string> files, IReadOnlyList<string> sets, string? preset)
    {
        var problems = new List<string>();
        var specs = new List<(SweepSpec Spec, string File)>();
        foreach (var file in files)
        {
            if (TextOf(file, problems) is not { } text)
            {
                continue;
            }

            var reading = SpecFile.ParseFile(text, file, sets, preset);
            problems.AddRange(reading.Problems.Select(problem => problem.ToString()));
            if (reading.Spec is { } spec)
            {
                if (specs.Find(other => other.Spec.Name == spec.Name) is { File: { } first })
                {
                    problems.Add($"{file}  names its sweep '{spec.Name}', and so does {first}; give one of them another name");
                }

                specs.Add((spec, file));
            }
        }

        return problems.Count == 0 ? [.. specs.Select(entry => entry.Spec)] : throw new SpecProblemsException(problems);
    }

    private static string? TextOf(string file, List<string> problems)
    {
        try
        {
            var there = new FileInfo(file);
            if (Directory.Exists(file) || !there.Exists)
            {
                problems.Add(Directory.Exists(file) ? $"{file}  is a folder; name the sweep file in it"
                    : file.StartsWith('-') ? $"{file}  is neither an option of this command nor a file; --help lists the options"
                    : $"{file}  is not there; name a sweep file, for example specs/first-look.yaml");
                return null;
            }

            // The length says nothing of a pipe or a device, so it is counted while reading.
            if (there.Length > MostBytes || Start(file) is not { } text)
            {
                problems.Add($"{file}  has more than {MostBytes:#,0} bytes, too many for a sweep file; name the sweep file");
                return null;
            }

            return text;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{file}  can't be read: {failure.Message}");
            return null;
        }
    }

    /// <summary>The text; null where there is too much of it.</summary>
    private static string? Start(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var held = new MemoryStream();
        var buffer = new byte[81_920];
        while (stream.Read(buffer) is > 0 and var read)
        {
            held.Write(buffer, 0, read);
            if (held.Length > MostBytes)
            {
                return null;
            }
        }

        held.Position = 0;
        using var text = new StreamReader(held);
        return text.ReadToEnd();
    }
}

/// <summary>Problems found before anything began, a sentence each.</summary>
public sealed class SpecProblemsException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems))
{
    public IReadOnlyList<string> Problems { get; } = problems;
}
