using MemCluster.Operations;

namespace MemCluster.Coordinator;

/// <summary><c>journal check|init|migrate</c>: looking at a journal, making it, bringing it forward, with no coordinator at work.</summary>
public static class JournalCare
{
    /// <summary>Changes nothing; may be asked while coordinators work.</summary>
    /// <exception cref="UserError">It can't be opened.</exception>
    public static async Task<JournalReport> Check(Home home, string? connection, CancellationToken cancel)
    {
        var journal = Of(home, connection);
        return JournalReport.Of(journal.Name, await journal.Inspect(cancel).ConfigureAwait(false));
    }

    /// <summary>Makes an empty journal; one that is there already is left as it is.</summary>
    /// <returns>What was done, in a sentence.</returns>
    /// <exception cref="UserError">It can't be made, or is of another version.</exception>
    public static Task<string> Init(Home home, string? connection, CancellationToken cancel) => Alone(home, connection, async journal =>
    {
        var before = await journal.Version(cancel).ConfigureAwait(false);
        await journal.Prepare(cancel).ConfigureAwait(false);
        return before is null ? $"{journal.Name} is made, of version {JournalSchema.Current}." : $"{journal.Name} is there already, of version {before}; nothing was changed.";
    });

    /// <summary>Brings an older journal forward.</summary>
    /// <inheritdoc cref="Init"/>
    public static Task<string> Migrate(Home home, string? connection, CancellationToken cancel) => Alone(home, connection, async journal =>
    {
        switch (await journal.Version(cancel).ConfigureAwait(false))
        {
            case null:
                throw new UserError($"{journal.Name} has no tables yet. Make them with: memcluster journal init");
            case JournalSchema.Current:
                return $"{journal.Name} is of version {JournalSchema.Current} already; nothing was changed.";
            case { } newer and > JournalSchema.Current:
                throw new UserError(JournalSchema.Problem(newer, journal.Name)!);
            case { } older and > 0:
                var copy = await journal.Migrate(older, cancel).ConfigureAwait(false);
                return $"{journal.Name} was of version {older} and is of version {JournalSchema.Current} now."
                    + (copy is null ? "" : $" A copy of what it was is {copy}");
            case { } unknown:
                throw new UserError($"{journal.Name} says that it is of version {unknown}, which never was.");
        }
    });

    private static JournalPlace Of(Home home, string? connection) => JournalPlace.Of(home, JournalArgument.Of(connection));

    /// <summary>Nobody else may write in the home meanwhile. A shared journal has a lock of its own.</summary>
    private static async Task<string> Alone(Home home, string? connection, Func<JournalPlace, Task<string>> work)
    {
        var journal = Of(home, connection);
        if (journal.IsShared)
        {
            return await work(journal).ConfigureAwait(false);
        }

        using var held = HomeLock.Take(home);
        return await work(journal).ConfigureAwait(false);
    }
}
