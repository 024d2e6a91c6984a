using System.CommandLine;
using MemCluster.Cli.Chaos;
using MemCluster.Coordinator;
using MemCluster.Hosting;
using MemCluster.Operations;
using MemCluster.Operations.Chaos;
using MemCluster.Reporting;

namespace MemCluster.Cli;

/// <summary><c>chaos SPEC</c>: a whole sweep on this machine under faults that a seed decides, and what an audit says of it in the end.</summary>
internal static class ChaosVerb
{
    private const int MostTrainers = 64;

    public static Command Build(Doors doors, Terminal terminal)
    {
        var file = new Argument<string>("SPEC") { Description = "A sweep file." };
        var (set, preset) = (Options.Set(), Options.Preset());
        var seed = new Option<ulong>("--seed") { Description = "Which faults, when and to whom: the same seed, the same schedule.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var faults = new Option<string?>("--faults") { Description = $"Only these, with commas between them: {string.Join(", ", ChaosFaults.Names)}. Default: all that can be had.", HelpName = "FAULTS" };
        var every = new Option<string>("--every")
        {
            Description = "From the end of a fault to the next: 3 are three times what a recovery takes, which is measured first; 20s are seconds. Never less than 1.5 recoveries.",
            HelpName = "TIME",
            DefaultValueFactory = _ => "3",
        };
        var most = new Option<string?>("--for") { Description = "No more faults after so long, like 10m; the sweep still comes to its end. Default: until the sweep is over.", HelpName = "TIME" };
        var trainers = new Option<int>("--trainers") { Description = "Trainers beside the coordinator, a trial at a time each.", HelpName = "N", DefaultValueFactory = _ => 2 };
        var home = new Option<string?>("--home") { Description = "Folder of journal, results and logs, begun anew each time. Default: .memcluster-chaos/SWEEP.", HelpName = "DIR" };
        var plan = new Option<int?>("--plan") { Description = "Print the first N faults, and do nothing.", HelpName = "N" };
        var (data, journal) = (NodeArguments.Data.Make(), NodeArguments.Journal.Make());
        var command = new Command("chaos", "Run a sweep on this machine under kills, cut networks, full disks, flipped bits and wrong clocks, and audit what comes of it.")
        {
            file, set, preset, seed, faults, every, most, trainers, home, data, journal, plan,
        };
        command.SetAction(async (parse, cancel) =>
        {
            var spec = SpecReader.Read([parse.GetValue(file)!], parse.GetValue(set)!, parse.GetValue(preset))[0];
            var (count, steps) = (parse.GetValue(trainers), parse.GetValue(plan));
            if (count is < 1 or > MostTrainers || steps is < 1 or > 1_000_000)
            {
                throw new UserError(count is < 1 or > MostTrainers
                    ? $"--trainers is a number from 1 to {MostTrainers}, not {count}."
                    : $"--plan is a number of faults from 1 to 1,000,000, not {steps}.");
            }

            var shared = JournalArgument.Of(parse.GetValue(journal));
            var schedule = new ChaosSchedule(parse.GetValue(seed), Had(parse.GetValue(faults), shared is not null, terminal), count);
            var options = new ChaosOptions(
                spec, parse.GetValue(home) ?? Path.Combine(".memcluster-chaos", spec.Name.Name), schedule, ChaosPeriod.Parse(parse.GetValue(every)!),
                parse.GetValue(most) is { } time ? ChaosPeriod.Time("--for", time) : null, parse.GetValue(data), parse.GetValue(journal));
            if (steps is { } first)
            {
                terminal.Write(schedule.Steps().Take(first).Select(step => (Line)step.ToString()));
                terminal.Write($"{Numbers.Count(first, "fault", "faults")} of seed {schedule.Seed}, schedule {schedule.Digest(first)}");
                return ExitCodes.Fine;
            }

            await Check(options, shared, doors, cancel);
            terminal.Write(
                $"{spec.Name}: {Numbers.Count(new Sweeps.Grid(spec).Count, "trial", "trials")}, a coordinator and {Numbers.Count(count, "trainer", "trainers")}, seed {schedule.Seed}");
            return await new ChaosSession(options, doors, terminal).Run(cancel);
        });
        return command;
    }

    /// <summary>Those that can be had; of each that can't, a line says why.</summary>
    private static ChaosFault[] Had(string? asked, bool shared, Terminal terminal)
    {
        var all = ChaosFaults.Parse(asked);
        foreach (var fault in all.Where(fault => fault.Hindrance(shared) is not null))
        {
            terminal.Write($"Without {fault.Name()}: {fault.Hindrance(shared)}.");
        }

        return all.Where(fault => fault.Hindrance(shared) is null).ToArray() is { Length: > 0 } had ? had : throw new UserError("None of these faults can be had here; nothing was run.");
    }

    /// <exception cref="UserError">Something is missing, or the database holds sweeps of somebody's.</exception>
    private static async Task Check(ChaosOptions options, JournalConnection? shared, Doors doors, CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UserError("chaos stops, limits and watches processes as only Linux can; nothing was run.");
        }

        var problems = SettingsVariety.Of(options.Spec, settings => settings.Data).Where(data => data.Name.Length > 0).Distinct()
            .Select(data => doors.CheckData(data, options.Data)).OfType<string>().Distinct().ToArray();
        if (problems.Length > 0)
        {
            throw new SpecProblemsException(problems);
        }

        if (shared is not null && (await JournalCare.Check(new(options.Home), options.Journal, cancel)) is { Sweeps: > 0 } report)
        {
            throw new UserError($"{report.Journal} holds {Numbers.Count(report.Sweeps, "sweep", "sweeps")} already, which faults must not be tried on; name an empty database.");
        }
    }
}
