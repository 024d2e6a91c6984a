using System.Collections.Immutable;
using System.Text.Json;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting.Files;
using MemCluster.Reporting.Report;
using MemCluster.Sweeps;
using MemCluster.Sweeps.Claims;

namespace MemCluster.Coordinator.Tests;

/// <summary>A measure made to return NaN on purpose, and one that is not defined: from the journal to every place where people look.</summary>
public sealed class NumbersThatAreNotTests : IDisposable
{
    private static readonly SweepSpec Spec = SpecFile.FromCanonical("""
        sweep: s
        data: { name: glyphs, train: 3, validation: 3 }
        training: { epochs: 2 }
        measures: { norms: every 1, learning: last, el2n: last }
        seeds: 3
        claims:
          steep: { measure: gradient_norm, holds: "> 0" }
          found: { measure: el2n_corrupted_auroc, holds: "> 0.5" }
        """);

    private static readonly Grid Grid = new(Spec);

    private readonly TemporaryHome _home = new();

    private ReadingOperator Operator => new(new ReadModelReader(_home.Home.ReadFile));

    public NumbersThatAreNotTests()
    {
        using var model = new ReadModelWriter(_home.Home.ReadFile);
        foreach (var written in Story())
        {
            // As the journal keeps it.
            var kind = MessageJson.KindOf(written.Event);
            model.Apply(written with { Event = (IMessage)MessageJson.Read(MessageJson.Write(written.Event), kind) });
        }
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_files_leave_it_empty_and_the_manifest_counts_it()
    {
        var folder = Path.Combine(_home.Home.Folder, "out");
        await ResultsFolder.Write(folder, Operator, Spec.Name, CancellationToken.None);
        var trials = (await File.ReadAllLinesAsync(Path.Combine(folder, ResultFiles.Trials))).Select(line => line.Split(',')).ToArray();
        var column = Array.IndexOf(trials[0], "gradient_norm");
        using var manifest = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, ResultFiles.ManifestName)));
        var counts = manifest.RootElement.GetProperty("not_finite");

        Assert.Equal(["0.25", "", "0.25"], trials[1..].Select(row => row[column]));
        Assert.Equal(["1,2,gradient_norm,0.25", "2,2,gradient_norm,", "3,2,gradient_norm,0.25"],
            (await File.ReadAllLinesAsync(Path.Combine(folder, ResultFiles.Measures))).Where(line => line.Contains(",2,gradient_norm", StringComparison.Ordinal)));
        Assert.Equal("""{"not_defined":0,"nan":1,"infinite":0}""", Flat(counts.GetProperty("trials").GetProperty("measures").GetProperty("gradient_norm")));
        Assert.Equal("""{"not_defined":3,"nan":0,"infinite":0}""", Flat(counts.GetProperty("trials").GetProperty("measures").GetProperty("el2n_corrupted_auroc")));
        Assert.Equal(4, counts.GetProperty("trials").GetProperty("total").GetInt32());
        Assert.Equal("""{"not_defined":0,"nan":1,"infinite":0}""", Flat(counts.GetProperty("measures").GetProperty("measures").GetProperty("gradient_norm")));
        Assert.Equal(4, counts.GetProperty("measures").GetProperty("total").GetInt32());
        Assert.Equal("""{"total":5,"measures":{"el2n":{"not_defined":0,"nan":3,"infinite":2}}}""", Flat(counts.GetProperty("arrays")));

        static string Flat(JsonElement json) => JsonSerializer.Serialize(json);
    }

    [Fact]
    public async Task Trial_names_it_with_its_word_near_and_far()
    {
        await using var api = await Api.Start(Operator, _home.Home.Folder, new(), CancellationToken.None);
        using var far = HttpOperator.At(api.Address);
        foreach (var answerer in (IOperator[])[Operator, far])
        {
            var lines = await Lines(answerer, "trial", (VerbArguments.Trial, "2"));

            Assert.Contains("gradient_norm came out NaN after epoch 2", lines);
            Assert.Contains("el2n came out NaN after epoch 2, 2 entries in all", lines);
            Assert.Contains("el2n came out infinite after epoch 2, 1 entry in all", lines);
            Assert.Contains("Not defined: el2n_corrupted_auroc", lines);
            Assert.DoesNotContain(await Lines(answerer, "trial", (VerbArguments.Trial, "1")), line => line.Contains("came out", StringComparison.Ordinal));

            using var json = JsonDocument.Parse(Assert.Single(await Lines(answerer, "trial", (VerbArguments.Trial, "2"), (VerbArguments.Json, "true"))));
            Assert.Equal("nan", json.RootElement.GetProperty("row").GetProperty("absent").GetProperty("gradient_norm").GetString());
            Assert.Equal(4, json.RootElement.GetProperty("absent").GetArrayLength());
        }
    }

    [Fact]
    public async Task Trials_are_found_by_the_word_and_sorted_behind_those_with_a_number()
    {
        Assert.Equal(["2"], await Found((VerbArguments.Where, "gradient_norm=came out NaN")));
        Assert.Equal(["1", "2", "3"], await Found((VerbArguments.Where, "el2n_corrupted_auroc=not defined")));
        Assert.Equal(["1", "3", "2"], await Found((VerbArguments.Sort, "gradient_norm")));
        Assert.Equal(["1", "3", "2"], await Found((VerbArguments.Sort, "-gradient_norm")));

        async Task<IEnumerable<string>> Found((string, string) said) => (await Lines(Operator, "trials", said)).Skip(1).Select(line => line.Trim().Split(' ')[0]);
    }

    [Fact]
    public async Task Report_and_verdict_say_how_many_and_why()
    {
        await using var api = await Api.Start(Operator, _home.Home.Folder, new(), CancellationToken.None);
        using var far = HttpOperator.At(api.Address);
        foreach (var answerer in (IOperator[])[Operator, far])
        {
            var report = await SweepReportBuilder.From(await ExportRows.Of(answerer, Spec.Name));
            var table = Assert.Single(report.Troubles, table => table.Title == "Measures that gave no number");

            Assert.Equal(
                ["el2n|came out NaN|2|3|2, 3", "el2n|infinite|2|2|2, 3", "gradient_norm|came out NaN|1|1|2", "el2n_corrupted_auroc|not defined|3|3|1, 2, 3"],
                table.Rows.Select(row => string.Join('|', row)));
            Assert.Equal((Verdict.Holds, "1 of 3 seeds without a value (came out NaN in 1)"), (report.Verdicts[0].Verdict, report.Verdicts[0].Ours[0].Why));
            Assert.Equal((Verdict.Undecided, "no trial gave a value (not defined in 3)"), (report.Verdicts[1].Verdict, report.Verdicts[1].Ours[0].Why));
            Assert.Contains("(came out NaN in 1)", VerdictsMarkdown.Of(report), StringComparison.Ordinal);
            Assert.Contains("came out NaN", ReportHtml.Of(report), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Examples_without_a_score_come_last_and_say_why()
    {
        Assert.Equal(["0.5", "infinite", "came out NaN"], await Last("-el2n"));
        Assert.Equal(["infinite", "0.5", "came out NaN"], await Last("el2n"));
        Assert.Equal(["1", "2", "never"], await Last("-first_learned"));

        async Task<IEnumerable<string>> Last(string score) => (await Lines(Operator, "examples", (VerbArguments.OneTrial, "3"), (VerbArguments.Top, score)))
            .Skip(2).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(3)));
    }

    [Fact]
    public void Another_attempt_tells_its_own_numbers_and_the_words_of_the_one_that_was_lost_are_gone()
    {
        var reader = new ReadModelReader(_home.Home.ReadFile);
        var sweep = reader.Sweeps().Single();
        Assert.Contains(reader.Measured.Absent(sweep, null), row => row.Trial == 2);

        Assert.DoesNotContain(reader.Measured.Absent(sweep, 1), row => row.Word == Absence.Nan);
        Assert.Equal([2, 2, 2, 2], reader.Measured.Absent(sweep, 2).Select(row => row.Trial));
    }

    private static async Task<List<string>> Lines(IOperator answerer, string verb, params (string Name, string Value)[] said)
    {
        var arguments = new VerbArguments(said.Append((VerbArguments.Sweep, "s")).ToDictionary(one => one.Item1, one => (IReadOnlyList<string>)[one.Item2]));
        var lines = new List<string>();
        await foreach (var line in OperatorCatalogue.Find(verb)!.Answer(answerer, arguments, CancellationToken.None))
        {
            lines.Add(line.Text);
        }

        return lines;
    }

    /// <summary>Trial 1 was lost with a NaN in it and then trained to a number; in trial 2 the gradient's norm came out NaN, and three scores; trial 3 has two scores that are none.</summary>
    private static IEnumerable<Written> Story()
    {
        var (control, metrics) = (0, 0);
        yield return Told(new SweepEvent.SweepSubmitted(Spec.Name, Spec.Canonical, Spec.Digest, 1, "v", 3, default));
        yield return Told(new SweepEvent.TrialAssigned(Key(1, 1), 1, "lab-1", default));
        yield return Told(Found(1, 1, double.NaN, [1, double.NaN, 1]));
        yield return Told(new SweepEvent.TrialLost(Key(1, 1), 1, "lab-1 left", 1, default));
        foreach (var (trial, attempt, norm, scores) in new[]
        {
            (1, 2, 0.25, new[] { 1, 0.5, 1 }), (2, 1, double.NaN, [double.NaN, double.PositiveInfinity, double.NaN]), (3, 1, 0.25, [double.NaN, 0.5, double.PositiveInfinity]),
        })
        {
            yield return Told(new SweepEvent.TrialAssigned(Key(trial, attempt), trial, "lab-2", default));
            yield return Told(Found(trial, attempt, norm, scores));
            var absent = Absences.None.Add("el2n_corrupted_auroc", Absence.NotDefined);
            yield return Told(new SweepEvent.TrialFinished(
                Key(trial, attempt), trial, new(TrialState.Finished, 2, double.IsNaN(norm) ? Numbers(0.5) : Numbers(0.5).Add("gradient_norm", norm), "")
                {
                    Absent = double.IsNaN(norm) ? absent.Add("gradient_norm", Absence.Nan) : absent,
                }, TimeSpan.Zero, default));
        }

        Written Told(IMessage happened) => happened is SweepEvent ? new("sweep-s", ++control, happened) : new("metrics-s-0", ++metrics, happened);
    }

    private static ImmutableSortedDictionary<string, double> Numbers(double norm) => ImmutableSortedDictionary<string, double>.Empty.Add("parameter_norm", norm);

    private static TrialFound Found(int trial, int attempt, double norm, double[] scores) => new(
        Key(trial, attempt), trial, 1,
        [
            .. new[]
            {
                Finding.OfSingles(0, ExampleNames.Given, [0, 1, 2]), Finding.OfSingles(0, ExampleNames.True, [0, 1, 2]), Finding.OfBits(0, ExampleNames.Corrupted, [false, false, false]),
                Finding.OfNumber(1, "gradient_norm", 0.5), Finding.OfNumber(2, "gradient_norm", norm), Finding.OfSingles(2, "el2n", scores),
                Finding.OfSingles(2, "first_learned", [1, double.PositiveInfinity, 2]), Finding.OfNumber(2, "el2n_corrupted_auroc", Absences.NotDefined),
            }.SelectMany(FindingPart.Of),
        ], default);

    private static TrialKey Key(int trial, int attempt) => new(Spec.Name, Grid.CellAt(trial - 1), attempt);
}
