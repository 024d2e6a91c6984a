using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>Looks at the claims of a sweep of which every trial that was asked for has ended, and finds which seeds they want, by configuration.</summary>
/// <param name="results">Trials that have a result: rows with fewer of them are behind.</param>
public delegate Task<IReadOnlyList<SeedsOf>> FindWanted(Grid grid, int results);
