using System.CommandLine;
using System.Text.Json;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Replaying;

namespace MemCluster.Cli;

/// <summary><c>replay SWEEP TRIAL</c>: trains one trial again from the spec in the journal, and compares every epoch with what is recorded.</summary>
internal static class ReplayVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var sweep = new Argument<string?>("SWEEP") { Description = "The sweep; may be left out where there is only one.", Arity = ArgumentArity.ZeroOrOne };
        var trial = new Argument<string?>("TRIAL") { Description = "The trial, counted from 1.", Arity = ArgumentArity.ZeroOrOne };
        var (home, at, data, json) = (NodeArguments.Home.Make(), new ReachSwitches(), NodeArguments.Data.Make(), Options.Json());
        var command = new Command("replay", "Train one trial again, here, and compare it bit for bit with what is recorded.") { sweep, trial, data, json, home };
        at.AddTo(command);
        command.SetAction(async (parse, cancel) =>
        {
            var recorded = await Recorded(doors, at.Of(parse) with { Waits = true }, parse.GetValue(home)!, parse.GetValue(sweep), parse.GetValue(trial), cancel);
            if (doors.CheckData(recorded.Settings.Data, parse.GetValue(data)) is { } missing)
            {
                throw new UserError(missing);
            }

            var replay = await Retrained.Of(recorded, parse.GetValue(data), ReplayLines.NameOf(recorded), doors, terminal, cancel);
            var same = replay.Differences.Count == 0;
            if (parse.GetValue(json))
            {
                terminal.Write(JsonSerializer.Serialize(
                    new { recorded.Sweep, recorded.Trial, recorded.Attempt.Attempt, replay.Epochs, Same = same, replay.Differences }, MessageJson.Options));
            }
            else
            {
                terminal.Write(ReplayLines.Of(recorded, replay));
            }

            return same ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static async Task<RecordedTrial> Recorded(Doors doors, Reach reach, string home, string? sweep, string? trial, CancellationToken cancel)
    {
        if (reach.Address is null && HomeReader.IsThere(home))
        {
            await doors.CatchUp(home, cancel);
        }

        await using var reader = await HomeReader.Open(doors, reach, home, cancel);
        var recorded = await RecordedTrial.Of(reader.Operator!, sweep, trial, cancel);
        if (reach.Address is not null || !HomeReader.IsThere(home))
        {
            return recorded;
        }

        // What is told is read from rows, which were made of the journal before: one that says something else by now was altered, or they were.
        var journalled = await doors.JournalledWeights(home, recorded.Sweep, recorded.Trial, recorded.Attempt.Attempt, cancel);
        return recorded with
        {
            Epochs = [.. recorded.Epochs.Select(epoch => journalled.GetValueOrDefault(epoch.Epoch, epoch.Weights) is var weights && weights != epoch.Weights
                ? epoch with { Weights = $"{weights} (journal), {epoch.Weights} (rows)" } : epoch)],
        };
    }
}
