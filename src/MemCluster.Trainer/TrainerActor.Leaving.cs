using Akka.Actor;
using MemCluster.Messages;

namespace MemCluster.Trainer;

// Going: what is in hand is stopped, now or between two epochs, and given back.
internal sealed partial class TrainerActor
{
    private static readonly TimeSpan LeaveEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Last words get this long to be written down; what is not by then, another attempt tells again.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(700);

    private Farewell? _leaving;

    private void BeginLeaving(Leave leave)
    {
        _leaving = new(Sender, leave.Why, leave.EpochWithin, _clock.GetTimestamp());
        if (leave.EpochWithin is { } within)
        {
            _log.Drains(_name, _floor.Hand.Count, within.TotalSeconds);
            _floor.Drain(within);
            WantMore(always: true);
        }
        else
        {
            _log.Leaves(_name, leave.Why, _floor.Hand.Count);
            _floor.StopAll();
        }

        Timers.StartPeriodicTimer(nameof(LeaveTick), LeaveTick.Instance, LeaveEvery);
        GoIfDone();
    }

    /// <summary>
    /// Leaves when every thread has stopped and every end that was reached is on disk, or a moment after: what is left is handed back.
    /// </summary>
    private void GoIfDone()
    {
        if (_leaving is not { } leaving)
        {
            return;
        }

        if (_floor.Threads > 0)
        {
            if (leaving.EpochWithin is { } within && _clock.GetElapsedTime(leaving.Since) >= within)
            {
                _floor.StopAll();
            }

            leaving.StoppedAt = _clock.GetTimestamp();
            return;
        }

        // After a drain also the last epochs, so that what is handed back is told as far as it is kept.
        var untold = _floor.Hand.Any(trial =>
            trial.End is TrainingEnd.Finished or TrainingEnd.Failed || (leaving.EpochWithin is not null && trial.WrittenEpoch < trial.MeasuredEpoch));
        if (!untold || _clock.GetElapsedTime(leaving.StoppedAt) >= LastWords)
        {
            Say(new TrainerWord.TrainerLeaves(_name, _incarnation, leaving.Why, [.. _floor.Hand.Select(Held)]));
        }
    }

    private void Gone()
    {
        if (_leaving is { } leaving)
        {
            leaving.Asker.Tell(HasLeft.Instance);
            Timers.CancelAll();
            Context.Stop(Self);
        }
    }

    /// <summary>Stop training, give everything back, leave; answered with <see cref="HasLeft"/> when the coordinator has written it down.</summary>
    /// <param name="EpochWithin">Trials may first end the epoch they are in, if it does not take longer than this; null: they stop at once.</param>
    public sealed record Leave(string Why, TimeSpan? EpochWithin = null) : INoSerializationVerificationNeeded;

    public sealed record HasLeft : INoSerializationVerificationNeeded
    {
        public static readonly HasLeft Instance = new();
    }

    internal sealed class LeaveTick : INoSerializationVerificationNeeded
    {
        public static readonly LeaveTick Instance = new();
    }

    private sealed class Farewell(IActorRef asker, string why, TimeSpan? epochWithin, long since)
    {
        public IActorRef Asker { get; } = asker;

        public string Why { get; } = why;

        public TimeSpan? EpochWithin { get; } = epochWithin;

        public long Since { get; } = since;

        /// <summary>When the last training thread was last seen at work.</summary>
        public long StoppedAt { get; set; } = since;
    }
}
