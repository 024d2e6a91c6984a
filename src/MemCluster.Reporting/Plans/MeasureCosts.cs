using MemCluster.Messages;

namespace MemCluster.Reporting.Plans;

/// <summary>
/// What the measures of a trial cost, in multiplications: how often each is taken, and how many times an example goes through the network for it
/// (<see cref="MeasureKind.Cost"/>).
/// </summary>
internal static class MeasureCosts
{
    /// <param name="Products">Multiplications of one example going forward.</param>
    /// <param name="Steps">Steps of one epoch.</param>
    public sealed record Scene(double Products, double Train, double Validation, double Classes, double Steps, double Batch, int Epochs);

    public static double MultiplyAdds(MeasurePlan? plan, Scene scene) => plan is null ? 0 : scene.Products * MeasureKind.All
        .Where(kind => kind.Get(plan) is not null)
        .Sum(kind => kind.Cost(new(
            kind, kind.Get(plan)!, [.. Due(kind.Get(plan)!, scene.Epochs)], scene.Train, scene.Validation, scene.Classes, scene.Steps, scene.Batch)));

    /// <summary>The epochs after which it is taken, if all are trained.</summary>
    private static IEnumerable<int> Due(MeasureRequest request, int epochs)
    {
        var due = new SortedSet<int>(request.At.Where(epoch => epoch <= epochs));
        for (var epoch = request.Every ?? int.MaxValue; epoch <= epochs; epoch += request.Every!.Value)
        {
            due.Add(epoch);
        }

        due.UnionWith(request.Log is { } inDecade ? LogEpochs.Of(inDecade).Where(epoch => epoch <= epochs) : []);
        return request.AtLast ? due.Append(epochs).Distinct() : due;
    }
}
