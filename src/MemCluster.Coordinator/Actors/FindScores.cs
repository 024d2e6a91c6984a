using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>Finds which training examples the trial at a place of the grid keeps. Its scoring trials have finished.</summary>
public delegate Task<Scored> FindScores(Grid grid, int place);
