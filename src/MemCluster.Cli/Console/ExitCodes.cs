namespace MemCluster.Cli;

public static class ExitCodes
{
    /// <summary>Every trial finished, or diverged, which is a result; for other verbs: done, and all of it written.</summary>
    public const int Fine = 0;

    /// <summary>Some trial failed or was cancelled.</summary>
    public const int TrialsFailed = 1;

    /// <summary>The command, file, data or home was wrong and nothing changed, or an answer could not be written whole, or the journal was taken away meanwhile, or results are not as they were written.</summary>
    public const int Wrong = 2;

    /// <summary>Ctrl-C, as a shell expects it: 128 + SIGINT.</summary>
    public const int Interrupted = 130;
}
