using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using MemCluster.Messages;
using MemCluster.Reporting.Files;

namespace MemCluster.Reporting.Tests;

public sealed class ResultFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-results-").FullName;

    private static readonly SweepSpec Small = Given.Spec("""
        sweep: small
        data: { name: glyphs, train: 100, validation: 100 }
        axes: { noise: [none, label 0.2], rate: [0.1] }
        seeds: [7, 8]
        """);

    private static readonly ImmutableSortedDictionary<string, double> Measures = ImmutableSortedDictionary<string, double>.Empty
        .Add(MeasureNames.TrainAccuracy, 0.1 + 0.2).Add(MeasureNames.TrainLoss, 1e-7).Add(MeasureNames.ValidationAccuracyBest, 1)
        .Add(MeasureNames.ValidationBestEpoch, 3).Add(MeasureNames.ValidationLossLast, double.NaN);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Trials_have_the_columns_that_scripts_rely_on_and_round_trip_numbers()
    {
        var rows = new[]
        {
            Given.Row(Small, 1, TrialState.Finished, Measures, epochs: 4), Given.Row(Small, 2, TrialState.Diverged, Measures, epochs: 2),
            Given.Row(Small, 3, TrialState.Failed, Measures, epochs: 1), Given.Row(Small, 4, TrialState.Pending, epochs: 0),
        };

        Assert.Equal(
            "trial,noise,rate,seed,state,epochs,train_accuracy,train_accuracy_clean,train_accuracy_corrupted,train_accuracy_corrupted_true,"
            + "train_loss,validation_accuracy_best,validation_best_epoch,validation_accuracy_last,validation_loss_last,convergence_epoch,weights,cell\n"
            + "1,none,0.1,7,finished,4,0.30000000000000004,,,,1E-07,1,3,,,,0123456789abcdef,00000000000000010000000000000001\n"
            + "2,none,0.1,8,diverged,2,0.30000000000000004,,,,1E-07,1,3,,,,0123456789abcdef,00000000000000010000000000000002\n"
            + "3,label 0.2,0.1,7,failed,,,,,,,,,,,,,00000000000000010000000000000003\n"
            + "4,label 0.2,0.1,8,pending,,,,,,,,,,,,,00000000000000010000000000000004\n",
            await Text(writer => TrialsCsv.Write(writer, Small, rows.ToAsyncEnumerable())));
    }

    [Fact]
    public void Measures_that_a_spec_asks_for_have_columns_of_their_own()
    {
        var spec = Given.Spec("sweep: s\ndata: glyphs\nmeasures: {norms: last}\naxes: {measures.el2n: [none, last]}\n");

        Assert.Equal(
            ["convergence_epoch", "parameter_norm", "gradient_norm", "el2n_mean", "el2n_corrupted_auroc", "weights", "cell"],
            TrialsCsv.Columns(spec).SkipWhile(column => column != "convergence_epoch"));
    }

    [Fact]
    public async Task A_trial_that_runs_looks_like_one_that_never_began()
    {
        var running = Given.Row(Small, 1, TrialState.Running, Measures, epochs: 17);
        var pending = Given.Row(Small, 1, TrialState.Pending, epochs: 0);

        Assert.Equal(
            await Text(writer => TrialsCsv.Write(writer, Small, new[] { pending }.ToAsyncEnumerable())),
            await Text(writer => TrialsCsv.Write(writer, Small, new[] { running }.ToAsyncEnumerable())));
    }

    [Fact]
    public async Task Measures_have_a_row_for_each_number_that_was_measured_and_no_value_where_it_is_none()
    {
        MeasureRow[] rows = [MeasureRow.Of(1, 1, "train_loss", 2.3), MeasureRow.Of(1, 1, "sharpness", double.NaN), MeasureRow.Of(1, 2, "train_loss", 1d / 3)];

        Assert.Equal(
            "trial,epoch,measure,value\n1,1,train_loss,2.3\n1,1,sharpness,\n1,2,train_loss,0.3333333333333333\n",
            await Text(writer => MeasuresCsv.Write(writer, rows.ToAsyncEnumerable())));
    }

    [Fact]
    public async Task Measures_out_of_order_are_refused_because_two_runs_would_differ_in_bytes()
    {
        var rows = new MeasureRow[] { new(2, 1, "train_loss", 2.3), new(1, 1, "train_loss", 2) };

        await Assert.ThrowsAsync<InvalidOperationException>(() => Text(writer => MeasuresCsv.Write(writer, rows.ToAsyncEnumerable())));
    }

    [Fact]
    public async Task Attempts_tell_who_when_and_how_it_ended()
    {
        var rows = new AttemptRow[]
        {
            new(1, 1, "node-7", Given.Noon, Given.Noon.AddSeconds(3), "lost: node-7 left, \"gone\"", 23, 3.25, 0.25),
            new(1, 2, "node-2", Given.Noon.ToOffset(TimeSpan.FromHours(2)), null, "", 0, null, Checkpoint: 20),
        };

        Assert.Equal(
            "trial,attempt,trainer,assigned,ended,how,epoch,seconds,longest_epoch,checkpoint\n"
            + "1,1,node-7,2026-11-23T12:00:00.000Z,2026-11-23T12:00:03.000Z,\"lost: node-7 left, \"\"gone\"\"\",23,3.25,0.25,\n"
            + "1,2,node-2,2026-11-23T12:00:00.000Z,,,0,,,20\n",
            await Text(writer => AttemptsCsv.Write(writer, rows.ToAsyncEnumerable())));
    }

    [Fact]
    public async Task A_folder_is_written_whole_twice_with_the_same_bytes_and_no_leftovers()
    {
        var rows = Rows();
        var shown = await ResultFiles.Write(_folder, rows);
        string[] paths = [.. shown, Path.Combine(_folder, "SHA256SUMS")];
        var first = paths.Select(File.ReadAllBytes).ToArray();
        await ResultFiles.Write(_folder, rows);

        Assert.Equal(["trials.csv", "measures.csv", "attempts.csv", "manifest.json"], shown.Select(Path.GetFileName));
        Assert.Equal(["SHA256SUMS", "attempts.csv", "manifest.json", "measures.csv", "trials.csv"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(first, paths.Select(File.ReadAllBytes));
        Assert.All(first, bytes => Assert.DoesNotContain((byte)'\r', bytes));
        Assert.All(first, bytes => Assert.NotEqual(0xEF, bytes[0]));
    }

    [Fact]
    public async Task A_write_that_fails_leaves_the_old_file_as_it_was()
    {
        var path = Path.Combine(_folder, "trials.csv");
        await File.WriteAllTextAsync(path, "old");

        await Assert.ThrowsAsync<IOException>(() => AtomicFile.WriteText(path, async text =>
        {
            await text.WriteAsync("half");
            throw new IOException("disk full");
        }));

        Assert.Equal("old", await File.ReadAllTextAsync(path));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task The_manifest_says_what_it_takes_to_get_the_same_bits_and_nothing_of_when()
    {
        await ResultFiles.Write(_folder, Rows());
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "manifest.json")));
        var root = manifest.RootElement;

        Assert.Equal(
            ["sweep", "question", "spec", "spec_digest", "data_digests", "memcluster", "numerics", "seeds", "trials", "not_finite"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal(Small.Canonical, root.GetProperty("spec").GetString());
        Assert.Equal(DataCatalog.Glyphs.Digest, root.GetProperty("data_digests").GetProperty("glyphs").GetString());
        Assert.Equal([7UL, 8UL], root.GetProperty("seeds").EnumerateArray().Select(seed => seed.GetUInt64()));
        Assert.Equal(3, root.GetProperty("trials").GetProperty("finished").GetInt32());
        Assert.Equal(1, root.GetProperty("trials").GetProperty("pending").GetInt32());
    }

    [Fact]
    public async Task Json_has_the_same_names_as_the_csv_and_null_for_what_is_not_there()
    {
        using var bytes = new MemoryStream();
        await TrialsJson.Write(bytes, Small, Rows().Trials());
        using var json = JsonDocument.Parse(bytes.ToArray());
        var first = json.RootElement[0];

        Assert.Equal(TrialsCsv.Columns(Small), first.EnumerateObject().Select(property => property.Name));
        Assert.Equal(0.1 + 0.2, first.GetProperty("train_accuracy").GetDouble());
        Assert.Equal(JsonValueKind.Null, first.GetProperty("validation_loss_last").ValueKind);
        Assert.Equal("pending", json.RootElement[3].GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_row_of_json_says_why_a_number_is_null()
    {
        using var bytes = new MemoryStream();
        var row = Given.Row(Small, 1, TrialState.Finished, Measures) with { Absent = Absences.None.Add("convergence_epoch", Absence.NotDefined).Add("train_loss", Absence.Infinite) };
        await TrialsJson.Write(bytes, Small, new[] { row }.ToAsyncEnumerable());
        using var json = JsonDocument.Parse(bytes.ToArray());

        Assert.Equal(
            [("convergence_epoch", "not defined"), ("train_loss", "infinite")],
            json.RootElement[0].GetProperty("not_finite").EnumerateObject().Select(word => (word.Name, word.Value.GetString()!)));
    }

    private static ResultRows Rows() => new(
        Small, NumericsSettings.Version,
        () => Given.Rows(Small, trial => Given.Row(Small, trial, trial < 4 ? TrialState.Finished : TrialState.Running, Measures)).ToAsyncEnumerable(),
        () => new MeasureRow[] { new(1, 1, "train_loss", 2.3) }.ToAsyncEnumerable(),
        () => new AttemptRow[] { new(1, 1, "local/1", Given.Noon, null, "", 0, null) }.ToAsyncEnumerable(),
        () => Array.Empty<TrialArray>().ToAsyncEnumerable());

    private static async Task<string> Text(Func<TextWriter, Task> write)
    {
        var text = new StringBuilder();
        await using var writer = new StringWriter(text);
        await write(writer);
        return text.ToString();
    }
}
