namespace MemCluster.Messages;

/// <summary>Asked by a coordinator node that is idle: where is the one at work? Answered with <see cref="Whereabouts"/>, or <see cref="CoordinatorBusy"/>.</summary>
public sealed record AskWhereabouts : IMessage
{
    public static readonly AskWhereabouts Instance = new();
}

/// <param name="Node">Address of its node in the cluster, <c>HOST:PORT</c>.</param>
/// <param name="Api">Address of its HTTP API, as other hosts reach it: <c>http://…</c> or <c>https://…</c></param>
public sealed record Whereabouts(long Term, string Node, string Api) : IMessage;

/// <summary>Answered while the coordinator is being started again after a failed write.</summary>
public sealed record CoordinatorBusy : IMessage
{
    public static readonly CoordinatorBusy Instance = new();
}
