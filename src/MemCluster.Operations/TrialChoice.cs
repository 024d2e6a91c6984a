using System.Globalization;
using MemCluster.Messages;
using MemCluster.Reporting;

namespace MemCluster.Operations;

/// <summary>Which trial is meant: its number, after the name of its sweep where there is more than one.</summary>
public static class TrialChoice
{
    /// <param name="last">The last number that a trial of the sweep may have.</param>
    /// <exception cref="UserError">As in <see cref="SweepChoice.Of"/>; or there is no such trial, or no number was said.</exception>
    public static async Task<(SweepSummary Sweep, int Trial)> Of(
        IOperator answerer, string? name, string? trial, Func<SweepSummary, int> last, CancellationToken cancel)
    {
        if (trial is null && IsNumber(name))
        {
            (name, trial) = (null, name); // Where there is only one sweep its name need not be said; the number must.
        }

        var sweep = await SweepChoice.Of(answerer, name, cancel);
        var trials = last(sweep);
        return trial is not null && int.TryParse(trial, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= trials
            ? (sweep, number)
            : throw new UserError($"Which trial of {sweep.Sweep}? {(trial is null ? "Name one" : $"'{trial}' is none; they are numbered")} from 1 to {Numbers.Count(trials)}.");
    }

    internal static UserError IsGone(SweepId sweep, int trial) => new($"There is no trial {trial} of {sweep} any more.");

    private static bool IsNumber(string? text) => int.TryParse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);
}
