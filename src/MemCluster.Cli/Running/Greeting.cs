using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Reporting.Plans;
using MemCluster.Reporting.Tables;

namespace MemCluster.Cli;

/// <summary>The first line of a run: begun, continued, or finished already.</summary>
internal static class Greeting
{
    public static Line Of(SweepSpec spec, SubmitReply reply, IReadOnlyList<WorkTiming> timings)
    {
        var counts = reply.Counts;
        if (counts.Ended == counts.Trials)
        {
            return $"{spec.Name} is finished already; nothing was run. {SweepTableText.CountsOf(counts)}.";
        }

        if (!reply.Continued)
        {
            return new($"{spec.Name}    {(spec.Replicates is null ? "" : "at most ")}{Numbers.Count(counts.Trials, "trial", "trials")}    {spec.Question}".TrimEnd(), Tone.Strong);
        }

        return $"Continuing {spec.Name}: {Numbers.Count(counts.Ended)} of {(spec.Replicates is null ? "" : "at most ")}{Numbers.Count(counts.Trials)} done{Interrupted(spec, reply.Interrupted, timings)}.";
    }

    /// <summary>That other sweeps of the home are not finished, and wait; null if there are none.</summary>
    public static Line? OfOthers(IEnumerable<SweepSummary> all, IReadOnlyCollection<SweepId> taken, string home)
    {
        var others = all.Where(sweep => sweep.Counts.Ended < sweep.Counts.Trials && !taken.Contains(sweep.Sweep)).Select(sweep => sweep.Sweep.Name).ToArray();
        return others.Length == 0 ? null
            : new($"Not finished here, too, and waiting: {string.Join(", ", others.Take(4))}{(others.Length > 4 ? $" and {others.Length - 4} more" : "")}. Afterwards: {CommandText.Of("resume", others.Length == 1 ? others[0] : "", home)}", Tone.Faint);
    }

    private static string Interrupted(SweepSpec spec, IReadOnlyList<HeldTrial> interrupted, IReadOnlyList<WorkTiming> timings)
    {
        if (interrupted.Count == 0)
        {
            return "";
        }

        var were = $", {Numbers.Count(interrupted.Count)} {(interrupted.Count == 1 ? "was" : "were")} interrupted";
        var epochs = interrupted.Select(trial => trial.Epoch).Where(epoch => epoch > 0).Order().ToArray();
        if (epochs.Length == 0)
        {
            return were;
        }

        var plan = SweepPlan.Of(spec, timings);
        var epochSeconds = plan.SlotSeconds / Math.Max(1, plan.Trials) / Math.Max(1, plan.MostEpochs);
        var at = epochs.Length > 6
            ? $"at epochs {epochs[0]} to {epochs[^1]}"
            : $"at {(epochs.Length == 1 ? "epoch" : "epochs")} {Joined(epochs)}";
        return $"{were} ({at}; about {Numbers.Duration(epochs.Sum() * epochSeconds)} of work to repeat)";
    }

    private static string Joined(int[] epochs) =>
        epochs.Length == 1 ? $"{epochs[0]}" : $"{string.Join(", ", epochs[..^1])} and {epochs[^1]}";
}
