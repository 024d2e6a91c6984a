using MemCluster.Messages;

namespace MemCluster.Reporting.Plans;

/// <summary>The plan as lines of at most 100 columns.</summary>
public static class PlanText
{
    /// <summary>What weights take in the home's journal, in letters, and once more in its rows, for each byte of them; measured.</summary>
    private const double InHome = 2.4;

    /// <param name="slots">Trials at once that the time is given for.</param>
    public static IReadOnlyList<Line> Lines(SweepPlan plan, int slots)
    {
        var spec = plan.Spec;
        var lines = new List<Line> { new(Line.Fit($"{spec.Name}    {spec.Question}".TrimEnd(), Line.Width), Tone.Strong) };
        var name = Math.Min(24, spec.Axes.Select(axis => axis.Name.Length).Append("seeds".Length).Max());
        var count = Math.Max(2, spec.Axes.Select(axis => Numbers.Count(axis.Values.Length).Length).Append(Numbers.Count(spec.Seeds.Count).Length).Max());
        foreach (var axis in spec.Axes)
        {
            lines.Add(AxisLine(axis.Name, axis.Values.Length, axis.Values, axis.Name == "capacity" ? "units per hidden layer" : ""));
        }

        lines.Add(AxisLine("seeds", spec.Seeds.Count, Enumerable.Range(0, spec.Seeds.Count).Select(index => $"{spec.Seeds[index]}"), ""));
        var epochs = (plan.StopsEarly ? "≤ " : "") + (plan.LeastEpochs == plan.MostEpochs
            ? Numbers.Count(plan.MostEpochs, "epoch", "epochs")
            : $"{Numbers.Count(plan.LeastEpochs)} to {Numbers.Count(plan.MostEpochs)} epochs");
        var scoring = plan.ScoringTrials > 0 ? $", and before them {Numbers.Count(plan.ScoringTrials)} that compute their scores" : "";
        lines.Add(Line.Fit($"  {(plan.LeastTrials < plan.Trials ? "at most " : "")}{Numbers.Count(plan.Trials, "trial", "trials")} × {epochs}{scoring}    {string.Join(", ", plan.Data)}".TrimEnd(), Line.Width));
        lines.AddRange(ReplicateLines.Of(plan));
        lines.Add("  " + CostText(plan, slots));
        if (!spec.Requires.IsNone)
        {
            lines.Add(Line.Fit($"  asks for {RequiresText(spec.Requires)}", Line.Width));
        }

        if (spec.Limits != TrialLimits.None)
        {
            lines.Add(Line.Fit($"  a trial may take {LimitsText(spec.Limits)}", Line.Width));
        }

        if (plan.KeptCopies > 0)
        {
            lines.Add(Line.Fit(
                $"  keeps weights{(plan.KeptCopies > plan.Trials ? $", {Numbers.Count(plan.KeptCopies)} copies" : "")}: {Numbers.Bytes(plan.KeptBytes)} as files, and about {Numbers.Bytes((long)(plan.KeptBytes * InHome))} in the home",
                Line.Width));
        }

        return lines;

        Line AxisLine(string axis, int values, IEnumerable<string> texts, string unit)
        {
            var head = $"  {Line.Fit(axis, name).PadRight(name)}  {Numbers.Count(values).PadLeft(count)}   ";
            var room = Line.Width - head.Length - (unit.Length > 0 ? unit.Length + 3 : 0);
            var list = ListOf(texts, room);
            return unit.Length > 0 ? $"{head}{list.PadRight(Math.Min(room, 46))}   {unit}" : head + list;
        }
    }

    /// <summary><c>8 GiB of memory a trial, label gpu</c>.</summary>
    public static string RequiresText(Requirement requires) => string.Join(", ", new[]
    {
        requires.MemoryBytes > 0 ? $"{MemorySize.Rounded(requires.MemoryBytes)} of memory a trial" : "",
        requires.Labels.Length switch { 0 => "", 1 => $"label {requires.Labels[0]}", _ => $"labels {string.Join(", ", requires.Labels)}" },
    }.Where(part => part.Length > 0));

    private static string LimitsText(TrialLimits limits) => string.Join(", ", new[]
    {
        limits.Time is { } time ? TimeLength.Text(time) : "",
        limits.Idle is { } idle ? $"{TimeLength.Text(idle)} without an epoch" : "",
        limits.MemoryBytes > 0 ? $"{MemorySize.Rounded(limits.MemoryBytes)} of memory" : "",
    }.Where(part => part.Length > 0));

    /// <summary><c>about 38 min on 2 slots (measured: 0.06–0.31 s per epoch)</c>.</summary>
    public static string CostText(SweepPlan plan, int slots)
    {
        var duration = Numbers.Duration(plan.SecondsOn(slots));
        var about = duration.StartsWith("under", StringComparison.Ordinal) ? "" : plan.StopsEarly || plan.LeastTrials < plan.Trials ? "at most about " : "about ";
        var time = $"{about}{duration} on {Numbers.Count(slots, "slot", "slots")}";
        if (plan.SlowestEpoch <= 0)
        {
            return time;
        }

        var (fast, slow) = (Numbers.Short(plan.FastestEpoch), Numbers.Short(plan.SlowestEpoch));
        var epoch = fast == slow ? $"{slow} s per epoch" : $"{fast}–{slow} s per epoch";
        return plan.Basis switch
        {
            CostBasis.Measured => $"{time} (measured: {epoch})",
            CostBasis.Scaled => $"{time} (from other trials here: {epoch})",
            _ => $"{time} (estimated: {epoch})",
        };
    }

    /// <summary>Values with dots between; what doesn't fit is left out in the middle, so that the first and the last are seen.</summary>
    private static string ListOf(IEnumerable<string> values, int room)
    {
        const string Between = " · ";
        var shown = new List<string>();
        var length = 0;
        // Far fewer than a hundred fit: never walk a million seeds.
        foreach (var value in values.Take(101))
        {
            length += value.Length + (shown.Count > 0 ? Between.Length : 0);
            shown.Add(value);
        }

        if (shown.Count <= 100 && length <= room)
        {
            return string.Join(Between, shown);
        }

        var last = values is IReadOnlyList<string> list ? list[^1] : values.Last();
        var text = shown[0];
        foreach (var value in shown.Skip(1))
        {
            if ($"{text}{Between}{value}{Between}…{Between}{last}".Length > room)
            {
                break;
            }

            text += Between + value;
        }

        return Line.Fit($"{text}{Between}…{Between}{last}", room);
    }
}
