using CsCheck;
using MemCluster.Messages;

namespace MemCluster.Sweeps.Tests;

public sealed class TrialStatesTests
{
    private const int Block = 4096;
    private static readonly Gen<TrialState> State = Gen.Int[0, 5].Select(state => (TrialState)state);

    /// <summary>Sizes on and around the borders of blocks, where such things break.</summary>
    private static readonly int[] Sizes = [1, 2, 100, Block - 1, Block, Block + 1, (2 * Block) - 1, 2 * Block, (2 * Block) + 1];
    private static readonly Gen<int> Size = Gen.Int[0, 8].Select(index => Sizes[index]);

    private static readonly Gen<(int Size, (int Place, TrialState State)[] Changes)> Script = Size.SelectMany(size =>
        Gen.Select(Gen.OneOf(Gen.Int[0, size - 1], Gen.Int[Math.Max(0, size - 3), size - 1]), State).Array[0, 60].Select(changes => (size, changes)));

    [Fact]
    public void It_holds_what_a_plain_array_would_hold() => Script.Sample(script =>
    {
        var plain = new TrialState[script.Size];
        var states = TrialStates.AllPending(script.Size);
        foreach (var (place, state) in script.Changes)
        {
            plain[place] = state;
            states = states.With(place, state);
        }

        SameAs(plain, states);
        SameAs(plain, TrialStates.Unpack(script.Size, states.Pack()));
    });

    [Fact]
    public void An_older_value_does_not_change_with_a_newer_one() => Script.Sample(script =>
    {
        var before = TrialStates.AllPending(script.Size).With(0, TrialState.Failed);
        var packed = before.Pack();

        _ = script.Changes.Aggregate(before, (states, change) => states.With(change.Place, change.State));

        return before.Pack().SequenceEqual(packed) && before.CountOf(TrialState.Pending) == script.Size - 1;
    });

    [Theory]
    [InlineData(Block - 2)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData((2 * Block) - 1)]
    [InlineData(2 * Block)]
    public void The_one_pending_trial_is_found_wherever_it_stands(int place)
    {
        var states = Enumerable.Range(0, (2 * Block) + 1)
            .Where(other => other != place)
            .Aggregate(TrialStates.AllPending((2 * Block) + 1), (all, other) => all.With(other, TrialState.Finished));

        Assert.Equal(place, states.NextPending(0));
        Assert.Equal(place, states.NextPending(place));
        Assert.Equal(states.Count, states.NextPending(place + 1));
    }

    [Fact]
    public void Nothing_pending_is_said_by_the_count_even_where_the_last_block_is_not_full()
    {
        var states = TrialStates.AllPending(3);
        states = states.With(0, TrialState.Running).With(1, TrialState.Running).With(2, TrialState.Finished);

        Assert.Equal(3, states.NextPending(0));
        Assert.Equal(3, states.NextPending(3));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void A_place_that_is_not_there_is_refused(int place) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TrialStates.AllPending(3).With(place, TrialState.Running));

    private static void SameAs(TrialState[] plain, TrialStates states)
    {
        Assert.Equal(plain.Length, states.Count);
        Assert.Equal(plain, Enumerable.Range(0, states.Count).Select(place => states[place]));
        Assert.All(Enum.GetValues<TrialState>(), state => Assert.Equal(plain.Count(one => one == state), states.CountOf(state)));
        var pending = Array.IndexOf(plain, TrialState.Pending);
        Assert.Equal(pending < 0 ? plain.Length : pending, states.NextPending(0));
        var middle = plain.Length / 2;
        pending = Array.IndexOf(plain, TrialState.Pending, middle);
        Assert.Equal(pending < 0 ? plain.Length : pending, states.NextPending(middle));
    }
}
