using MemCluster.Messages;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator.Reading;

/// <summary>What the rows call a sweep, and its grid: looked up once, since every event needs them.</summary>
internal sealed class SweepKeys(Statements statements)
{
    private readonly Dictionary<SweepId, SweepKey> _known = [];

    public SweepKey Of(SweepId sweep)
    {
        if (!_known.TryGetValue(sweep, out var known))
        {
            var spec = (string)statements.Run("SELECT spec FROM sweeps WHERE sweep = $a", sweep.Name)!;
            var id = (long)statements.Run("SELECT id FROM sweeps WHERE sweep = $a", sweep.Name)!;
            _known[sweep] = known = new(id, GridOf(spec));
        }

        return known;
    }

    public long IdOf(SweepId sweep) => Of(sweep).Id;

    /// <summary>Its row has changed, or is gone.</summary>
    public void Forget(SweepId sweep) => _known.Remove(sweep);

    /// <returns>Null where the spec can't be read.</returns>
    public static Grid? GridOf(string spec) => SpecBook.Shared.Of(spec) is StoredSpec.Readable read ? new(read.Spec) : null;
}

/// <param name="Grid">Null where the spec can't be read; most events fold without it.</param>
internal sealed record SweepKey(long Id, Grid? Grid);
