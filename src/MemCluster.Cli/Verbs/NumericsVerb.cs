using System.CommandLine;
using System.Text.Json;
using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Tables;

namespace MemCluster.Cli;

/// <summary><c>numerics</c>: what this machine computes, in words that two machines can compare.</summary>
internal static class NumericsVerb
{
    public static Command Build(Terminal terminal)
    {
        var set = new Option<string>("--numerics")
        {
            Description = "Instruction set to pin, as in a sweep file: avx2, avx512 or native.",
            DefaultValueFactory = _ => NumericsSettings.Avx2,
            HelpName = "SET",
        };
        set.AcceptOnlyFromAmong(NumericsSettings.Avx2, NumericsSettings.Avx512, NumericsSettings.Native);
        var check = new Option<bool>("--check") { Description = "Compute everything once more in memory that begins as NaN; exit code 1 where bits differ." };
        var json = Options.Json();
        var command = new Command("numerics", "What this machine computes, bit by bit: a digest for each kind of operation, and the fingerprint.") { set, check, json };
        command.SetAction(parse =>
        {
            var found = Taken(parse.GetValue(set)!, parse.GetValue(check));
            if (parse.GetValue(json))
            {
                terminal.Write(JsonSerializer.Serialize(found, MessageJson.Options));
            }
            else
            {
                terminal.Write(Lines(found));
            }

            return found.Wrong is { Count: > 0 } ? ExitCodes.TrialsFailed : ExitCodes.Fine;
        });
        return command;
    }

    private static Found Taken(string set, bool check)
    {
        if (NumericsPin.Pin(set) is { } problem)
        {
            throw new UserError(problem);
        }

        var digests = Arithmetic.All();
        return new(
            Processor.Name, Processor.InstructionSets, set, NumericsSettings.Version, digests, Arithmetic.FingerprintOf(Arithmetic.OfTrials()),
            Fingerprint.Published.GetValueOrDefault(set), check ? Arithmetic.Differing(digests, Arithmetic.Poisoned(Arithmetic.All)) : null);
    }

    private static IEnumerable<Line> Lines(Found found)
    {
        yield return new($"processor    {found.Processor}  {string.Join(", ", found.InstructionSets)}");
        yield return new($"numerics     {found.Numerics}, {found.Version}");
        IReadOnlyList<string>[] rows =
        [
            ["OPERATION", "FLOAT32", "FLOAT64"],
            .. found.Digests.GroupBy(one => one.Operation)
                .Select(group => (IReadOnlyList<string>)[group.Key, Of(group, "float32"), Of(group, "float64")]),
        ];
        foreach (var (line, index) in TextTable.Of(rows, [false, false, false]).Select((line, index) => (line, index)))
        {
            yield return new(line, index == 0 ? Tone.Faint : Tone.Plain);
        }

        yield return new($"fingerprint  {found.Fingerprint}", Tone.Strong);
        if (found.Published is { } published)
        {
            yield return published == found.Fingerprint
                ? new($"It is that of the processors on which numerics: {found.Numerics} was tried.", Tone.Good)
                : new($"The processors on which numerics: {found.Numerics} was tried give {published}. Compare the rows with theirs: docs/numerics.md", Tone.Bad);
        }

        foreach (var wrong in found.Wrong ?? [])
        {
            yield return new($"{wrong.Operation} ({wrong.Precision}) gives other bits in other memory: it reads what nobody wrote", Tone.Bad);
        }

        if (found.Wrong is { Count: 0 })
        {
            yield return new("Everything gave the same bits in memory that begins as NaN.", Tone.Good);
        }

        static string Of(IEnumerable<ArithmeticDigest> group, string precision) => group.FirstOrDefault(one => one.Precision == precision)?.Digest ?? "";
    }

    /// <param name="Published">What the processors gave on which this pin was tried; null: nothing is promised of it.</param>
    /// <param name="Wrong">What gave other bits in poisoned memory; null: that was not tried.</param>
    private sealed record Found(
        string Processor, IReadOnlyList<string> InstructionSets, string Numerics, string Version, IReadOnlyList<ArithmeticDigest> Digests, string Fingerprint,
        string? Published, IReadOnlyList<ArithmeticDigest>? Wrong);
}
