using System.Collections.Immutable;
using MemCluster.EndToEnd.Tests;
using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Sweeps;
using MemCluster.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace MemCluster.Trainer.Tests;

/// <summary>Real trials in real worker processes, and what ends those.</summary>
public sealed class WorkerTrainingTests : IDisposable
{
    private const int Endless = 1_000_000;

    private readonly CollectedLogs _logs = new();
    private readonly WorkerTraining _workers;

    public WorkerTrainingTests() => _workers = WorkerTrials.Training(_logs.Factory.CreateLogger("workers"));

    public void Dispose()
    {
        _workers.Dispose();
        _logs.Dispose();
    }

    public static TheoryData<string> Kinds => ["plain", "every measure", "convolutions", "diverges", "stops early"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_trial_has_the_same_bits_in_a_worker_and_here_also_when_it_goes_on_from_what_was_kept(string kind)
    {
        NumericsPin.Pin(NumericsSettings.Avx2);
        var settings = SettingsOf(kind);
        var here = new Told();
        here.Train(Training.Of(null), settings, TrialCourse.Whole);

        var there = new Told();
        TrialMemory? kept = null;
        there.Train(_workers, settings, new(Between: take => kept = there.Epochs.Count == 2 ? take() : kept));
        Assert.NotNull(kept);
        var goneOn = new Told();
        goneOn.Train(_workers, settings, new(kept));

        Assert.Equal(here.Words, there.Words);
        Assert.Equal(here.Words, goneOn.Words);
        Assert.Single(_workers.Processes);
    }

    [Fact]
    public void The_arithmetic_of_a_worker_is_the_published_one() => Assert.Equal(Learning.Fingerprint.Published[NumericsSettings.Avx2], _workers.Fingerprint());

    [Fact]
    public void A_worker_that_is_killed_costs_its_trial_and_the_next_one_is_trained()
    {
        var fault = Assert.Throws<TrialFault>(() => Train(WorkerTrials.Glyphs(Endless), epoch =>
        {
            if (epoch.Epoch == 3)
            {
                Signals.Send(_workers.Processes.Single(), Signal.Kill);
            }
        }));

        Assert.Equal(FaultKind.Crashed, fault.Kind);
        Assert.StartsWith("its process ended with SIGKILL (signal 9)", fault.Message, StringComparison.Ordinal);
        Assert.Contains(_logs.Lines, line => line.Name == "WorkerEnded");
        Assert.Equal(TrialState.Finished, Train(WorkerTrials.Glyphs(2)).State);
    }

    [Fact]
    public void A_worker_that_is_killed_while_it_has_nothing_to_do_costs_no_trial()
    {
        Train(WorkerTrials.Glyphs(2));
        var worker = _workers.Processes.Single();
        Signals.Send(worker, Signal.Kill);
        Assert.True(SpinWait.SpinUntil(() => ProcessLook.At(worker) is null, TimeSpan.FromSeconds(60)));

        Assert.Equal(TrialState.Finished, Train(WorkerTrials.Glyphs(2)).State);
        Assert.DoesNotContain(worker, _workers.Processes);
    }

    [Fact]
    public void One_that_takes_more_memory_than_it_may_is_ended_and_the_next_one_is_trained()
    {
        var fault = Assert.Throws<TrialFault>(() => Train(WorkerTrials.Glyphs(Endless), limits: new(MemoryBytes: 1 << 20)));

        Assert.Equal(FaultKind.Overweight, fault.Kind);
        Assert.Contains("a trial of this sweep may take 1 MiB: raise limits.memory", fault.Message, StringComparison.Ordinal);
        Assert.Equal(TrialState.Finished, Train(WorkerTrials.Glyphs(2), limits: new(MemoryBytes: 8L << 30)).State);
    }

    [Fact]
    public void What_an_earlier_trial_took_is_not_laid_to_the_charge_of_the_next()
    {
        Train(WorkerTrials.Glyphs(1));
        var first = _workers.Processes.Single();
        var most = ProcessLook.At(first)!.Value.Memory + 1;

        Assert.Equal(TrialState.Finished, Train(WorkerTrials.Glyphs(2), limits: new(MemoryBytes: most * 4)).State);
        Assert.Equal(first, _workers.Processes.Single());
        Assert.Equal(TrialState.Finished, Train(WorkerTrials.Glyphs(2), limits: new(MemoryBytes: most)).State);
        Assert.NotEqual(first, _workers.Processes.Single());
    }

    /// <summary>A process that is stopped does what one does that reads from a disk which doesn't answer: nothing, and hears of nothing.</summary>
    [Fact]
    public void One_that_hangs_has_failed_its_process_is_ended_and_its_slot_trains_the_next()
    {
        var clock = new HandClock();
        var floor = new TrainingFloor(1, _workers, clock, NullLoggerFactory.Instance);
        floor.Take([
            WorkerTrials.Assignment(1, WorkerTrials.Glyphs(Endless), new(Idle: TimeSpan.FromMinutes(1))),
            WorkerTrials.Assignment(2, WorkerTrials.Glyphs(2)),
        ]);
        var first = floor.Find(Trials.Key(1))!;
        Until(() => first.Ledger.MeasuredEpoch > 0);
        var worker = _workers.Processes.Single();
        Signals.Send(worker, Signal.Stop);
        for (var looks = 0; looks < 14 && first.End is null; looks++)
        {
            clock.Advance(TimeSpan.FromSeconds(5));
            floor.Look();
        }

        Assert.Equal(FaultKind.Stalled, Assert.IsType<TrainingEnd.Failed>(first.End).Fault);
        Until(() => floor.Find(Trials.Key(2))!.End is not null);
        Assert.IsType<TrainingEnd.Finished>(floor.Find(Trials.Key(2))!.End);
        Assert.Null(ProcessLook.At(worker));
    }

    [Fact]
    public void One_that_is_told_to_stop_does_so_between_two_batches_and_its_process_trains_the_next()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Train(WorkerTrials.Glyphs(Endless), _ => stop.Cancel(), stop: stop.Token));
        var worker = _workers.Processes.Single();

