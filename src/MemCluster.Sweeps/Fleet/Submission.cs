using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>What a sweep says to a submission of it: what to write down, then what to answer. No reply: whoever asked says it again, to the next of that name.</summary>
public sealed record Submitted(ImmutableArray<SweepEvent> Events, SubmitReply? Reply);

/// <summary>The rules of taking up a sweep, or going on with it.</summary>
public static class Submission
{
    /// <param name="unclaimed">Trials under way whose trainer has not come back, with the epochs on disk.</param>
    public static Submitted Decide(SweepBook book, SweepRequest.Submit submit, IReadOnlyList<HeldTrial> unclaimed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(submit);
        var sweep = book.Sweep;
        switch (book)
        {
            case { Unreadable: { } why }:
                return new([], new(sweep, Continued: true, new(0, 0, 0, 0, 0, 0, 0), [], [why]));

            case { State: null }:
                var begun = new SweepEvent.SweepSubmitted(
                    sweep, submit.Spec.Canonical, submit.Spec.Digest, Grid.ExpansionVersion, NumericsSettings.Version, new Grid(submit.Spec).Count, now);
                return new([begun], new(sweep, Continued: false, book.Apply(begun).State!.Counts(), [], []));

            case { State.Deleted: true }:
                return new([], null);

            default:
                return GoOn(book, book.State, submit, unclaimed, now);
        }
    }

    private static Submitted GoOn(SweepBook book, SweepState state, SweepRequest.Submit submit, IReadOnlyList<HeldTrial> unclaimed, DateTimeOffset now)
    {
        var interrupted = Interrupted(state, unclaimed);
        string[] problems = state.Submitted.Digest != submit.Spec.Digest ? [Different(book.Spec!.Canonical, submit.Spec.Canonical)]
            : book.Problem is { } problem && !submit.AcceptVersion ? [problem]
            : [];
        if (problems.Length > 0)
        {
            return new([], new(book.Sweep, Continued: true, state.Counts(), interrupted, problems));
        }

        var events = ImmutableArray.CreateBuilder<SweepEvent>();
        if (book.Problem is not null)
        {
            events.Add(new SweepEvent.VersionAccepted(book.Sweep, NumericsSettings.Version, now));
        }

        // Who submits a sweep again wants it to go on.
        if (state.Hold != Holds.None)
        {
            events.Add(new SweepEvent.SweepResumed(book.Sweep, now));
        }

        // The digest is the same, so the trials are; what else the file says is so from now on.
        if (state.Submitted.Spec != submit.Spec.Canonical)
        {
            events.Add(new SweepEvent.SpecAmended(book.Sweep, submit.Spec.Canonical, now));
        }

        // A spec whose claims ask for more opens again what was over.
        var after = events.Aggregate(book, (before, happened) => before.Apply(happened)).State ?? state;
        return new(events.ToImmutable(), new(book.Sweep, Continued: true, after.Counts(), interrupted, []));
    }

    private static string Different(string begun, string asked) => string.Join("\n  ", SpecDifference.Between(begun, asked).Prepend(
        "This home has a sweep of that name with other settings; give the sweep another name, or use another --home. The difference:"));

    /// <summary>Trials that were under way or had been lost, and have no result yet.</summary>
    private static HeldTrial[] Interrupted(SweepState state, IReadOnlyList<HeldTrial> unclaimed) =>
    [
        .. state.Lost
            .Where(lost => state.StateOf(lost.Key) == TrialState.Pending)
            .Select(lost => (Place: lost.Key, Trial: new HeldTrial(state.NextKey(lost.Key), lost.Value.Epoch)))
            .Concat(unclaimed
                .Where(held => state.Find(held.Key) is not null)
                .Select(held => (state.Find(held.Key)!.Place, Trial: held)))
            .OrderBy(entry => entry.Place)
            .Select(entry => entry.Trial),
    ];
}
