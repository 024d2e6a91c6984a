using System.CommandLine;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Plans;
using MemCluster.Sweeps;

namespace MemCluster.Cli;

/// <summary><c>plan SPEC</c>: what a sweep would be and cost. Runs nothing, writes nothing.</summary>
internal static class PlanVerb
{
    public static Command Build(Doors doors, Terminal terminal)
    {
        var file = Options.Specs("Sweep files.");
        var (set, preset, home, slots, data, json) = (Options.Set(), Options.Preset(), Options.Home(), Options.Slots("Trials at once that the time is given for."), Options.Data(), Options.Json());
        var command = new Command("plan", "Show what a sweep would be and cost; run nothing.") { file, set, preset, home, slots, data, json };
        command.SetAction(async (parse, cancel) =>
        {
            var files = parse.GetValue(file)!;
            foreach (var spec in SpecReader.Read(files, parse.GetValue(set)!, parse.GetValue(preset)))
            {
                await using var there = await HomeReader.OpenIfThere(doors, parse.GetValue(home)!);
                var plan = SweepPlan.Of(spec, there.Operator is { } operates ? await operates.Timings(cancel) : []);
                if (parse.GetValue(json))
                {
                    terminal.Write(JsonOf(plan, Math.Max(1, parse.GetValue(slots))));
                    continue;
                }

                terminal.Write(PlanText.Lines(plan, Math.Max(1, parse.GetValue(slots))));
                if (there.Operator is { } asked)
                {
                    terminal.Write(await Before(asked, spec, parse.GetValue(home)!, cancel));
                }

                terminal.Write(SettingsVariety.Of(spec, settings => settings.Data)
                    // What is built in is never missing, and drawing it only to see that takes longer than the plan.
                    .Where(settings => DataCatalog.Find(settings.Name) is { BuiltIn: false })
                    .Select(settings => doors.CheckData(settings, parse.GetValue(data))).OfType<string>().Distinct()
                    .Select(problem => new Line(problem, Tone.Bad)));
            }

            if (!parse.GetValue(json))
            {
                terminal.Write(new Line($"Nothing was run. Start it with: {CommandText.Of("run", string.Join(' ', files) + (parse.GetValue(preset) is { } name ? $" --preset {name}" : "") + SetsAgain(parse.GetValue(set)!), parse.GetValue(home)!)}", Tone.Faint));
            }

            return ExitCodes.Fine;
        });
        return command;
    }

    private static string SetsAgain(IEnumerable<string> sets) =>
        string.Concat(sets.Select(set => set.Any(sign => !char.IsAsciiLetterOrDigit(sign) && !"-_.=/:".Contains(sign)) ? $" --set '{set}'" : $" --set {set}"));

    /// <summary>What of it the home holds already.</summary>
    private static async Task<IEnumerable<Line>> Before(IOperator asked, SweepSpec spec, string home, CancellationToken cancel)
    {
        if (await asked.Spec(spec.Name, cancel) is not { } known)
        {
            return [];
        }

        if (known != spec.Canonical && SpecDifference.Between(known, spec.Canonical) is { Count: > 0 } differences)
        {
            return
            [
                new($"{home} holds another sweep named {spec.Name}; this file differs from it:", Tone.Bad),
                .. differences.Select(difference => (Line)Line.Fit($"  {difference}", Line.Width)),
                "Give it another name, or take another --home.",
            ];
        }

        var counts = (await asked.Status(spec.Name, cancel))?.Summary.Counts;
        return counts is null ? [] : [$"  {Numbers.Count(counts.Done)} done · {Numbers.Count(counts.Trials - counts.Done)} left in {home}"];
    }

    private static string JsonOf(SweepPlan plan, int slots) => JsonSerializer.Serialize(
        new
        {
            Sweep = plan.Spec.Name,
            plan.Spec.Question,
            plan.Spec.Digest,
            plan.Trials,
            Axes = plan.Spec.Axes.Select(axis => new { axis.Name, axis.Values }),
            Seeds = plan.Spec.Seeds.Count,
            plan.Data,
            Epochs = plan.MostEpochs,
            Slots = slots,
            Seconds = plan.SecondsOn(slots),
            plan.SlotSeconds,
            plan.FastestEpoch,
            plan.SlowestEpoch,
            Basis = plan.Basis switch { CostBasis.Measured => "measured", CostBasis.Scaled => "scaled", _ => "estimated" },
        },
        MessageJson.Options);
}
