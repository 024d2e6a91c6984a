using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

internal static class TrialVerb
{
    public static async IAsyncEnumerable<Line> Answer(
        IOperator answerer, VerbArguments arguments, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (name, said) = (arguments[OperatorCatalogue.Sweep], arguments[OperatorCatalogue.Trial]);
        if (said is null && IsNumber(name))
        {
            (name, said) = (null, name); // Where there is only one sweep its name need not be said; the number must.
        }

        var sweep = await SweepChoice.Of(answerer, name, cancel);
        var trials = sweep.Counts.Trials;
        if (said is null || !int.TryParse(said, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) || number < 1 || number > trials)
        {
            throw new UserError($"Which trial of {sweep.Sweep}? {(said is null ? "Name one" : $"'{said}' is none; they are numbered")} from 1 to {Numbers.Count(trials)}.");
        }

        var story = await answerer.Trial(sweep.Sweep, number, cancel) ?? throw new UserError($"There is no trial {number} of {sweep.Sweep} any more.");
        if (arguments.Has(OperatorCatalogue.Json))
        {
            yield return JsonSerializer.Serialize(story, MessageJson.Options);
            yield break;
        }

        foreach (var line in TrialStoryText.Lines(sweep.Sweep, story))
        {
            yield return line;
        }
    }

    private static bool IsNumber(string? text) => int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);
}
