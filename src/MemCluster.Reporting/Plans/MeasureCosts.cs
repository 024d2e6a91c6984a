using System.Globalization;
using MemCluster.Messages;

namespace MemCluster.Reporting.Plans;

/// <summary>
/// What the measures of a trial cost, in multiplications: how often each is taken, and how many times an example goes through the network for it.
/// The factors were timed on small dense networks; a search that ends early, or fewer epochs, cost less.
/// </summary>
internal static class MeasureCosts
{
    /// <param name="Products">Multiplications of one example going forward.</param>
    /// <param name="Steps">Steps of one epoch.</param>
    public sealed record Scene(double Products, double Train, double Validation, double Classes, double Steps, double Batch, int Epochs);

    public static double MultiplyAdds(MeasurePlan? plan, Scene scene) => plan is null ? 0 : scene.Products * MeasureKind.All
        .Where(kind => kind.Get(plan) is not null)
        .Sum(kind => Passes(new(kind, kind.Get(plan)!), [.. Due(kind.Get(plan)!, scene.Epochs)], scene));

    /// <summary>Examples going forward once.</summary>
    private static double Passes(Constants asked, int[] due, Scene scene) => asked.Kind.Name switch
    {
        "norms" => due.Length * 3 * scene.Train,
        "sharpness" => due.Length * 8 * (asked.Number("iterations") + asked.Number("trace-probes")) * Math.Min(asked.Number("examples"), scene.Train),
        "csr" => due.Length * 3 * asked.Number("iterations") * asked.Word("radii").Split(',').Length * Searched(asked, scene),

        // Back through every step so far, each with one product of the Hessian for every loss.
        "loss-sensitivity" => due.Sum(epoch => Math.Min(asked.Number("window"), epoch * scene.Steps) / asked.Number("thin") * epoch) * scene.Steps * scene.Batch * 14,
        "class-sensitivity" => due.Sum(epoch => (double)epoch) * (Math.Min(asked.Number("examples"), scene.Train) + scene.Classes) * scene.Steps * scene.Batch * 14,
        "input-gradient" => due.Length * 3 * scene.Train,
        "grand" => due.Length * 4 * scene.Train,
        "curvature" => due.Length * 6 * asked.Number("probes") * scene.Train,
        "membership" or "held-out" => due.Length * (scene.Train + scene.Validation),
        "input-norm" => 0,
        _ => due.Length * scene.Train,
    };

    private static double Searched(Constants asked, Scene scene)
    {
        var (validation, train) = (Math.Min(asked.Number("examples"), scene.Validation), Math.Min(asked.Number("examples"), scene.Train));
        return asked.Word("on") switch { "both" => validation + train, "train" => train, _ => validation };
    }

    /// <summary>The epochs after which it is taken, if all are trained.</summary>
    private static IEnumerable<int> Due(MeasureRequest request, int epochs)
    {
        var due = new SortedSet<int>(request.At.Where(epoch => epoch <= epochs));
        for (var epoch = request.Every ?? int.MaxValue; epoch <= epochs; epoch += request.Every!.Value)
        {
            due.Add(epoch);
        }

        return request.AtLast ? due.Append(epochs).Distinct() : due;
    }

    /// <summary>A request with the constants that it leaves out.</summary>
    private sealed record Constants(MeasureKind Kind, MeasureRequest Request)
    {
        public string Word(string name) => Request.Constant(name) ?? Kind.Constants.First(constant => constant.Name == name).Default;

        public double Number(string name) => double.Parse(Word(name), CultureInfo.InvariantCulture);
    }
}
