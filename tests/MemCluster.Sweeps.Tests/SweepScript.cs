using System.Collections.Immutable;
using CsCheck;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

/// <summary>What happens in a script, in the order of the drawn numbers.</summary>
internal enum Move
{
    Assign,
    AssignMany,
    Finish,
    Diverge,
    Fail,
    Release,
    Vanish,
    LateWord,
    EarlyWord,
    Stranger,
    Snapshot,
}

/// <param name="Who">Which trainer, modulo those there are.</param>
/// <param name="Which">Which of the keys at hand, modulo those there are.</param>
internal readonly record struct Step(Move Move, int Who, int Which);

/// <summary>
/// A whole sweep played in memory: trainers that pull, finish, fail and vanish, and words that come late, twice, or from nowhere. It keeps
/// its own book of what is in whose hands, made of the answers alone, as a real coordinator's.
/// </summary>
internal sealed class SweepScript
{
    public const int Trainers = 4;
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly List<TrialKey>[] _hands = [.. Enumerable.Range(0, Trainers).Select(_ => new List<TrialKey>())];
    private readonly List<TrialKey> _past = [];
    private readonly List<SweepEvent> _events = [];
    private readonly SweepShape _shape;
    private int _minutes;

    public SweepScript(int trials, string instructionSet)
    {
        _shape = new(trials, place => new(0xce11, (ulong)place), instructionSet);
        Submitted = new(new("s"), "", "", 1, "v", trials, Noon);
        Live = SweepState.Begin(Submitted, _shape);
    }

    public static Gen<(int Trials, bool Tensors, Step[] Steps)> Scripts { get; } = Gen.Select(
        Gen.Int[1, 12], Gen.Bool, Gen.Select(Gen.Int[0, 10], Gen.Int[0, 99], Gen.Int[0, 99]).Select(drawn =>
            new Step((Move)drawn.Item1, drawn.Item2, drawn.Item3)).Array[0, 150]);

    public SweepEvent.SweepSubmitted Submitted { get; }

    public SweepState Live { get; private set; }

    public IReadOnlyList<SweepEvent> Events => _events;

    /// <summary>All events applied one by one to the beginning.</summary>
    public SweepState Replayed => _events.Aggregate(SweepState.Begin(Submitted, _shape), (state, happened) => state.Apply(happened));

    public static SweepScript Play(int trials, bool tensors, IEnumerable<Step> steps)
    {
        var script = new SweepScript(trials, tensors ? NumericsSettings.Avx2 : "");
        foreach (var step in steps)
        {
            script.Take(step);
        }

        return script;
    }

    /// <summary>Everybody finishes what they hold and pulls again, until there is nothing left; a trainer that hangs would loop here forever.</summary>
    public void Drain()
    {
        for (var rounds = 0; !Live.IsOver; rounds++)
        {
            Assert.True(rounds < 10 * Live.Trials.Count, "The sweep does not come to its end.");
            Take(new(Move.AssignMany, rounds, 0));
            while (_hands.FirstOrDefault(hand => hand.Count > 0) is { } hand)
            {
                End(hand, 0, new SweepCommand.ReportFinished(hand[0], Outcome(TrialState.Finished), TimeSpan.FromSeconds(1)));
            }
        }
    }

    /// <summary>Picks up from a snapshot, written and read as the journal does it.</summary>
    public static SweepState FromSnapshot(SweepState state, SweepShape shape) =>
        SweepState.FromSnapshot((SweepSnapshot)MessageJson.Read(MessageJson.Write(state.ToSnapshot()), "sweep-snapshot:1"), shape);

    public static string Describe(SweepState state) => string.Join('\n',
    [
        state.NumericsVersion,
        state.Fingerprint ?? "no fingerprint",
        string.Concat(Enumerable.Range(0, state.Trials.Count).Select(place => (int)state.Trials[place])),
        .. state.Running.OrderBy(trial => trial.Value.Place).Select(trial => $"{trial.Key} {trial.Value}"),
        .. state.Lost.OrderBy(lost => lost.Key).Select(lost => $"{lost.Key} {lost.Value}"),
        .. Enumerable.Range(0, state.Trials.Count).Select(state.NextKey).Select(key => key.ToString()),
        string.Join(' ', state.PendingPlaces("", [])),
        $"over: {state.IsOver}",
    ]);

