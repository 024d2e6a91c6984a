using System.Collections.Immutable;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>
/// The rules of speaking for a training floor, as a pure function: register, pull trials, tell what they measure until it is on the coordinator's
/// disk, and give them back on leaving. Nothing is said once: what is not answered is said again.
/// </summary>
public static class TrainerDecider
{
    /// <summary>Last words get this long to be written down; what is not by then, another attempt tells again.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(700);

    /// <param name="floor">As it is now; asked again by the effects, in their order.</param>
    /// <param name="now">On a clock that never jumps.</param>
    public static (TrainerBook Book, ImmutableArray<TrainerEffect> Effects) Decide(TrainerBook book, TrainerNews news, FloorView floor, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(floor);
        var step = new Step(book, floor, now);
        switch (news)
        {
            case TrainerNews.Connected:
                step.Register();
                break;
            case TrainerNews.FromCoordinator { Word: CoordinatorWord.RegisterAgain word } when word.Term < book.Term:
                // It was replaced, and will find that out; or the journal was put back to an older copy, and this one must be told of the later term.
                step.Register();
                break;
            case TrainerNews.FromCoordinator { Word: var word } when word.Term < book.Term:
                break;
            case TrainerNews.FromCoordinator { Word: var word }:
                step.Book = book with { Term = word.Term };
                step.Hear(word, isNew: !book.IsRegistered || word.Term != book.Term);
                break;
            case TrainerNews.FromFloor measured:
                step.Do(new TrainerEffect.SayDue(measured.Key));
                step.WantMore(always: false);
                step.GoIfDone();
                break;
            case TrainerNews.FingerprintShown shown:
                step.Book = book with { IsShowing = false, Card = book.Card with { Fingerprint = shown.Fingerprint, Fault = shown.Fault } };
                step.Register();
                break;
            case TrainerNews.NoFingerprint:
                step.Book = book with { IsShowing = false };
                break;
            case TrainerNews.Leave leave:
                step.Leave(leave);
                break;
            case TrainerNews.Tick:
                step.Beat();
                step.GoIfDone();
                break;
            default:
                throw new NotSupportedException($"No rule for {news.GetType().Name}.");
        }

        return (step.Book, step.Effects.ToImmutable());
    }

    /// <summary>A decision while it is being made.</summary>
    private sealed class Step(TrainerBook book, FloorView floor, TimeSpan now)
    {
        public TrainerBook Book { get; set; } = book;

        public ImmutableArray<TrainerEffect>.Builder Effects { get; } = ImmutableArray.CreateBuilder<TrainerEffect>();

        public void Do(TrainerEffect effect) => Effects.Add(effect);

        public void Register() => Do(new TrainerEffect.Say(new TrainerWord.RegisterTrainer(
            Book.Name, Book.Incarnation, Protocol.Version, Book.Card, [.. floor.Hand.Select(trial => trial.Key)])
        {
            Heard = Book.Term,
        }));

        public void Hear(CoordinatorWord word, bool isNew)
        {
            switch (word)
            {
                case CoordinatorWord.TrainerRegistered registered:
                    Book = Book with { Lease = registered.Lease, IsRegistered = true };
                    foreach (var key in registered.Revoked)
                    {
                        Do(new TrainerEffect.Drop(key, Ended: false));
                    }

                    foreach (var trial in floor.Hand)
                    {
                        Do(new TrainerEffect.SayAgain(trial.Key));
                    }

                    WantMore(always: true);
                    SayAllDue();
                    Do(new TrainerEffect.Registered(isNew));
                    break;
                case CoordinatorWord.RegisterAgain:
                    Book = Book with { IsRegistered = false };
                    Register();
                    break;
                case CoordinatorWord.TrainerRefused refused:
                    Do(new TrainerEffect.Refused(refused.Reason));
                    break;
                case CoordinatorWord.ShowFingerprint when !Book.IsShowing:
                    Book = Book with { IsShowing = true };
                    Do(new TrainerEffect.ShowFingerprint());
                    break;
                case CoordinatorWord.ShowFingerprint:
                    break; // The question is repeated until it is answered, and the answer takes its time.
                case CoordinatorWord.AssignTrials assigned when Book.Leaving is null:
                    Do(new TrainerEffect.Take(assigned.Trials));
                    break;
                case CoordinatorWord.AssignTrials:
                    break;
                case CoordinatorWord.MeasuresWritten written:
                    Do(new TrainerEffect.Written(written.Key, written.LastEpoch));
                    Do(new TrainerEffect.SayDue(written.Key));
                    break;
                case CoordinatorWord.FindingsWritten written:
                    Do(new TrainerEffect.FindingsWritten(written.Key, written.LastPart));
                    Do(new TrainerEffect.SayDue(written.Key));
                    break;
                case CoordinatorWord.EndWritten written:
                    Drop(written.Key, ended: true);
                    break;
                case CoordinatorWord.TrialRevoked revoked:
                    Drop(revoked.Key, ended: false);
                    break;
                case CoordinatorWord.LeaveNoted when Book.Leaving is not null:
                    Do(new TrainerEffect.Left());
                    break;
                case CoordinatorWord.LeaveNoted:
                    break;
                default:
                    throw new NotSupportedException($"No rule for {word.GetType().Name}.");
            }
        }

