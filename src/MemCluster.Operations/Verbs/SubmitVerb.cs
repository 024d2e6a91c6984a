using System.Runtime.CompilerServices;
using MemCluster.Messages;
using MemCluster.Reporting;
using MemCluster.Sweeps;

namespace MemCluster.Operations.Verbs;

/// <summary><c>submit SPEC</c>: hand sweeps to a coordinator that runs already, and go. All files are read before the first is handed in.</summary>
internal static class SubmitVerb
{
    public static readonly OperatorVerb Verb = new(
        "submit", "Hand sweeps to a coordinator that runs already.",
        [
            new(VerbArguments.Spec, "Sweep files.", ArgumentKind.Files, "SPEC", Required: true),
            new(VerbArguments.Set, "Override a setting of the file, for example training.epochs=5. Repeatable.", ArgumentKind.Repeated, "SETTING=VALUE"),
            new(VerbArguments.Preset, "Lay this preset of the file over it, for example quick; the sweep is then named NAME-PRESET.", ArgumentKind.Option, "PRESET"),
            new(VerbArguments.AcceptVersion, "Continue a sweep that was begun under another numerics version.", ArgumentKind.Flag),
            VerbArgument.AsJson,
        ],
        Answer, Announce);

    private static IReadOnlyList<SweepSpec> Specs(VerbArguments said) => SpecReader.Read(
        said.All(VerbArguments.Spec), said.All(VerbArguments.Set), said[VerbArguments.Preset]);

    private static async Task<string> Announce(IOperator answerer, VerbArguments said, CancellationToken cancel)
    {
        var (specs, there) = (Specs(said), await answerer.List(cancel));
        var running = there.Sum(sweep => sweep.Counts.Running);
        var what = specs.Count == 1 ? specs[0].Name.Name : $"{specs.Count} sweeps";
        var trials = Numbers.Count(specs.Sum(spec => new Grid(spec).Count), "trial", "trials");
        return $"{what}: {trials} to run; {Numbers.Count(running, "trial that is running goes on", "trials that are running go on")}, slots that become free are shared.";
    }

    private static async IAsyncEnumerable<Line> Answer(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
    {
        var problems = new List<string>();
        foreach (var spec in Specs(said))
        {
            var reply = await answerer.Submit(new SubmitRequest(spec.Canonical, said.Has(VerbArguments.AcceptVersion)), cancel);
            problems.AddRange(reply.Problems);
            if (reply.Problems.Count > 0)
            {
                continue;
            }

            var taken = $"{(reply.Continued ? "Continuing" : "Submitted")} {spec.Name}: {(spec.Replicates is null ? "" : "at most ")}{Numbers.Count(reply.Counts.Trials, "trial", "trials")}, "
                + $"{Numbers.Count(reply.Counts.Trials - reply.Counts.Ended)} left. Follow it with: {Answers.Command(said, $"status {spec.Name}")}";
            foreach (var line in said.Has(VerbArguments.Json) ? [Answers.Json(reply)] : Answers.Wrapped(taken).Select(text => (Line)text))
            {
                yield return line;
            }
        }

        if (problems.Count > 0)
        {
            throw new SpecProblemsException(problems);
        }
    }
}
