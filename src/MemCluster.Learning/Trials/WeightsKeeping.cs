using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// Keeps a trial's weights as it goes. Those of an epoch that is named are told with it; which epoch is the best, and which the last, is known at the end only,
/// so copies of those so far are held until then, and told with the last epoch: what is told with an epoch is on disk when that is.
/// </summary>
internal sealed class WeightsKeeping(WeightsPlan plan, INetwork network)
{
    private double _bestAccuracy = double.NaN;
    private Finding? _last;
    private bool _isTold;

    /// <summary>Those after the best epoch so far; null where they are not asked for, or there is nothing to be scored on.</summary>
    public Finding? Best { get; private set; }

    /// <summary>Called after an epoch that is finite, while the network is as that epoch left it.</summary>
    /// <param name="isLast">Training ends after this epoch.</param>
    /// <returns>What is to be told with the epoch.</returns>
    public IReadOnlyList<Finding> After(EpochMeasures measures, bool isLast)
    {
        var accuracy = Measures.Value(measures, MeasureNames.ValidationAccuracy);

        // The rule of the outcome: the first of equal ones.
        var isBest = plan.Best && (Best is null ? !double.IsNaN(accuracy) : accuracy > _bestAccuracy);
        var isNamed = plan.At.Contains(measures.Epoch);
        var weights = isBest || isNamed || plan.Last ? Finding.OfWeights(measures.Epoch, NetworkWeights.Of(network)) : null;
        (Best, _bestAccuracy) = isBest ? (weights, accuracy) : (Best, _bestAccuracy);
        _last = plan.Last ? weights : null;
        return [.. isLast ? Rest() : [], .. isNamed ? [weights!] : (Finding[])[]];
    }

    /// <summary>Goes on behind what was kept; the network is again as it was then.</summary>
    public void GoOn(TrialMemory memory)
    {
        Best = memory.Best;
        _bestAccuracy = memory.Best is { } best ? Measures.Value(memory.Epochs[best.Epoch - 1], MeasureNames.ValidationAccuracy) : double.NaN;
        _last = plan.Last && memory.Epoch > 0 ? Finding.OfWeights(memory.Epoch, NetworkWeights.Of(network)) : null;
    }

    /// <summary>What is to be told when training has ended and was not told with its last epoch: of a trial that diverged after it.</summary>
    public IEnumerable<Finding> Rest()
    {
        if (_isTold)
        {
            return [];
        }

        // No epoch's weights twice.
        _isTold = true;
        return new[] { Best, _last }.OfType<Finding>().DistinctBy(kept => kept.Epoch).Where(kept => !plan.At.Contains(kept.Epoch)).OrderBy(kept => kept.Epoch);
    }
}