        Assert.Equal(TrialState.Finished, Train(WorkerTrials.Glyphs(2)).State);
        Assert.Equal(worker, _workers.Processes.Single());
    }

    [Fact]
    public void One_that_is_stopped_after_its_epoch_is_kept_as_it_then_is()
    {
        using var stop = new CancellationTokenSource();
        TrialMemory? kept = null;
        var told = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => _workers.Train(
            WorkerTrials.Assignment(1, WorkerTrials.Glyphs(Endless)),
            new(Between: take =>
            {
                if (told == 5)
                {
                    kept = take();
                    stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                }
            }),
            () => { }, _ => told++, stop.Token));

        Assert.Equal((5, 5), (told, kept!.Epoch));
    }

    [Fact]
    public void What_a_worker_lacks_is_told_as_if_it_were_lacking_here()
    {
        var settings = WorkerTrials.Glyphs(2);
        Assert.Contains("nowhere", Assert.Throws<DataProblem>(() => Train(settings with { Data = settings.Data with { Name = "nowhere" } })).Message, StringComparison.Ordinal);
        var fault = Assert.Throws<TrialFault>(() => Train(settings with { Numerics = settings.Numerics with { Precision = "float7" } }));

        Assert.Equal(FaultKind.Training, fault.Kind);
        Assert.StartsWith("ArgumentException: 'float7' is no precision.", fault.Message, StringComparison.Ordinal);
        Assert.Single(_workers.Processes);
    }

    /// <summary>The matrix library prints a line to standard output for each product, where it is asked to.</summary>
    [Fact]
    public void What_a_library_prints_goes_to_the_log_and_disturbs_nothing()
    {
        using var talkative = WorkerTrials.Training(_logs.Factory.CreateLogger("talkative"), "MKL_VERBOSE=1");
        var told = new Told();
        told.Train(talkative, WorkerTrials.Glyphs(2), TrialCourse.Whole);
        var quiet = new Told();
        quiet.Train(_workers, WorkerTrials.Glyphs(2), TrialCourse.Whole);

        Assert.Equal(quiet.Words, told.Words);
        Until(() => _logs.Lines.Any(line => line is { Category: "talkative", Name: "WorkerSays" } && line.Message.Contains("MKL_VERBOSE", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_program_that_is_no_worker_is_a_fault_of_the_machine_and_a_sentence()
    {
        using var wrong = new WorkerTraining(new("sh", "-c", "echo no such library >&2; exit 3"), new(null, NumericsSettings.Avx2, "cpu"), TimeProvider.System, NullLogger.Instance);
        using var missing = new WorkerTraining(new("/nowhere/memcluster"), new(null, NumericsSettings.Avx2, "cpu"), TimeProvider.System, NullLogger.Instance);

        var fault = Assert.Throws<TrialFault>(wrong.Fingerprint);
        Assert.Equal("a worker process can't be used here: its process ended with exit code 3; its last line: no such library", fault.Message);
        Assert.Equal(FaultKind.Machine, fault.Kind);
        Assert.StartsWith("no worker process can be started here: ", Assert.Throws<TrialFault>(missing.Fingerprint).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_that_computes_otherwise_than_the_first_gets_no_trial_and_both_values_are_told()
    {
        var second = Path.Combine(Directory.CreateTempSubdirectory("memcluster-workers-").FullName, "second");
        using var two = Faked($"if [ -e {second} ]; then {Says(new("bbbb"))}; sleep 60; else touch {second}; {Says(new("aaaa"))}; fi");

        Assert.Equal("aaaa", two.Fingerprint());
        Until(() => two.Processes.All(worker => ProcessLook.At(worker) is null));
        var fault = Assert.Throws<TrialFault>(() => two.Train(
            WorkerTrials.Assignment(1, WorkerTrials.Glyphs(2)), TrialCourse.Whole, () => { }, _ => { }, CancellationToken.None));

        Assert.Equal((FaultKind.Machine, "a worker process of this machine computes other bits than its first one: bbbb, not aaaa"), (fault.Kind, fault.Message));
        Assert.Empty(two.Processes);
        Directory.Delete(Path.GetDirectoryName(second)!, recursive: true);
    }

    [Fact]
    public void Arithmetic_that_can_not_be_trusted_is_told_as_if_it_were_found_here()
    {
        using var unsteady = Faked($"{Says(new(null, Unsteady: "it gives other bits each time"))}; sleep 60");

        var told = Assert.Throws<UnsteadyArithmeticException>(unsteady.Fingerprint);
        Assert.Equal("it gives other bits each time; memcluster numerics --check lists it", told.Message);
    }

    [Fact]
    public void A_program_that_was_changed_on_disk_while_it_runs_trains_nothing()
    {
        using var other = Faked($"{Says(new("aaaa") { Build = "another" })}; sleep 60");

        Assert.Contains("start it again", Assert.Throws<TrialFault>(other.Fingerprint).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trial_that_only_waits_needs_no_process()
    {
        var sleep = new TrialSettings { Network = new() { Kind = NetworkSettings.Sleep }, Training = new() { Epochs = 2 } };

        Assert.Equal(TrialState.Finished, Train(sleep).State);
        Assert.Empty(_workers.Processes);
    }

    private static TrialSettings SettingsOf(string kind)
    {
        var plain = WorkerTrials.Glyphs(5);
        return kind switch
        {
            "plain" => plain with { Noise = new(Noise.Label, 0.4), Training = plain.Training with { Momentum = 0.9 }, Regularizer = new() { Dropout = 0.3 } },
            "every measure" => plain with
            {
                Data = plain.Data with { Train = 12, Validation = 6 },
                Noise = new(Noise.Label, 0.3),
                Training = new() { Epochs = 3, Batch = 6, Rate = 0.05, SecondSplit = new(1, 0.5) },
                Measures = MeasureKind.All.Aggregate(new MeasurePlan(), (plan, measure) => measure.Put(plan, new(MeasureRequest.LastWord))),
            },
            "convolutions" => plain with { Network = new() { Kind = "cnn", Filters = 50, Multiplier = 0.05 } },
            "diverges" => plain with { Training = plain.Training with { Epochs = 30, Schedule = new(3, 1e20) } },
            _ => plain with { Training = plain.Training with { Epochs = 100, StopAtTrainAccuracy = 0.5 } },
        };
    }

    private TrialOutcome Train(TrialSettings settings, Action<EpochMeasures>? measured = null, TrialLimits? limits = null, CancellationToken stop = default) =>
        _workers.Train(WorkerTrials.Assignment(1, settings, limits), TrialCourse.Whole, () => { }, measured ?? (_ => { }), stop);

    /// <summary>A worker that is a shell script.</summary>
    private static WorkerTraining Faked(string script) =>
        new(new("sh", "-c", script, "worker"), new(null, NumericsSettings.Avx2, "cpu"), TimeProvider.System, NullLogger.Instance);

    /// <summary>The command by which a shell says it.</summary>
    private static string Says(WorkerReady ready)
    {
        using var bytes = new MemoryStream();
        using var frames = new Frames(Stream.Null, bytes);
        frames.Send(WorkerWord.Ready, WorkerBytes.OfJson(ready));
        return $"printf '{string.Concat(bytes.ToArray().Select(one => $"\\{Convert.ToString(one, 8).PadLeft(3, '0')}"))}'";
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(120)), "It never came.");

    /// <summary>All that a trial says, as text to the bit.</summary>
    private sealed class Told
    {
        public List<EpochMeasures> Epochs { get; } = [];

        public ImmutableList<string> Words { get; private set; } = [];

        public void Train(ITraining training, TrialSettings settings, TrialCourse course)
        {
            var outcome = training.Train(WorkerTrials.Assignment(1, settings), course, () => { }, Epochs.Add, CancellationToken.None);
            Words = [.. Epochs.Select(epoch => Convert.ToHexString(WorkerBytes.Of(writer => MemoryBytes.WriteEpoch(writer, epoch)))), Convert.ToHexString(WorkerBytes.OfJson(outcome))];
        }
    }
}
