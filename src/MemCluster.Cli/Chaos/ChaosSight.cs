using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Chaos;
using MemCluster.Reporting;

namespace MemCluster.Cli.Chaos;

/// <summary>What can be seen of the sweep from outside: how far it is, whether it gets on, what its attempts say of faults.</summary>
internal sealed class ChaosSight(IOperator answerer, SweepId sweep, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);

    /// <summary>A coordinator that is stopped takes a question, and never answers it.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2);

    /// <summary>Many attempts are many rows.</summary>
    private static readonly TimeSpan RowsWithin = TimeSpan.FromSeconds(10);

    private readonly Dictionary<(int Trial, int Attempt, DateTimeOffset Since), int> _epochs = [];
    private readonly long _began = clock.GetTimestamp();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _progressAt = clock.GetTimestamp();
    private int _ended;

    /// <summary>As last heard; null before the first answer.</summary>
    public TrialCounts? Counts { get; private set; }

    public double? SecondsLeft { get; private set; }

    public bool IsOver => Counts?.AllEnded == true;

    public TimeSpan Elapsed => clock.GetElapsedTime(_began);

    /// <summary>Since an epoch or a trial ended.</summary>
    public TimeSpan Silence => clock.GetElapsedTime(Interlocked.Read(ref _progressAt));

    /// <summary>Done when the next epoch or trial ends.</summary>
    public Task Progress => _next.Task;

    public string HowFar => Counts is { } counts ? $"{Numbers.Count(counts.Ended)}/{Numbers.Count(counts.Trials)}" : "–";

    /// <summary>Looks until cancelled.</summary>
    public async Task Watch(ChaosCosts costs, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                within.CancelAfter(AnswerWithin);
                if (await answerer.Status(sweep, within.Token) is { } status)
                {
                    Hear(status);
                }
            }
            catch (Exception silent) when (IsSilence(silent) && !cancel.IsCancellationRequested)
            {
                // That is what is being tried.
            }

            if (!IsOver)
            {
                costs.Waited(Silence);
            }

            await Task.Delay(Every, clock, cancel);
        }
    }

    /// <summary>Books what the attempts say by now; nothing where nobody answers, which comes later then.</summary>
    public async Task Book(ChaosCosts costs, CancellationToken cancel)
    {
        try
        {
            using var within = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            within.CancelAfter(RowsWithin);
            var rows = new List<AttemptRow>();
            await foreach (var row in answerer.Attempts(sweep, within.Token))
            {
                rows.Add(row);
            }

            if (rows.Count > 0)
            {
                costs.Look(rows);
            }
        }
        catch (Exception silent) when (IsSilence(silent) && !cancel.IsCancellationRequested)
        {
        }
    }

    /// <summary>As when a fault has only just been done: from here on time counts.</summary>
    public void Restart() => Interlocked.Exchange(ref _progressAt, clock.GetTimestamp());

    public static bool IsSilence(Exception problem) => problem is UserError or OperationCanceledException or IOException or HttpRequestException or System.Text.Json.JsonException;

    private void Hear(SweepStatus status)
    {
        var on = status.Summary.Counts.Ended > _ended;
        _ended = status.Summary.Counts.Ended;
        foreach (var running in status.Running)
        {
            var key = (running.Trial, running.Attempt, running.Since);
            on |= running.Epoch > _epochs.GetValueOrDefault(key);
            _epochs[key] = Math.Max(running.Epoch, _epochs.GetValueOrDefault(key));
        }

        (Counts, SecondsLeft) = (status.Summary.Counts, status.SecondsLeft);
        if (on)
        {
            Restart();
            Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        }
    }
}
