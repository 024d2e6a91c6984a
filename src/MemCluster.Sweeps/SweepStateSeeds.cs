using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// A sweep whose claims ask for seeds has the trials of all seeds that they may ask for, each at its place, so that a trial's number does not depend on what was asked.
/// Those that nobody has asked for are spare.
/// </summary>
public sealed partial record SweepState
{
    /// <summary>No claim asks for more seeds.</summary>
    public bool IsSettled { get; private init; }

    /// <summary>Every trial that was asked for has ended, and nobody will ask for more.</summary>
    public bool IsOver => AllEnded && (IsSettled || Trials.CountOf(TrialState.Spare) == 0);

    /// <summary>Every trial that was asked for has ended: the claims are to be looked at, and ask for more or for no more.</summary>
    public bool AwaitsLook => AllEnded && !IsOver && !Deleted;

    private bool AllEnded => Trials.CountOf(TrialState.Pending) + Trials.CountOf(TrialState.Waiting) + Scores.CountOf(TrialState.Pending) == 0 && Running.IsEmpty;

    /// <summary>While claims may ask for more, what they may ask for is to come: a sweep between two looks is not over for anybody.</summary>
    public TrialCounts Counts()
    {
        var (counts, spare) = (Trials.Counts(), Trials.CountOf(TrialState.Spare));
        return counts with
        {
            Trials = IsSettled ? counts.Trials - spare : counts.Trials,
            Places = IsSettled && spare > 0 ? counts.Trials : null,
            Pending = IsSettled ? counts.Pending : counts.Pending + spare,
            Waiting = IsSettled ? counts.Waiting : counts.Waiting + spare,
            Scores = Scores.Count == 0 ? null : Scores.Counts(),
        };
    }

    /// <summary>By configuration, the seeds up to the last one that is not spare.</summary>
    public int[] AskedSoFar()
    {
        var asked = new int[Trials.Count / Shape.Seeds];
        for (var place = 0; place < Trials.Count; place++)
        {
            if (Trials[place] != TrialState.Spare)
            {
                asked[place / Shape.Seeds] = (place % Shape.Seeds) + 1;
            }
        }

        return asked;
    }

    /// <summary>The spec was amended, and this is what it now expands to.</summary>
    public SweepState Reshaped(SweepShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.Asks || Trials.CountOf(TrialState.Spare) == 0 ? this with { Shape = shape } : this with { Shape = shape, Trials = Trials.WithAll(TrialState.Pending, TrialState.Spare), Cursor = 0 };
    }

    private static TrialStates Unasked(SweepShape shape) =>
        shape.Asks ? TrialStates.AllPending(shape.Trials).WithAll(TrialState.Spare, TrialState.Pending) : TrialStates.AllPending(shape.Trials);

    private SweepState WithAsked(SweepEvent.SeedsAsked asked)
    {
        var places = asked.Asked
            .SelectMany(run => Enumerable.Range(run.First - 1, run.Last - run.First + 1).SelectMany(configuration => Enumerable.Range(configuration * Shape.Seeds, run.Seeds)))
            .Where(place => Trials[place] == TrialState.Spare).ToArray();
        return this with
        {
            Trials = places.Length == 0 ? Trials : Trials.With(places, TrialState.Pending),
            Cursor = places.Length == 0 ? Cursor : Math.Min(Cursor, places[0]),
            IsSettled = asked.Done,
        };
    }
}
