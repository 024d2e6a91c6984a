using System.Globalization;
using System.Text.RegularExpressions;
using MemCluster.Messages;

namespace MemCluster.Reporting.Files;

/// <summary>
/// weights-TRIAL-epoch-EPOCH.safetensors: the weights that trials have kept, a file for each epoch kept. What is said of them in the file depends on nothing but
/// the sweep's name and the trial's settings, so two runs of a spec give the same bytes.
/// </summary>
public static partial class WeightsFiles
{
    /// <summary>More can't be listed with their digests.</summary>
    public const int Most = 100_000;

    public static string NameOf(int trial, int epoch) => string.Create(CultureInfo.InvariantCulture, $"weights-{trial}-epoch-{epoch}{Safetensors.Extension}");

    /// <returns>Null: this is no name of such a file.</returns>
    public static (int Trial, int Epoch)? Of(string name) =>
        Pattern().Match(name) is { Success: true } found
        && int.TryParse(found.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var trial)
        && int.TryParse(found.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? (trial, epoch)
            : null;

    /// <summary>With whose they are, for a file that stands alone.</summary>
    /// <param name="row">The trial's.</param>
    public static Safetensors Signed(SweepSpec spec, TrialRow row, Finding kept)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(kept);
        var weights = Safetensors.Read(kept.Values);
        return weights with
        {
            About =
            [
                new("format", "pt"), new("sweep", spec.Name.Name), new("trial", Text(row.Trial)), .. spec.Axes.Zip(row.Settings, (axis, value) => KeyValuePair.Create("axis " + axis.Name, value)),
                new("seed", row.Seed.ToString(CultureInfo.InvariantCulture)), new("epoch", Text(kept.Epoch)), new("cell", row.Cell), new("digest", weights.Digest),
            ],
        };
    }

    /// <summary>One copy in memory at a time.</summary>
    internal static async Task Write(DigestedFolder files, ResultRows rows, Func<int, IAsyncEnumerable<TrialArray>> keptBy, CancellationToken cancel)
    {
        await foreach (var row in rows.Trials().Where(row => row.State is TrialState.Finished or TrialState.Diverged).WithCancellation(cancel))
        {
            await foreach (var kept in keptBy(row.Trial).WithCancellation(cancel))
            {
                var weights = Signed(rows.Spec, row, kept.Found);
                await files.Write(NameOf(row.Trial, kept.Found.Epoch), async file =>
                {
                    await file.WriteAsync(weights.Head(), cancel);
                    await file.WriteAsync(weights.Data, cancel);
                });
            }
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^weights-([1-9][0-9]{0,8})-epoch-([1-9][0-9]{0,8})\.safetensors$")]
    private static partial Regex Pattern();
}
