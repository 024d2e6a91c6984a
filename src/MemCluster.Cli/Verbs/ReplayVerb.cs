using System.CommandLine;
using System.Text.Json;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Replaying;
using MemCluster.Sweeps;

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

            var replay = await Trained(recorded, parse.GetValue(data), doors, terminal, cancel);
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
        return await RecordedTrial.Of(reader.Operator!, sweep, trial, cancel);
    }

    private static async Task<Replay> Trained(RecordedTrial recorded, string? data, Doors doors, Terminal terminal, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var replay = new Replay(recorded.Epochs, recorded.Outcome);
        var progress = new TrainingProgress(doors.Clock, terminal, ReplayLines.NameOf(recorded), recorded.Outcome.Epochs);
        var training = doors.Train(new(recorded.Settings, recorded.Kept, data, Heard), stop.Token);
        try
        {
            replay.End(await progress.While(training, cancel));
        }
        catch (OperationCanceledException) when (replay.IsOver && !cancel.IsCancellationRequested)
        {
            // The weights forked: more epochs would say nothing more.
        }
        finally
        {
            if (!cancel.IsCancellationRequested)
            {
                // A screen that is lost, say, must not let the process end under a thread in libtorch; after Ctrl-C it leaves without tearing anything down.
                await stop.CancelAsync();
                await Task.WhenAny(training);
            }
        }

        return replay;

        void Heard(EpochMeasures epoch)
        {
            replay.Hear(epoch);
            progress.Ended(epoch.Epoch);
            if (replay.IsOver)
            {
                stop.Cancel();
            }
        }
    }
}
