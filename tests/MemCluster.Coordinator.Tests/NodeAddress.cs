namespace MemCluster.Coordinator.Tests;

internal static class NodeAddress
{
    /// <summary><c>HOST:PORT</c> of the node's HTTP API.</summary>
    public static string ApiAddress(this CoordinatorNode node) => new Uri(node.ApiUrl).Authority;
}
