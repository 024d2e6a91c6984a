using System.Diagnostics;
using Akka.Actor;
using MemCluster.Operations;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>Waits until the rows hold all that was written: an actor that fails, or is just beginning, forgets who asked, so it is asked again.</summary>
internal static class RowsAsked
{
    /// <summary>How long nothing may move before whoever waits is told so.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <param name="patience">Infinite for one who has nothing better to do.</param>
    /// <param name="progress">Hears how far it is, once it takes its time.</param>
    /// <exception cref="UserError">Nothing moves.</exception>
    public static async Task Until(IActorRef readModel, TimeSpan patience, Action<string>? progress, CancellationToken cancel)
    {
        var began = Stopwatch.GetTimestamp();
        var waits = RowsPatience.From(TimeSpan.Zero);
        for (var said = ""; ;)
        {
            try
            {
                var answer = await readModel.Ask<RowsFlushed>(new FlushRows(), RowsPatience.AskAgainAfter, cancel).ConfigureAwait(false);
                if (answer.Behind is not { } behind)
                {
                    return;
                }

                waits = waits.Heard(behind, Stopwatch.GetElapsedTime(began));
            }
            catch (AskTimeoutException)
            {
                // It fell, or is being made: whoever comes next answers.
            }

            var now = Stopwatch.GetElapsedTime(began);
            if (patience != Timeout.InfiniteTimeSpan && waits.GivesUp(now, patience) is { } sentence)
            {
                throw new UserError(sentence);
            }

            if (waits.Progress(now) is { } news && news != said)
            {
                progress?.Invoke(said = news);
            }
        }
    }
}
