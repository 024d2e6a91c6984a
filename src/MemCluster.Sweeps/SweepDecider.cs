using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What the rules say to a command: what to write down, then what to answer.</summary>
public sealed record Decision(ImmutableArray<SweepEvent> Events, SweepReply Reply)
{
    public Decision(SweepReply reply)
        : this([], reply)
    {
    }
}

/// <summary>
/// The rules of a sweep, as a pure function. They see to it that every trial ends exactly once: only the attempt under way may end a trial,
/// a trial is assigned only while it is pending, and a lost one is pending again under the next attempt number.
/// </summary>
public static class SweepDecider
{
    public static Decision Decide(SweepState sweep, SweepCommand command, DateTimeOffset now) => command switch
    {
        SweepCommand.Control control => SweepControl.Decide(sweep, control, now),
        SweepCommand.AssignTrials when sweep.Hold != Holds.None || sweep.Deleted => new(new SweepReply.NothingToDo("")),
        SweepCommand.AssignTrials ask when WhyNot(sweep, ask) is { } reason => new(new SweepReply.NothingToDo(reason)),
        SweepCommand.AssignTrials ask => Assign(sweep, ask, now),

        SweepCommand.ReportFinished report when sweep.Find(report.Key) is { } trial =>
            End(sweep, trial, new SweepEvent.TrialFinished(report.Key, trial.Place + 1, report.Outcome, report.Spent, now), now),
        SweepCommand.ReportFailed { Fault: { } fault } report when sweep.Find(report.Key) is { } trial && IsWorthAnother(sweep, trial, fault, report.Elsewhere ?? []) =>
            new([new SweepEvent.TrialLost(report.Key, trial.Place + 1, report.Error, report.Epoch, now, Fault: fault)], new SweepReply.Noted()),
        SweepCommand.ReportFailed report when sweep.Find(report.Key) is { } trial =>
            End(sweep, trial, new SweepEvent.TrialFailed(report.Key, trial.Place + 1, ErrorOf(sweep, trial, report), report.Spent, now), now),
        SweepCommand.ReleaseTrial release when sweep.Find(release.Key) is { } trial => new(
            [new SweepEvent.TrialLost(release.Key, trial.Place + 1, release.Why, release.Epoch, now, release.HandedBack ? true : null, JournalLost: release.JournalLost ? true : null)], new SweepReply.Noted()),
        SweepCommand.ReportFinished or SweepCommand.ReportFailed or SweepCommand.ReleaseTrial => new(new SweepReply.Stale()),

        SweepCommand.AskSeeds ask when sweep.AwaitsLook => AskSeeds(sweep, ask, now),
        SweepCommand.AskSeeds => new(new SweepReply.Stale()),

        _ => throw new NotSupportedException($"No rule for {command.GetType().Name}."),
    };

    /// <summary>What is there stays, also where a claim of now would not have asked for it; then the first seeds have no gap.</summary>
    private static Decision AskSeeds(SweepState sweep, SweepCommand.AskSeeds ask, DateTimeOffset now)
    {
        var there = sweep.AskedSoFar();
        var wanted = SeedsOf.Each(ask.Wanted, there.Length);
        int[] all = [.. there.Zip(wanted, (has, wants) => Math.Clamp(wants, has, sweep.Shape.Seeds))];
        var news = new SweepEvent.SeedsAsked(sweep.Submitted.Sweep, SeedsOf.Runs(all), Done: false, now);
        var more = sweep.Apply(news).Counts().Ready;
        return new([news with { Done = more == 0 }], new SweepReply.Changed(more));
    }

    /// <summary>
    /// Whether a trial that failed is tried again: as often as the sweep says, and only where it may end otherwise. What was wrong with its machine may be
    /// right by then; what training threw, or what a limit ended, the same machine would give again.
    /// </summary>
    private static bool IsWorthAnother(SweepState sweep, Underway trial, Fault fault, IReadOnlyList<string> elsewhere)
    {
        var on = sweep.FailuresOf(trial.Place).Add(fault.Trainer);
        return on.Length <= sweep.Shape.Retries
            && (fault.Kind is FaultKind.Machine or FaultKind.Crashed or FaultKind.Stalled || elsewhere.Any(other => !on.Contains(other)));
    }

    private static string ErrorOf(SweepState sweep, Underway trial, SweepCommand.ReportFailed report)
    {
        var before = sweep.FailuresOf(trial.Place);
        return before.Length == 0 ? report.Error
            : $"{report.Error} (it failed {Phrases.Count(before.Length)} {(before.Length == 1 ? "time" : "times")} before, on {string.Join(", ", before.Distinct())})";
    }

    /// <summary>A scoring trial that ends without scores takes those that wait for it along.</summary>
    private static Decision End(SweepState sweep, Underway trial, SweepEvent end, DateTimeOffset now) => new(
        trial.Place < sweep.Trials.Count ? [end] : [end, .. ScoringRules.EndsAfter(sweep.Apply(end), [trial.Place], now)], new SweepReply.Noted());

    /// <summary>Why this trainer may have no trial of the sweep, pending or not; null if it may. Mixed arithmetic would break "same bits".</summary>
    private static string? WhyNot(SweepState sweep, SweepCommand.AssignTrials ask) => sweep.Shape.InstructionSet switch
    {
        "" => null,
        var wanted when wanted != ask.InstructionSet =>
            $"{sweep.Submitted.Sweep} asks for numerics {wanted}; {ask.Trainer} computes with {ask.InstructionSet}",
        _ when ask.Fault is { } fault => $"{ask.Trainer} would compute wrongly: {fault}",
        _ when ask.Fingerprint.Length == 0 => $"{ask.Trainer} has not shown what its arithmetic gives",
        _ when sweep.Fingerprint is { } settled && settled != ask.Fingerprint =>
            $"{ask.Trainer} computes other bits (fingerprint {ask.Fingerprint}) than the machines that began {sweep.Submitted.Sweep} ({settled})",
        _ => null,
    };

    private static Decision Assign(SweepState sweep, SweepCommand.AssignTrials ask, DateTimeOffset now)
    {
        // An order that comes twice brings nothing twice.
        var room = ask.UpTo is { } most ? Math.Min(ask.Room, most - sweep.HeldBy(ask.Trainer)) : ask.Room;
        var trials = sweep.PendingPlaces(ask.Trainer, ask.Elsewhere ?? []).Take(Math.Max(0, room)).Select(place => new AssignedTrial(sweep.NextKey(place), place + 1)).ToList();
        if (trials.Count == 0)
        {
            return new(new SweepReply.NothingToDo(""));
        }

        var events = ImmutableArray.CreateBuilder<SweepEvent>(trials.Count + 1);
        if (sweep.Fingerprint is null && sweep.Shape.InstructionSet.Length > 0)
        {
            events.Add(new SweepEvent.FingerprintSettled(sweep.Submitted.Sweep, ask.Fingerprint, ask.Trainer, now));
        }

        events.AddRange(trials.Select(trial => new SweepEvent.TrialAssigned(trial.Key, trial.Trial, ask.Trainer, now)));
        return new(events.ToImmutable(), new SweepReply.Assigned(trials));
    }
}
