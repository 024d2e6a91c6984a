using System.Diagnostics;
using MemCluster.Sweeps;
using MemCluster.Telemetry;
using MemCluster.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Trainer.Tests;

public sealed class TrainerMetersTests
{
    private readonly ScriptedTraining _training = new();
    private readonly HandClock _clock = new();

    [Fact]
    public void A_span_hangs_below_the_coordinators_and_tells_how_the_attempt_ended()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Signals.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        var floor = new TrainingFloor(2, _training, _clock, NullLoggerFactory.Instance);

        floor.Take([Trials.Assignment(71) with { Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }, Trials.Assignment(72, 3)]);
        _training.Epoch(71, 1);
        _training.Finish(71);
        _training.Throw(72, new InvalidOperationException("boom"));
        Until(() => floor.Threads == 0);

        var first = Span(71);
        Assert.Equal(("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"), (first.TraceId.ToHexString(), first.ParentSpanId.ToHexString()));
        Assert.Equal(("finished", 1), (first.GetTagItem("memcluster.outcome"), first.GetTagItem("memcluster.epochs")));
        var second = Span(72);
        Assert.Equal(("failed", 3, default), (second.GetTagItem("memcluster.outcome"), second.GetTagItem("memcluster.attempt"), second.ParentSpanId));
        Assert.Equal((ActivityStatusCode.Error, "InvalidOperationException: boom"), (second.Status, second.StatusDescription));

        Activity Span(int trial)
        {
            lock (spans)
            {
                return Assert.Single(spans, span => trial.Equals(span.GetTagItem("memcluster.trial")));
            }
        }
    }

    [Fact]
    public void The_floors_gauges_show_what_is_at_work_and_what_waits_to_be_written()
    {
        var floor = new TrainingFloor(3, _training, _clock, NullLoggerFactory.Instance);
        using var gauges = new TrainerGauges(floor, 3);
        using var measured = new Measured(Signals.Name);
        floor.Take([Trials.Assignment(81)]);
        _training.Epoch(81, 1);
        _training.Epoch(81, 2);
        Until(() => floor.Hand[0].Ledger.Unwritten.Count == 2);

        measured.Look();

        Assert.Contains(1, measured.Of("memcluster.trainer.slots", "state=busy"));
        Assert.Contains(2, measured.Of("memcluster.trainer.buffer"));
        Assert.Contains(2 / 1024.0, measured.Of("memcluster.trainer.buffer.fill"));
        _training.Finish(81);
    }

    [Fact]
    public void Measuring_and_tracing_for_nobody_allocates_nothing()
    {
        var trial = Trials.Assignment(91);
        Measure();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            Measure();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Measure()
        {
            TrainerMeters.EpochTrained(trial.Key);
            TrainerMeters.BeginSpan(trial).End(Ended, 1);
            TrainerMeters.Ended(trial.Key, Ended, TimeSpan.Zero);
        }
    }

    private static readonly TrainingEnd Ended = new TrainingEnd.Stopped();

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)), "It never came.");
}
