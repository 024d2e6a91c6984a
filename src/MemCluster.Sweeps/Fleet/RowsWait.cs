using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// Who waits for the rows to hold all that was written before he asked, and who is answered. Decided without an actor, a journal or a clock, so that it can
/// be played: an actor that begins again begins with <see cref="RowsWait.Nothing"/>, and whoever waited asks again (<see cref="RowsPatience"/>).
/// </summary>
/// <param name="Listed">The list of sweeps has been read since this began, or since it was last told to look.</param>
/// <param name="Reading">Sweeps being read from the journal; true if events were passed over meanwhile, so that it must be read once more.</param>
/// <param name="Waiting">When each asked.</param>
/// <param name="Read">Events so far, for whoever wonders whether it goes on.</param>
/// <param name="Problem">Of the last try to read; empty if it went well.</param>
public sealed record RowsWait<TAsker>(
    bool Listed, ImmutableDictionary<SweepId, bool> Reading, ImmutableDictionary<TAsker, TimeSpan> Waiting, long Read, string Problem)
    where TAsker : notnull
{
    public bool IsWhole => Listed && Reading.IsEmpty;

    public RowsWait<TAsker> Asked(TAsker asker, TimeSpan now) => this with { Waiting = Waiting.SetItem(asker, now) };

    /// <summary>Everything is to be looked at once more.</summary>
    public RowsWait<TAsker> Looks() => this with { Listed = false };

    public RowsWait<TAsker> Found() => this with { Listed = true, Problem = "" };

    /// <returns>Whether its reading begins now; else it is read once more when the reading under way is done.</returns>
    public (RowsWait<TAsker> Next, bool Begins) Reads(SweepId sweep, bool missed) => Reading.TryGetValue(sweep, out var before)
        ? (this with { Reading = Reading.SetItem(sweep, before || missed) }, false)
        : (this with { Reading = Reading.Add(sweep, false) }, true);

    /// <returns>Whether it must be read once more.</returns>
    public (RowsWait<TAsker> Next, bool Again) CaughtUp(SweepId sweep) =>
        (this with { Reading = Reading.Remove(sweep), Problem = "" }, Reading.GetValueOrDefault(sweep));

    /// <summary>What holds everybody up, and is tried again.</summary>
    public RowsWait<TAsker> Failed(string why) => this with { Problem = why };

    /// <summary>Nobody waits for a sweep that can't be read.</summary>
    public RowsWait<TAsker> SetAside(SweepId sweep) => this with { Reading = Reading.Remove(sweep) };

    public RowsWait<TAsker> Folded(int events) => this with { Read = Read + events };

    /// <returns>Who is answered now, with what; null: all is in the rows.</returns>
    public (RowsWait<TAsker> Next, IReadOnlyList<TAsker> Answered, RowsBehind? How) Answers(TimeSpan now)
    {
        if (IsWhole)
        {
            return (this with { Waiting = Waiting.Clear() }, [.. Waiting.Keys], null);
        }

        TAsker[] told = [.. Waiting.Where(asker => now - asker.Value >= RowsWait.WordAfter).Select(asker => asker.Key)];
        return (this with { Waiting = Waiting.RemoveRange(told) }, told, new(Reading.Count, Read, Problem));
    }
}

/// <summary>How it begins.</summary>
public static class RowsWait
{
    /// <summary>So long an asker waits for all of it before he is told how far it is: he need not guess whether somebody is there.</summary>
    public static readonly TimeSpan WordAfter = TimeSpan.FromSeconds(1);

    public static RowsWait<TAsker> Nothing<TAsker>() where TAsker : notnull =>
        new(false, ImmutableDictionary<SweepId, bool>.Empty, ImmutableDictionary<TAsker, TimeSpan>.Empty, 0, "");
}

/// <summary>How far the rows are behind.</summary>
/// <param name="Sweeps">Still being read.</param>
/// <param name="Read">Events so far.</param>
/// <param name="Problem">What is in the way; empty if nothing is.</param>
public sealed record RowsBehind(int Sweeps, long Read, string Problem);

/// <summary>The other side: one who waits asks again when he hears nothing, and gives up when nothing moves.</summary>
/// <param name="Begun">When he first asked.</param>
/// <param name="Moved">When he last heard of progress.</param>
/// <param name="Last">What he heard last; null: nothing yet.</param>
public sealed record RowsPatience(TimeSpan Begun, TimeSpan Moved, RowsBehind? Last = null)
{
    /// <summary>Unanswered for so long, he asks again: the one who was asked is gone, and another is in his place.</summary>
    public static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan QuietFor = TimeSpan.FromSeconds(2);

    public static RowsPatience From(TimeSpan now) => new(now, now);

    public RowsPatience Heard(RowsBehind behind, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(behind);
        return this with { Last = behind, Moved = behind.Read != Last?.Read ? now : Moved };
    }

    /// <returns>What to say to whoever looks on; null while it is not worth a word.</returns>
    public string? Progress(TimeSpan now) => now - Begun < QuietFor || Last is null ? null
        : Last.Problem.Length > 0 ? $"Reading the journal: {Last.Problem}"
        : $"Reading the journal: {Last.Read} events so far, {(Last.Sweeps == 1 ? "1 sweep" : $"{Last.Sweeps} sweeps")} to go";

    /// <param name="patience">How long without progress.</param>
    /// <returns>Why he waits no longer, a sentence; null while he does.</returns>
    public string? GivesUp(TimeSpan now, TimeSpan patience) => now - Moved < patience ? null
        : $"The rows did not catch up with the journal: nothing moved for {(now - Moved).TotalSeconds:0} s"
            + (Last is { Problem.Length: > 0 } ? $" ({Last.Problem})" : "") + "; the log says why (memcluster.log in the home), and whether the journal is damaged: memcluster audit";
}
