using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Cli;

/// <summary>A one-node cluster in this process: coordinator, journal and a trainer, whose slots may train in processes of their own.</summary>
public interface ILocalNode : IAsyncDisposable
{
    IOperator Operator { get; }

    ISweepFeed Feed { get; }

    /// <summary>Where trainers elsewhere can join.</summary>
    string Address { get; }

    /// <summary>Done when the journal is not there any more, with a sentence that says so: nothing that goes on here would last.</summary>
    Task<string> JournalLost { get; }

    /// <summary>Looks whether it is still there.</summary>
    /// <returns>Null, or the sentence of <see cref="JournalLost"/>.</returns>
    string? JournalProblem();

    /// <summary>Writes the sweep's results folder from the journal.</summary>
    /// <param name="atOnce">The run ends here, and nobody waits for rows that would have to be made again first.</param>
    /// <returns>Paths of the files; none where that would be so.</returns>
    Task<IReadOnlyList<string>> WriteResults(SweepId sweep, bool atOnce, CancellationToken cancel);

    /// <summary>Says it in the node's log, for when the screen can't be written.</summary>
    void Note(string warning);

    /// <summary>Gives running trials back and leaves; what is not done by then is cut off, and resumes from the journal all the same.</summary>
    Task Stop(TimeSpan within);

    /// <summary>The rows are closed, so that the next process may believe them.</summary>
    Task CloseRows();
}

/// <summary>How to start the node. Nothing in here can change a result but the instruction set, which the spec names.</summary>
/// <param name="Said">What was said with options.</param>
/// <param name="InstructionSet"><see cref="NumericsSettings.InstructionSet"/>: to be pinned before tensors are touched.</param>
public sealed record LocalNodeOptions(NodeValues Said, string InstructionSet)
{
    /// <summary>False where all its trials only wait, and libtorch need not be loaded.</summary>
    public bool ComputesTensors { get; init; }

    /// <summary>Of each sweep, those that have ended included.</summary>
    public IReadOnlyDictionary<SweepId, int> Trials { get; init; } = new Dictionary<SweepId, int>();

    /// <summary>Trials trained at once; 0: a coordinator alone.</summary>
    public int Slots => Said.Of(NodeArguments.Slots);
}
