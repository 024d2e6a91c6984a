using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>
/// Whether a worker process may go on, by what it takes of the machine. How long its trial takes is judged elsewhere; but where a sweep doesn't say how long
/// an epoch may take, one is given up that hangs: a long epoch computes, a deadlock and a file system that doesn't answer do not.
/// </summary>
internal sealed class WorkerPatience(TrialLimits? limits)
{
    private static readonly TimeSpan HangsAfter = TimeSpan.FromMinutes(5);

    /// <summary>Of <see cref="HangsAfter"/>; what the runtime does by itself is far less.</summary>
    private const double LeastShare = 0.01;

    /// <summary>It is looked at twice a second: after so long the looker itself did not run, and knows nothing of the time between.</summary>
    private static readonly TimeSpan MissedLook = TimeSpan.FromSeconds(10);

    private (TimeSpan At, TimeSpan Processor)? _sign;
    private TimeSpan _lookedAt;

    /// <param name="now">On a clock that never jumps.</param>
    /// <param name="hasMoved">Whether an epoch has ended since the last look, or it waits for an answer.</param>
    /// <returns>Why it is to be ended; null while it may go on.</returns>
    public TrialFault? Judge(TimeSpan now, ProcessLook look, bool hasMoved)
    {
        if (limits is { MemoryBytes: > 0 and var most } && look.Memory > most)
        {
            return new(FaultKind.Overweight, $"its process took {MemorySize.Rounded(look.Memory)}, and a trial of this sweep may take {MemorySize.Rounded(most)}: "
                + "raise limits.memory, or lower what takes it (network, batch, examples, measures)");
        }

        var missed = now - _lookedAt;
        if (_sign is not { } sign || hasMoved || look.Processor - sign.Processor >= HangsAfter * LeastShare)
        {
            _sign = (now, look.Processor);
        }
        else if (missed > MissedLook)
        {
            _sign = sign with { At = sign.At + missed };
        }

        _lookedAt = now;
        var silent = now - _sign.Value.At;
        return limits?.Idle is null && silent >= HangsAfter
            ? new(FaultKind.Stalled, string.Create(CultureInfo.InvariantCulture,
                $"for {silent.TotalMinutes:0} minutes it neither ended an epoch nor computed anything; it hangs"))
            : null;
    }
}
