using System.CommandLine;
using MemCluster.Learning;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;

namespace MemCluster.Cli;

/// <summary><c>verify FOLDER</c>: needs neither the home nor a coordinator, so that a folder can be checked wherever it was copied to.</summary>
internal static class VerifyVerb
{
    private const string Remedy = "Write it anew from the journal with: memcluster export SWEEP";

    public static Command Build(Terminal terminal)
    {
        var folder = new Argument<string>("FOLDER") { Description = "A results folder, in a home or copied elsewhere." };
        var json = Options.Json();
        var command = new Command("verify", "Whether the files of a results folder are as they were written, to the byte.") { folder, json };
        command.SetAction(async (parse, cancel) =>
        {
            var report = await Check(parse.GetValue(folder)!, cancel);
            terminal.Write(report, parse.GetValue(json), Lines);
            return report.IsAsWritten ? ExitCodes.Fine : Complain(report, terminal);
        });
        return command;
    }

    private static async Task<FolderReport> Check(string folder, CancellationToken cancel)
    {
        if (!Directory.Exists(folder))
        {
            throw new UserError(File.Exists(folder)
                ? $"{folder} is a file; name the folder that it lies in."
                : $"There is no folder {folder}. Name a results folder, for example .memcluster/results/first-look");
        }

        try
        {
            return await FolderCheck.Of(folder, RegularFile.Open, cancel);
        }
        catch (FileNotFoundException none)
        {
            throw new UserError($"There is no {DigestList.Name} in {folder}, so nothing says how its files were written. {Remedy}", none);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{DigestList.Name} in {folder}, or the folder itself, can't be read: {failure.Message} {Remedy}", failure);
        }
    }

    private static int Complain(FolderReport report, Terminal terminal)
    {
        foreach (var problem in report.Problems)
        {
            terminal.Error(problem);
        }

        terminal.Error($"{report.Folder} is not as it was written. {Remedy}");
        return ExitCodes.Wrong;
    }

    private static IEnumerable<Line> Lines(FolderReport report)
    {
        foreach (var line in Answers.Table(
            [("FILE", false), ("SIZE", true), ("STATE", false)],
            report.Files.Select(file => (IReadOnlyList<string>)[file.File, file.Bytes is { } bytes ? Numbers.Bytes(bytes) : "–", Words(file.Fate)]),
            row => ToneOf(report.Files[row])))
        {
            yield return line;
        }

        if (report.IsAsWritten)
        {
            yield return new("All that is listed is as it was written.", Tone.Good);
        }
    }

    private static Tone ToneOf(CheckedFile file) => file.IsWrong ? Tone.Bad : file.Fate == FileFate.NotListed ? Tone.Faint : Tone.Plain;

    private static string Words(FileFate fate) => fate switch
    {
        FileFate.AsWritten => "as written",
        FileFate.Changed => "changed",
        FileFate.Missing => "missing",
        FileFate.NotListed => "not listed",
        _ => "can't be read",
    };
}
