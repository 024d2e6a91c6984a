using System.Globalization;
using MemCluster.Messages;
using MemCluster.Operations.Replaying;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary>What became of a replay, in words.</summary>
internal static class ReplayLines
{
    public static string NameOf(RecordedTrial recorded) => $"trial {Numbers.Count(recorded.Trial)} of {recorded.Sweep}";

    public static IEnumerable<Line> Of(RecordedTrial recorded, Replay replay)
    {
        var whose = $"{NameOf(recorded)}, attempt {recorded.Attempt.Attempt}";
        if (replay.Differences.Count == 0)
        {
            yield return new($"{whose}: {Numbers.Count(replay.Epochs, "epoch", "epochs")} trained again, every weight and number the same", Tone.Good);
            yield break;
        }

        yield return new($"FORKED  {whose}: what was trained again here is not what is recorded", Tone.Bad);
        foreach (var line in Answers.Table(
            [("EPOCH", true), ("WHAT", false), ("RECORDED", false), ("REPLAYED", false)],
            replay.Differences.Select(difference => (IReadOnlyList<string>)
            [
                difference.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "end", difference.What, difference.Recorded, difference.Replayed,
            ])))
        {
            yield return line;
        }

        if (recorded.Settings.Numerics.InstructionSet == NumericsSettings.Native)
        {
            yield return "It was trained with numerics: native, which promises the same bits on the same processor only.";
        }

        yield return $"Either this machine computes differently than {recorded.Attempt.Trainer} did, or the record was changed since.";
        yield return "Find out with: memcluster numerics --check   on both machines, and: memcluster audit";
    }
}
