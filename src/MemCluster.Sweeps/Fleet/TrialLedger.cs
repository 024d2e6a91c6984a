using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>How a training thread came to its end.</summary>
public abstract record TrainingEnd
{
    private TrainingEnd() { }

    /// <summary>In a word, for logs and measurements.</summary>
    public abstract string Name { get; }

    public sealed record Finished(TrialOutcome Outcome, TimeSpan Spent) : TrainingEnd
    {
        public override string Name => Outcome.State == TrialState.Diverged ? "diverged" : "finished";
    }

    /// <summary>There will be no result from here.</summary>
    public sealed record Failed(string Error, TimeSpan Spent, FaultKind Fault = FaultKind.Training) : TrainingEnd
    {
        public override string Name => "failed";
    }

    /// <summary>This machine lacks something: not the trial's fault.</summary>
    public sealed record Unable(string Why) : TrainingEnd
    {
        public override string Name => "unable";
    }

    /// <summary>It was told to stop.</summary>
    public sealed record Stopped : TrainingEnd
    {
        public override string Name => "stopped";
    }
}

/// <summary>An epoch that a thread has trained.</summary>
/// <param name="Milliseconds">How long it took, waiting included.</param>
public sealed record TrainedEpoch(EpochMeasures Measures, int Milliseconds);

/// <summary>
/// What a trainer knows of a trial that it holds: what was measured and is not on the coordinator's disk yet, and what to say next. One word is
/// under way at a time; it is repeated until it is answered.
/// </summary>
public sealed record TrialLedger(TrialAssignment Assignment)
{
    /// <summary>An answer that takes longer than this was lost, or the word was.</summary>
    public static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    /// <summary>Numbers in a batch are at most this many bytes, far below a frame.</summary>
    private const int BatchBytes = 48 * 1024;

    /// <summary>A part's name and numbers, about.</summary>
    private const int PartOverhead = 150;

    public ImmutableList<TrainedEpoch> Unwritten { get; init; } = [];

    /// <summary>Findings that are not written.</summary>
    public ImmutableList<FindingPart> Parts { get; init; } = [];

    /// <summary>The last epoch that was trained.</summary>
    public int MeasuredEpoch { get; init; }

    /// <summary>Epochs that are on the coordinator's disk.</summary>
    public int WrittenEpoch { get; init; }

    /// <summary>Parts of findings that are there.</summary>
    public int WrittenPart { get; init; }

    /// <summary>How its training ended; null while it has not.</summary>
    public TrainingEnd? End { get; init; }

    /// <summary>It went on from a checkpoint after this epoch, so those up to it are told again; null: from the beginning.</summary>
    public int? Checkpoint { get; init; }

    /// <summary>When the word under way was said, on a clock that never jumps; null if none is.</summary>
    public TimeSpan? SaidAt { get; init; }

    public TrialKey Key => Assignment.Key;

    public TrialLedger Measured(TrainedEpoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return this with { MeasuredEpoch = epoch.Measures.Epoch, Unwritten = Unwritten.Add(epoch) };
    }

    /// <summary>The coordinator has everything up to this epoch on disk.</summary>
    public TrialLedger Written(int lastEpoch)
    {
        var done = Unwritten.TakeWhile(epoch => epoch.Measures.Epoch <= lastEpoch).Count();
        return this with
        {
            Unwritten = Unwritten.RemoveRange(0, done),
            WrittenEpoch = Math.Max(WrittenEpoch, lastEpoch),
            SaidAt = done > 0 ? null : SaidAt, // An answer that comes twice must not make the next word go out twice, and so on to the end.
        };
    }

    /// <summary>The coordinator has all findings up to this part on disk.</summary>
    public TrialLedger FindingsWritten(int lastPart)
    {
        var done = Math.Clamp(lastPart - WrittenPart, 0, Parts.Count);
        return done == 0 ? this : this with { Parts = Parts.RemoveRange(0, done), WrittenPart = WrittenPart + done, SaidAt = null };
    }

    /// <summary>
    /// The next word, if one is due: findings first, then epochs (what is found by an epoch is on disk when it is), the end when all is written.
    /// Null while an answer is awaited.
    /// </summary>
    /// <param name="now">On a clock that never jumps.</param>
    /// <param name="at">By the clock on the wall, to date the numbers by.</param>
    public (TrialLedger Ledger, TrainerWord? Word) Say(string trainer, Guid incarnation, TimeSpan now, DateTimeOffset at)
    {
        if (SaidAt is { } said && now - said < AnswerWithin)
        {
            return (this, null);
        }

        TrainerWord? word = !Parts.IsEmpty ? new TrainerWord.ReportFindings(trainer, incarnation, PackFindings(at))
            : !Unwritten.IsEmpty ? new TrainerWord.ReportMeasures(trainer, incarnation, Pack(at))
            : End switch
            {
                TrainingEnd.Finished finished => new TrainerWord.ReportEnd(trainer, incarnation, Key, finished.Outcome, null, finished.Spent) { Written = WrittenEpoch, Trial = Assignment.Trial },
                TrainingEnd.Failed failed => new TrainerWord.ReportEnd(trainer, incarnation, Key, null, failed.Error, failed.Spent) { Written = WrittenEpoch, Trial = Assignment.Trial, Fault = failed.Fault },
                TrainingEnd.Unable unable => new TrainerWord.ReportUnable(trainer, incarnation, Key, unable.Why),
                _ => null,
            };
        return (this with { SaidAt = word is null ? null : now }, word);
    }

    private TrialFound PackFindings(DateTimeOffset at)
    {
        var (count, bytes) = (0, 0);
        while (count < Parts.Count && (count == 0 || bytes + Parts[count].Values.Length + PartOverhead <= BatchBytes))
        {
            bytes += Parts[count++].Values.Length + PartOverhead;
        }

        return new(Key, Assignment.Trial, WrittenPart + 1, Parts.GetRange(0, count), at);
    }

    private TrialMeasured Pack(DateTimeOffset at)
    {
        var width = MeasureNames.Epoch.Length;
        var rows = Unwritten.Take(Math.Max(1, BatchBytes / ((width * sizeof(double)) + 24))).ToArray();
        var numbers = new double[rows.Length * width];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row].Measures.Values.CopyTo(numbers.AsSpan(row * width));
        }

        var first = rows[0].Measures.Epoch;
        return new(
            Key, Assignment.Trial, first, MeasureNames.Epoch, MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray(),
            [.. rows.Select(row => row.Measures.Weights)], at, [.. rows.Select(row => row.Milliseconds)], first == 1 ? Checkpoint : null);
    }
}
