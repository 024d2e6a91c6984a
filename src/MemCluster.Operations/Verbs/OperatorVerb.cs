using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

/// <summary>What a verb must know of the door where it was asked.</summary>
/// <param name="Clock">For verbs that wait.</param>
/// <param name="Command">How <c>status small</c> is said there, to be copied.</param>
public sealed record AskedAt(TimeProvider Clock, Func<string, string> Command)
{
    public static readonly AskedAt Terminal = new(TimeProvider.System, what => $"memcluster {what}");
}

/// <summary>An <see cref="IOperator"/> and arguments in, lines out.</summary>
/// <exception cref="UserError">The arguments make no sense, or nobody answers.</exception>
public delegate IAsyncEnumerable<Line> VerbAnswer(IOperator answerer, VerbArguments said, CancellationToken cancel);

/// <summary>A question that an operator may ask, at a terminal or through any other door.</summary>
/// <param name="Announce">For a verb that changes something: what it will do to running trials, told before it is done; else null.</param>
/// <param name="Asks">What it does can't be taken back, so a person is asked first; <c>--yes</c> answers beforehand.</param>
/// <param name="Live">It goes on until the asker goes, or the sweep is over; silence is no fault.</param>
public sealed record OperatorVerb(
    string Name, string Description, IReadOnlyList<VerbArgument> Arguments, VerbAnswer Answer,
    Func<IOperator, VerbArguments, CancellationToken, Task<string>>? Announce = null, bool Asks = false, bool Live = false)
{
    /// <summary>It only looks if not.</summary>
    public bool Changes => Announce is not null;
}
