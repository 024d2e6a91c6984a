using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using MemCluster.Reporting;
using MemCluster.Reporting.Files;

namespace MemCluster.Operations.Verbs;

/// <summary><c>export SWEEP</c>: the trials as lines, the very bytes of trials.csv or trials.json. What files are made of them is the door's affair.</summary>
public static class ExportVerb
{
    public static async IAsyncEnumerable<Line> Answer(IOperator answerer, VerbArguments said, [EnumeratorCancellation] CancellationToken cancel)
    {
        var json = IsJson(said);
        var sweep = await SweepChoice.Of(answerer, said[VerbArguments.Sweep], cancel);
        var rows = await ExportRows.Of(answerer, sweep.Sweep, cancel);

        // The writers write files; the pipe makes lines of it, and lets no more be written than is read.
        var pipe = new Pipe();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var writing = Task.Run(() => Write(pipe.Writer, rows, json, gone.Token), CancellationToken.None); // Rows may come without ever giving way.
        try
        {
            using var lines = new StreamReader(pipe.Reader.AsStream());
            while (await lines.ReadLineAsync(cancel) is { } line)
            {
                yield return line;
            }

            await writing;
        }
        finally
        {
            await gone.CancelAsync();
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <exception cref="UserError">There is no such format.</exception>
    public static bool IsJson(VerbArguments said) => said[VerbArguments.Format] switch
    {
        null => said.Has(VerbArguments.Json),
        "csv" when !said.Has(VerbArguments.Json) => false,
        "json" => true,
        "csv" => throw new UserError("--format csv and --json contradict each other; say one of them."),
        var other => throw new UserError($"There is no format '{other}'; expected csv or json."),
    };

    private static async Task Write(PipeWriter to, ResultRows rows, bool json, CancellationToken cancel)
    {
        Exception? failure = null;
        try
        {
            await using var stream = to.AsStream(leaveOpen: true);
            if (json)
            {
                await TrialsJson.Write(stream, rows.Spec, rows.Trials(), cancel);
            }
            else
            {
                await using var text = new StreamWriter(stream, new UTF8Encoding(false)) { NewLine = "\n" };
                await TrialsCsv.Write(text, rows.Spec, rows.Trials(), cancel);
            }
        }
        catch (Exception problem)
        {
            failure = problem; // Thrown where the lines are read.
        }

        await to.CompleteAsync(failure);
    }
}
