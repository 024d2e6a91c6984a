using System.CommandLine;
using System.Text.Json;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting;
using MemCluster.Reporting.Plans;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Cli;

/// <summary><c>plan SPEC</c>: what a sweep would be and cost. Runs nothing, writes nothing.</summary>
internal static class PlanVerb
{
    /// <summary>Seeds of a pilot; with fewer hardly anything is known of a spread.</summary>
    private const int PilotOf = 3;

    public static Command Build(Doors doors, Terminal terminal)
    {
        var file = Options.Specs("Sweep files.");
        var (set, preset, home, slots, data, json) = (Options.Set(), Options.Preset(), NodeArguments.Home.Make(), NodeArguments.Slots.Make("Trials at once that the time is given for."), NodeArguments.Data.Make(), Options.Json());
        var command = new Command("plan", "Show what a sweep would be and cost; run nothing.") { file, set, preset, home, slots, data, json };
        command.SetAction(async (parse, cancel) =>
        {
            var files = parse.GetValue(file)!;
            var given = parse.GetValue(data);
            if (given is not null && !Directory.Exists(given))
            {
                throw new UserError($"There is no folder {given}; --data is where data sets lie.");
            }

            var (atOnce, refused) = (Math.Max(1, parse.GetValue(slots)), false);
            foreach (var spec in SpecReader.Read(files, parse.GetValue(set)!, parse.GetValue(preset)))
            {
                await using var there = await HomeReader.OpenIfThere(doors, parse.GetValue(home)!, cancel);
                var plan = SweepPlan.Of(spec, there.Operator is { } operates ? await operates.Timings(cancel) : []);
                var known = there.Operator is { } asked ? await asked.Spec(spec.Name, cancel) : null;
                string[] differences = known is null || known == spec.Canonical ? [] : [.. SpecDifference.Between(known, spec.Canonical)];
                refused |= differences.Length > 0;
                string[] missing =
                [
                    .. SettingsVariety.Of(spec, settings => settings.Data)
                        // What is built in is never missing, and drawing it only to see that takes longer than the plan.
                        .Where(settings => DataCatalog.Find(settings.Name) is { BuiltIn: false })
                        .Select(settings => doors.CheckData(settings, given)).OfType<string>().Distinct(),
                ];
                var claims = SweepClaims.Of(spec).Claims;
                var pilot = there.Operator is { } tells ? await PilotSearch.Of(tells, spec, claims, cancel) : null;
                var power = ClaimPowers.Of(spec, claims, pilot);
                if (parse.GetValue(json))
                {
                    terminal.Write(JsonOf(plan, atOnce, missing, differences, power));
                    continue;
                }

                terminal.Write(PlanText.Lines(plan, atOnce));
                if (differences.Length > 0)
                {
                    terminal.Write(Refusal(spec, differences, parse.GetValue(home)!));
                }
                else if (known is not null && (await there.Operator!.Status(spec.Name, cancel))?.Summary.Counts is { } counts)
                {
                    terminal.Write($"  {Numbers.Count(counts.Done)} done · {Numbers.Count(counts.Trials - counts.Done)} left in {parse.GetValue(home)}");
                }

                terminal.Write(ClaimPlanText.Lines(spec, power, pilot));
                if (spec.Replicates is null && ClaimPlanText.WantsPilot(power) && PilotSearch.LooksFor(spec)) // One that asks for seeds is its own pilot.
                {
                    terminal.Write(HowToPilot(spec, files.Length == 1 ? files[0] : "SPEC", Sets(parse), parse.GetValue(home)!));
                }

                terminal.Write(missing.Select(problem => new Line(problem, Tone.Bad)));
            }

            if (!parse.GetValue(json))
            {
                terminal.Write(new Line(refused ? "Nothing was run." : $"Nothing was run. Start it with: {CommandText.Of(
                    "run",
                    string.Join(' ', files) + Sets(parse)
                        + (given is null ? "" : $" --data {CommandText.Quoted(given)}"),
                    parse.GetValue(home)!)}", Tone.Faint));
            }

            return refused ? ExitCodes.Wrong : ExitCodes.Fine;
        });
        return command;

        string Sets(ParseResult parse) => (parse.GetValue(preset) is { } name ? $" --preset {name}" : "") + SetsAgain(parse.GetValue(set)!);
    }

    /// <summary>Under another name, as one name can't be of two sweeps; its trials are those of the sweep to come all the same.</summary>
    private static IEnumerable<Line> HowToPilot(SweepSpec spec, string file, string sets, string home) =>
    [
        new(Line.Fit("  How probable verdicts are can't be told: nothing here shows how far seeds spread. A pilot would:", Line.Width), Tone.Faint),
        new($"    {CommandText.Of("run", $"{file}{sets} --set seeds={PilotOf} --set sweep={spec.Name}-pilot", home)}", Tone.Faint),
    ];

    private static string SetsAgain(IEnumerable<string> sets) =>
        string.Concat(sets.Select(set => set.Any(sign => !char.IsAsciiLetterOrDigit(sign) && !"-_.=/:".Contains(sign)) ? $" --set '{set}'" : $" --set {set}"));

    /// <summary>The home would refuse it: one name, two sweeps.</summary>
    private static IEnumerable<Line> Refusal(SweepSpec spec, IEnumerable<string> differences, string home) =>
    [
        new($"{home} holds another sweep named {spec.Name}; this file differs from it:", Tone.Bad),
        .. differences.Select(difference => (Line)Line.Fit($"  {difference}", Line.Width)),
        "Give it another name, or take another --home.",
    ];

    private static string JsonOf(
        SweepPlan plan, int slots, string[] missing, string[] differences, IReadOnlyList<(Claim Claim, ClaimPower Power)> claims) => JsonSerializer.Serialize(
        new
        {
            Sweep = plan.Spec.Name,
            plan.Spec.Question,
            plan.Spec.Digest,
            plan.Trials,
            plan.LeastTrials,
            Axes = plan.Spec.Axes.Select(axis => new { axis.Name, axis.Values }),
            Seeds = plan.Spec.Seeds.Count,
            plan.Data,
            Epochs = plan.MostEpochs,
            Slots = slots,
            Seconds = plan.SecondsOn(slots),
            plan.SlotSeconds,
            plan.KeptCopies,
            plan.KeptBytes,
            plan.FastestEpoch,
            plan.SlowestEpoch,
            Basis = plan.Basis switch { CostBasis.Measured => "measured", CostBasis.Scaled => "scaled", _ => "estimated" },
            Missing = missing,
            Refused = differences,
            Claims = claims.Select(claim => claim.Power.Why.Length > 0
                ? (object)new { claim.Claim.Name, Pilot = claim.Power.Seen, claim.Power.Why }
                : new
                {
                    claim.Claim.Name,
                    Pilot = claim.Power.Seen,
                    claim.Power.Asked.Holds,
                    claim.Power.Asked.Fails,
                    claim.Power.Asked.Undecided,
                    SeedsAsSeen = claim.Power.AsSeen,
                    SeedsAveraged = claim.Power.Averaged,
                    Never = claim.Power.IsNever,
                    TakesMost = claim.Power.LeastSure,
                }),
        },
        MessageJson.Options);
}