    private static TrialOutcome Outcome(TrialState state) => new(state, 3, ImmutableSortedDictionary<string, double>.Empty, "");

    private void Take(Step step)
    {
        var hand = _hands[step.Who % Trainers];
        switch (step.Move)
        {
            case Move.Assign:
                Assign(step.Who % Trainers, 1);
                break;
            case Move.AssignMany:
                Assign(step.Who % Trainers, 1 + (step.Which % 5));
                break;
            case Move.Finish when hand.Count > 0:
                End(hand, step.Which, new SweepCommand.ReportFinished(hand[step.Which % hand.Count], Outcome(TrialState.Finished), TimeSpan.Zero));
                break;
            case Move.Diverge when hand.Count > 0:
                End(hand, step.Which, new SweepCommand.ReportFinished(hand[step.Which % hand.Count], Outcome(TrialState.Diverged), TimeSpan.Zero));
                break;
            case Move.Fail when hand.Count > 0:
                End(hand, step.Which, new SweepCommand.ReportFailed(hand[step.Which % hand.Count], "it threw", TimeSpan.Zero));
                break;
            case Move.Release when hand.Count > 0:
                End(hand, step.Which, new SweepCommand.ReleaseTrial(hand[step.Which % hand.Count], "its lease ran out", step.Which));
                break;
            case Move.Vanish:
                while (hand.Count > 0)
                {
                    End(hand, 0, new SweepCommand.ReleaseTrial(hand[0], "its trainer left", step.Which));
                }

                break;
            case Move.LateWord when _past.Count > 0:
                ChangesNothing(Word(step.Who, _past[step.Which % _past.Count]));
                break;
            case Move.EarlyWord when hand.Count > 0:
                var key = hand[step.Which % hand.Count];
                ChangesNothing(Word(step.Who, key with { Attempt = key.Attempt + 1 }));
                break;
            case Move.Stranger:
                ChangesNothing(Word(step.Who, new(new(step.Who % 2 == 0 ? "s" : "t"), new(1, (ulong)step.Which), 1)));
                ChangesNothing(hand.Count == 0 ? null : Word(step.Who, hand[0] with { Sweep = new("t") }));
                break;
            case Move.Snapshot:
                var restored = FromSnapshot(Live, _shape);
                Assert.Equal(Describe(Live), Describe(restored));
                Live = restored;
                break;
        }
    }

    private void Assign(int trainer, int room)
    {
        var pending = Live.Trials.CountOf(TrialState.Pending);
        var reply = Decide(new SweepCommand.AssignTrials($"trainer-{trainer}", room, NumericsSettings.Avx2, "print"));
        var trials = reply is SweepReply.Assigned assigned ? assigned.Trials : [];

        Assert.Equal(Math.Min(room, pending), trials.Count);
        _hands[trainer].AddRange(trials.Select(trial => trial.Key));
    }

    private void End(List<TrialKey> hand, int which, SweepCommand command)
    {
        var key = hand[which % hand.Count];
        Assert.IsType<SweepReply.Noted>(Decide(command));
        hand.Remove(key);
        _past.Add(key);
        ChangesNothing(command);
    }

    private void ChangesNothing(SweepCommand? command)
    {
        if (command is null)
        {
            return;
        }

        var before = Live;
        var events = _events.Count;
        Assert.IsType<SweepReply.Stale>(Decide(command));
        Assert.Equal(events, _events.Count);
        Assert.Same(before, Live);
    }

    private static SweepCommand Word(int which, TrialKey key) => (which % 3) switch
    {
        0 => new SweepCommand.ReportFinished(key, Outcome(TrialState.Finished), TimeSpan.Zero),
        1 => new SweepCommand.ReportFailed(key, "late", TimeSpan.Zero),
        _ => new SweepCommand.ReleaseTrial(key, "late", 1),
    };

    private SweepReply Decide(SweepCommand command)
    {
        var decision = SweepDecider.Decide(Live, command, Noon.AddMinutes(_minutes++));
        foreach (var happened in decision.Events)
        {
            _events.Add(happened);
            Live = Live.Apply(happened);
        }

        return decision.Reply;
    }
}
