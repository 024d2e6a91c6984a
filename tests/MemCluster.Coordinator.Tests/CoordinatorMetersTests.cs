using System.Diagnostics;
using MemCluster.Messages;
using MemCluster.Telemetry;
using MemCluster.Tests;

namespace MemCluster.Coordinator.Tests;

/// <summary>What is measured of a sweep, by the name of this test's own.</summary>
public sealed class CoordinatorMetersTests : CoordinatorTests
{
    private const string Own = "measured";

    [Fact]
    public void Losses_are_counted_by_their_reason_epochs_and_states_by_their_sweep()
    {
        using var measured = new Measured(Signals.Name);
        Submit(Sleeps(3, Own));
        var one = Trainer("lab-1").Register();
        one.Want(3);
        var first = one.Take();
        one.Measure(first[0].Key, 1, 1, 2);
        one.Hear<CoordinatorWord.MeasuresWritten>();
        one.Measure(first[0].Key, 1, 1, 2);
        one.Hear<CoordinatorWord.MeasuresWritten>();
        one.Finish(first[0].Key);
        one.Hear<CoordinatorWord.EndWritten>();
        one.Unable(first[1].Key, "no data");
        one.Hear<CoordinatorWord.TrialRevoked>();
        Pass(16);
        Eventually(() => Assert.Equal([1.0], measured.Of("memcluster.trials.lost", $"reason=lease_expired sweep={Own}")));

        Assert.Equal([1.0], measured.Of("memcluster.trials.lost", $"reason=unable sweep={Own}"));
        Assert.Equal([2.0], measured.Of("memcluster.epochs.written", $"sweep={Own}"));
        Assert.NotEmpty(measured.Of("memcluster.words.acknowledged", "kind=measures repeat=True"));
        Pass(1);
        measured.Look();
        Assert.Equal(1, measured.Of("memcluster.trials", $"state=finished sweep={Own}")[^1]);
        Assert.Equal(2, measured.Of("memcluster.trials", $"state=pending sweep={Own}")[^1]);
    }

    [Fact]
    public void A_queue_wait_begins_when_there_are_both_a_place_and_a_trial()
    {
        using var measured = new Measured(Signals.Name);
        Submit(Sleeps(1, Own));
        var one = Trainer("lab-1").Register();
        Pass(13);
        one.Beat(0);
        Behave(TestJournal.Mode.Hold, $"sweep-{Own}");
        one.Want(1);
        Live(); // It has heard that, and the assignment waits for the journal.
        Pass(5.25);
        Behave(TestJournal.Mode.Write);
        one.Take();

        Assert.Contains(5.25, measured.Of("memcluster.queue.wait"));
        Assert.DoesNotContain(18.25, measured.Of("memcluster.queue.wait"));
    }

    [Fact]
    public void An_assignment_carries_a_trace_only_while_somebody_listens()
    {
        Submit(Sleeps(2, Own));
        var one = Trainer("lab-1").Register();
        one.Want(1);
        Assert.Null(one.Take()[0].Trace);

        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Signals.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        one.Want(2);

        Assert.True(ActivityContext.TryParse(one.Take()[0].Trace, null, out var context));
        Assert.True(context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
    }
}
