using System.Globalization;

namespace MemCluster.Messages;

/// <summary>What a measure can't be taken without.</summary>
[Flags]
public enum MeasureNeeds
{
    None = 0,

    /// <summary>Validation examples with labels that were trained on.</summary>
    Validation = 1,

    /// <summary>Classes of several examples.</summary>
    Classes = 2,

    /// <summary>Updates w ← w − rate · gradient, one rate for all: it goes back through them.</summary>
    PlainDescent = 4,

    /// <summary>A loss of each example that does not depend on its minibatch.</summary>
    SingleLosses = 8,

    /// <summary>Training that goes on with other examples (<see cref="TrainingSettings.SecondSplit"/>).</summary>
    SecondSplit = 16,
}

/// <summary>A measure as a trial takes it: what its cost depends on.</summary>
/// <param name="Due">The epochs after which it is taken.</param>
/// <param name="Steps">Steps of one epoch.</param>
public sealed record AskedMeasure(
    MeasureKind Kind, MeasureRequest Request, IReadOnlyList<int> Due, double Train, double Validation, double Classes, double Steps, double Batch)
{
    public int Times => Due.Count;

    public string Word(string name) => Kind.Word(Request, name);

    public double Number(string name) => double.Parse(Word(name), CultureInfo.InvariantCulture);
}
