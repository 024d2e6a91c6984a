using System.Diagnostics;

namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Whether rows that are there are believed. Rows that are as they were closed in order are. Those that a crash left, or that somebody changed since, are made
/// again before anything is read from them without a coordinator; one that starts goes on with them, since its trials should not wait for that. Before it writes
/// results it makes them again, and until then it does not seal them.
/// </summary>
internal sealed class RowsTrust
{
    private static readonly TimeSpan BeginsWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private readonly bool _dropsUnsealed;

    private RowsTrust(bool dropsUnsealed) => _dropsUnsealed = dropsUnsealed;

    /// <summary>For those who only read.</summary>
    public static RowsTrust OnlySealed() => new(dropsUnsealed: true);

    /// <summary>For a coordinator.</summary>
    public static RowsTrust AsTheyAre() => new(dropsUnsealed: false);

    /// <summary>They are as they were closed in order, or were made from the journal since.</summary>
    public bool AreProved { get; private set; }

    public void Open(string rows)
    {
        AreProved = _dropsUnsealed || !File.Exists(rows) || FileSeal.Holds(rows) == true;
        if (_dropsUnsealed)
        {
            ReadModelSchema.DropUnlessSealed(rows);
        }

        FileSeal.Open(rows);
    }

    /// <summary>Where they are not proved, takes them away: who keeps them notices, and reads the journal from its first event.</summary>
    /// <returns>Done when that has begun.</returns>
    public async Task Prove(string rows, CancellationToken cancel)
    {
        lock (_gate)
        {
            if (AreProved)
            {
                return;
            }

            DatabaseFile.Delete(rows);
            AreProved = true;
        }

        // Whoever asks before that is not heard, and asks again after seconds.
        for (var began = Stopwatch.GetTimestamp(); !File.Exists(rows) && Stopwatch.GetElapsedTime(began) < BeginsWithin;)
        {
            await Task.Delay(LookEvery, cancel).ConfigureAwait(false);
        }
    }

    public void Close(string rows)
    {
        if (AreProved)
        {
            FileSeal.Close(rows);
        }
    }
}