        /// <summary>Every second: what was not answered is said again; every third of a lease the leases are renewed.</summary>
        public void Beat()
        {
            if (!Book.IsRegistered)
            {
                Register();
                return;
            }

            if (now - Book.HeartbeatAt >= Book.Lease / 3)
            {
                Book = Book with { HeartbeatAt = now };
                Do(new TrainerEffect.Say(new TrainerWord.Heartbeat(Book.Name, Book.Incarnation, Room, [.. floor.Hand.Select(Held)])));
            }

            SayAllDue();
            WantMore(always: false);
        }

        public void WantMore(bool always)
        {
            if (Book.IsRegistered && (always || Room != Book.RoomSaid))
            {
                Book = Book with { RoomSaid = Room };
                Do(new TrainerEffect.Say(new TrainerWord.WantTrials(Book.Name, Book.Incarnation, Room)));
            }
        }

        public void Leave(TrainerNews.Leave leave)
        {
            Book = Book with { Leaving = new(leave.Why, leave.EpochWithin, now, now) };
            if (leave.EpochWithin is { } within)
            {
                Do(new TrainerEffect.Drain(within));
                WantMore(always: true);
            }
            else
            {
                Do(new TrainerEffect.StopAll());
            }

            GoIfDone();
        }

        /// <summary>
        /// Leaves when every thread has stopped and every end that was reached is on disk, or a moment after: what is left is handed back.
        /// </summary>
        public void GoIfDone()
        {
            if (Book.Leaving is not { } leaving)
            {
                return;
            }

            if (floor.Threads > 0)
            {
                if (leaving.EpochWithin is { } within && now - leaving.Since >= within)
                {
                    Do(new TrainerEffect.StopAll());
                }

                Book = Book with { Leaving = leaving with { StoppedAt = now } };
                return;
            }

            // After a drain also the last epochs, so that what is handed back is told as far as it is kept.
            var untold = floor.Hand.Any(trial => trial.End is TrainingEnd.Finished or TrainingEnd.Failed
                || (leaving.EpochWithin is not null && trial.WrittenEpoch < trial.MeasuredEpoch));
            if (!untold || now - leaving.StoppedAt >= LastWords)
            {
                Do(new TrainerEffect.Say(new TrainerWord.TrainerLeaves(Book.Name, Book.Incarnation, leaving.Why, [.. floor.Hand.Select(Held)])));
            }
        }

        private int Room => Book.Leaving is null ? floor.Room : 0;

        private void SayAllDue()
        {
            foreach (var trial in floor.Hand)
            {
                Do(new TrainerEffect.SayDue(trial.Key));
            }
        }

        private void Drop(TrialKey key, bool ended)
        {
            Do(new TrainerEffect.Drop(key, ended));
            floor = floor with { Hand = floor.Hand.RemoveAll(trial => trial.Key == key) };
            WantMore(always: false);
            GoIfDone();
        }

        private static HeldTrial Held(TrialLedger trial) => new(trial.Key, trial.WrittenEpoch);
    }
}
