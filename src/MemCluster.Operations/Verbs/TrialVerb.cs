using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations.Verbs;

internal static class TrialVerb
{
    public static readonly VerbAnswer Answer = Answers.Of(Ask, asked => TrialStoryText.Lines(asked.Sweep, asked.Story), asked => asked.Story);

    private static async Task<(SweepId Sweep, TrialStory Story)> Ask(IOperator answerer, VerbArguments said, CancellationToken cancel)
    {
        var (name, trial) = (said[VerbArguments.Sweep], said[VerbArguments.Trial]);
        if (trial is null && IsNumber(name))
        {
            (name, trial) = (null, name); // Where there is only one sweep its name need not be said; the number must.
        }

        var sweep = await SweepChoice.Of(answerer, name, cancel);
        var trials = sweep.Counts.Trials;
        if (trial is null || !int.TryParse(trial, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) || number < 1 || number > trials)
        {
            throw new UserError($"Which trial of {sweep.Sweep}? {(trial is null ? "Name one" : $"'{trial}' is none; they are numbered")} from 1 to {Numbers.Count(trials)}.");
        }

        return (sweep.Sweep, await answerer.Trial(sweep.Sweep, number, cancel) ?? throw new UserError($"There is no trial {number} of {sweep.Sweep} any more."));
    }

    private static bool IsNumber(string? text) => int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);
}
