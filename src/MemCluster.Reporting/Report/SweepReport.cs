using System.Collections.Immutable;
using MemCluster.Statistics;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Reporting.Report;

/// <summary>Everything that a report says, as plain data; drawing it comes after.</summary>
/// <param name="Answer">The verdicts in a sentence; empty without claims.</param>
/// <param name="Progress">How complete it is, in a sentence.</param>
/// <param name="IsComplete">Every trial has ended.</param>
/// <param name="Figures">The experiment's own, or those that suit any sweep.</param>
/// <param name="Heat">Noise × capacity, or the first two axes, for each combination of the others.</param>
/// <param name="Curves">Learning curves, a panel per cell.</param>
public sealed record SweepReport(
    string Title, string Question, string Answer, string Progress, bool IsComplete, ImmutableArray<VerdictRow> Verdicts, ImmutableArray<SetAside> Aside,
    ImmutableArray<ReportFigure> Figures, ImmutableArray<ReportFigure> Heat, ImmutableArray<ReportFigure> Curves, ImmutableArray<ReportTable> Troubles,
    Provenance Provenance)
{
    /// <summary>What its intervals over seeds are over, in a sentence (<see cref="IntervalScope"/>).</summary>
    public string Intervals { get; init; } = "";

    /// <summary>How claims that ask for seeds came to their verdicts; null where none asks.</summary>
    public ReportTable? Looks { get; init; }

    /// <summary>What the intervals beside the verdicts are: of 95 %, or each of the level of its look.</summary>
    public string HowSure => Looks is null ? "with 95 % interval" : "with the interval of its last look, or 95 %";
}

/// <summary>One claim in the table of verdicts.</summary>
/// <param name="Ours">Value with its interval, one line for each part.</param>
public sealed record VerdictRow(
    string Name, string Says, string Statistic, string Paper, string Source, ImmutableArray<VerdictPart> Ours, Verdict Verdict, string Note)
{
    /// <summary>Its looks in one line; empty for a claim that is judged once.</summary>
    public string Looks { get; init; } = "";

    /// <summary>Two-sided p-value by itself; NaN where the claim has none.</summary>
    public double P { get; init; } = double.NaN;

    /// <summary>The same, adjusted for the number of claims of the report (Holm 1979).</summary>
    public double AdjustedP { get; init; } = double.NaN;

    /// <summary>Of one that is undecided, how many seeds would decide it, or why that can't be told; else empty.</summary>
    public string Seeds { get; init; } = "";

    /// <summary><c>p 0.004, 0.03 adjusted</c>; empty where there is none.</summary>
    public string SaidP => double.IsNaN(P) ? "" : $"p {ReportNumbers.OfP(P)}, {ReportNumbers.OfP(AdjustedP)} adjusted";
}

/// <param name="Absent">Seeds that finished and gave no number, and why: "came out NaN in 2"; empty if there are none.</param>
public sealed record VerdictPart(string Label, string Ours, string Threshold, Verdict Verdict, string Why, string Absent = "");

/// <summary>A table of words and numbers.</summary>
/// <param name="Right">Which columns are numbers.</param>
/// <param name="More">Rows that were left out of it.</param>
public sealed record ReportTable(string Title, string Caption, ImmutableArray<string> Head, ImmutableArray<bool> Right, ImmutableArray<ImmutableArray<string>> Rows, int More = 0);

/// <summary>What it takes to get the same bits again.</summary>
public sealed record Provenance(
    string Canonical, string Digest, ImmutableArray<(string Data, string Digest)> Data, string Seeds, string Version, string Numerics, ImmutableArray<string> Again);

/// <summary>A figure as data: titles, axes, series, cells.</summary>
/// <param name="Name">Of its files: lower-case letters, digits and hyphens.</param>
/// <param name="Caption">What the marks mean.</param>
public abstract record ReportFigure(string Name, string Title, string Caption, string Source)
{
    /// <param name="XTicks">Where the axis has a name for each place (1, 2, … → text); empty for a scale of numbers.</param>
    public sealed record Chart(
        string Name, string Title, string Caption, string Source, string XLabel, string YLabel, ImmutableArray<string> XTicks, bool LogX, bool LogY,
        ImmutableArray<ChartPanel> Panels) : ReportFigure(Name, Title, Caption, Source);

    public sealed record Heat(string Name, string Title, string Caption, string Source, string RowAxis, string ColumnAxis,
        ImmutableArray<string> Rows, ImmutableArray<string> Columns, ImmutableArray<HeatPanel> Panels) : ReportFigure(Name, Title, Caption, Source);

    /// <summary>How many examples have which two scores: so many hexagons that the picture does not grow with the data set.</summary>
    /// <param name="X">From 0 to 1, the whole width of a panel.</param>
    /// <param name="Y">From 0 to <see cref="Aspect"/>, its whole height.</param>
    public sealed record Density(string Name, string Title, string Caption, string Source, string XLabel, string YLabel, Scale X, Scale Y, ImmutableArray<DensityPanel> Panels)
        : ReportFigure(Name, Title, Caption, Source)
    {
        /// <summary>A panel's height over its width.</summary>
        public const double Aspect = 0.75;

        /// <summary>Of a hexagon, as a share of a panel's width.</summary>
        public const double BinWidth = 1.0 / 36;
    }
}

public sealed record ChartPanel(string Title, ImmutableArray<ChartSeries> Series);

/// <param name="Style">Which colour, marker and dash: the same name has the same style in every panel.</param>
/// <param name="IsCurve">Drawn without markers, its interval as a band.</param>
/// <param name="IsStep">Drawn as steps to the right.</param>
/// <param name="IsLoose">Drawn without a line between its points: its places have no order.</param>
public sealed record ChartSeries(string Name, int Style, ImmutableArray<ChartPoint> Points, bool IsCurve = false, bool IsStep = false, bool IsLoose = false);

/// <param name="Low">NaN for no interval.</param>
/// <param name="Bound">The value is only a bound of what is meant: some seed was censored.</param>
public readonly record struct ChartPoint(double X, double Y, double Low, double High, bool Bound = false);

/// <param name="Cells">By row, then column; null for what is not there.</param>
public sealed record HeatPanel(string Title, ImmutableArray<ImmutableArray<double?>> Cells);

/// <param name="Says">The rank correlation and how many examples there are.</param>
/// <param name="Bins">In the units of the figure's scales; marked are the wrong examples.</param>
public sealed record DensityPanel(string Title, string Says, ImmutableArray<HexagonalBin> Bins);
