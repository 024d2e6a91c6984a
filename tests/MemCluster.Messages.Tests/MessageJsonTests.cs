using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using CsCheck;

namespace MemCluster.Messages.Tests;

public sealed class MessageJsonTests
{
    public static TheoryData<string> Kinds => Words.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_word_goes_through_JSON_and_comes_back_the_same(string kind)
    {
        var word = Words.Of(kind);

        Same.Holds(word, MessageJson.Read(MessageJson.Write(word), kind));
    }

    [Fact]
    public void Every_type_of_word_has_one_kind_and_every_kind_has_a_word_in_the_list()
    {
        var types = typeof(IMessage).Assembly.GetTypes().Where(type => type.IsAssignableTo(typeof(IMessage)) && type is { IsAbstract: false });

        Assert.Equal(types.OrderBy(type => type.FullName), MessageJson.Kinds.Values.OrderBy(type => type.FullName));
        Assert.Equal(MessageJson.Kinds.Values.OrderBy(type => type.FullName), Words.All.Select(word => word.GetType()).OrderBy(type => type.FullName));
    }

    /// <summary>
    /// Journals of years ago hold these very bytes. A sample is written once, when its kind is born, and never edited; with
    /// MEMCLUSTER_WRITE_SAMPLES set to this project's Samples folder, those that are missing are written.
    /// </summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_stored_word_can_be_read_and_is_written_the_same_again(string kind)
    {
        var name = kind.Replace(':', '.') + ".json";
        var file = Path.Combine(AppContext.BaseDirectory, "Samples", name);
        if (Environment.GetEnvironmentVariable("MEMCLUSTER_WRITE_SAMPLES") is { Length: > 0 } folder && !File.Exists(file))
        {
            File.WriteAllBytes(Path.Combine(folder, name), [.. MessageJson.Write(Words.Of(kind)), (byte)'\n']);
        }

        Assert.True(File.Exists(file), $"{kind} has no sample; write it: MEMCLUSTER_WRITE_SAMPLES=tests/MemCluster.Messages.Tests/Samples");
        var stored = File.ReadAllText(file).TrimEnd();

        var word = MessageJson.Read(Encoding.UTF8.GetBytes(stored), kind);

        Same.Holds(Words.Of(kind), word);
        Assert.Equal(stored, Encoding.UTF8.GetString(MessageJson.Write(word)));
    }

    [Fact]
    public void No_sample_is_left_of_a_kind_that_no_longer_is() => Assert.Equal(
        MessageJson.Kinds.Keys.Select(kind => kind.Replace(':', '.') + ".json").Order(StringComparer.Ordinal),
        Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Samples")).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Fact]
    public void An_assignment_carries_its_place_in_a_trace_and_without_one_is_written_as_before_there_were_any()
    {
        var plain = (CoordinatorWord.AssignTrials)Words.Of("assign-trials:1");
        var traced = plain with { Trials = [plain.Trials[0] with { Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" }] };

        var back = (CoordinatorWord.AssignTrials)MessageJson.Read(MessageJson.Write(traced), "assign-trials:1");

        Assert.Equal(traced.Trials[0].Trace, back.Trials[0].Trace);
        Assert.DoesNotContain("trace", Encoding.UTF8.GetString(MessageJson.Write(plain)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_keeps_all_its_bits() => Gen.Double.Where(double.IsFinite).Sample(number =>
    {
        var outcome = new TrialOutcome(TrialState.Finished, 1, ImmutableSortedDictionary<string, double>.Empty.Add("x", number), "");
        var end = new TrainerWord.ReportEnd("t", Guid.Empty, default, outcome, null, TimeSpan.Zero);
        var back = (TrainerWord.ReportEnd)MessageJson.Read(MessageJson.Write(end with { Key = new(new("s"), default, 1) }), "report-end:1");
        return BitConverter.DoubleToInt64Bits(back.Outcome!.Measures["x"]) == BitConverter.DoubleToInt64Bits(number);
    });

    [Fact]
    public void Settings_carry_the_measures_asked_for_and_nothing_where_there_are_none()
    {
        var settings = new TrialSettings { Measures = new() { Csr = new("every 10 at 0,1 radii=0.3,1"), El2n = new("last") } };
        var text = JsonSerializer.Serialize(settings, MessageJson.Options);

        Assert.Equal(settings, JsonSerializer.Deserialize<TrialSettings>(text, MessageJson.Options));
        Assert.Contains("""
            {"csr":{"text":"every 10 at 0,1 radii=0.3,1"},"el2n":{"text":"last"}}
            """, text, StringComparison.Ordinal);
        Assert.DoesNotContain("measures", JsonSerializer.Serialize(new TrialSettings(), MessageJson.Options), StringComparison.Ordinal);
    }

    /// <summary>Every setting there is, each other than its default, goes through JSON; those that came later leave no trace where they are the default.</summary>
    [Fact]
    public void Later_settings_are_written_where_they_say_something()
    {
        var settings = new TrialSettings
        {
            Data = new() { Labels = DataSettings.UniqueLabels, Pool = 2, Scaling = DataSettings.Standardized },
            Network = new() { Kind = NetworkSettings.Cnn, Filters = 64, Multiplier = 0.5, Padding = "valid", PoolStride = 3, BatchNorm = false, Regularized = "all" },
            Training = new()
            {
                Nesterov = true,
                Momentum = 0.9,
                Schedule = new(0, 0.2, RateSchedule.After, "60,120"),
                Loss = new(TrainingLoss.SmoothedLog, 0.1, MeanOverClasses: true),
                Sampling = TrainingSettings.WithReplacement,
                EpochSteps = 50,
                Optimizer = Optimizer.Adam with { Beta2 = 0.99 },
            },
            Regularizer = new() { Adversarial = 0.5, AdversarialRadius = 1, AdversarialAlpha = 0.5, AdversarialBeta = 0, AdversarialIterations = 5 },
        };
        var text = JsonSerializer.Serialize(settings, MessageJson.Options);

        Assert.Equal(settings, JsonSerializer.Deserialize<TrialSettings>(text, MessageJson.Options));
        var plain = JsonSerializer.Serialize(new TrialSettings(), MessageJson.Options);
        Assert.All((string[])["labels", "pool", "scaling", "optimizer", "filters", "batchNorm", "loss", "sampling", "adversarial"], name => Assert.DoesNotContain($"\"{name}", plain, StringComparison.Ordinal));
    }

    [Fact]
    public void A_measure_that_is_no_number_is_refused_rather_than_written_as_something_else()
    {
        var outcome = new TrialOutcome(TrialState.Finished, 1, ImmutableSortedDictionary<string, double>.Empty.Add("x", double.NaN), "");
        var end = new TrainerWord.ReportEnd("t", Guid.Empty, new(new("s"), default, 1), outcome, null, TimeSpan.Zero);

        Assert.Throws<ArgumentException>(() => MessageJson.Write(end));
    }

    [Fact]
    public void A_kind_of_a_newer_version_is_named_in_the_error()
    {
        var problem = Assert.Throws<NotSupportedException>(() => MessageJson.Read("{}"u8, "trial-assigned:2"));

        Assert.Contains("'trial-assigned:2'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_that_a_newer_version_added_is_passed_over()
    {
        var again = (CoordinatorWord.RegisterAgain)MessageJson.Read("""{"term":3,"mood":"fine"}"""u8, "register-again:1");

        Assert.Equal(3, again.Term);
    }

    [Fact]
    public void What_is_no_word_has_no_kind() => Assert.Throws<NotSupportedException>(() => MessageJson.KindOf("text"));

    [Fact]
    public void A_full_batch_and_a_full_hand_fit_into_a_frame()
    {
        const int frame = 256_000;
        const int rows = 700; // 48 KiB of seven numbers and a digest.
        var key = new TrialKey(new(new string('s', 64)), new(ulong.MaxValue, ulong.MaxValue), int.MaxValue);
        var batch = new TrialMeasured(
            key, int.MaxValue, 1, MeasureNames.Epoch, new byte[rows * 7 * sizeof(double)], [.. Enumerable.Repeat(new string('f', 16), rows)],
            DateTimeOffset.MaxValue, [.. Enumerable.Repeat(int.MaxValue, rows)]);
        var hand = new TrainerWord.Heartbeat(new string('t', 100), Guid.NewGuid(), 512, [.. Enumerable.Repeat(new HeldTrial(key, int.MaxValue), 512)]);

        Assert.InRange(MessageJson.Write(new TrainerWord.ReportMeasures("t", Guid.NewGuid(), batch)).Length, 1, frame / 2);
        var found = new TrialFound(key, int.MaxValue, 1, [new(int.MaxValue, new string('n', 40), FindingForms.Singles, int.MaxValue, 0, new byte[FindingPart.MostBytes])], DateTimeOffset.MaxValue);
        Assert.InRange(MessageJson.Write(new TrainerWord.ReportFindings("t", Guid.NewGuid(), found)).Length, 1, frame / 2);
        Assert.InRange(MessageJson.Write(hand).Length, 1, frame / 2);
    }

    [Fact]
    public void A_batch_that_tells_how_long_its_epochs_took_keeps_it()
    {
        var batch = Words.All.OfType<TrialMeasured>().Single() with { Milliseconds = [120] };

        Same.Holds(batch, MessageJson.Read(MessageJson.Write(batch), "trial-measured:1"));
    }

    [Fact]
    public void States_are_written_as_words_for_people() =>
        Assert.Equal("\"diverged\"", JsonSerializer.Serialize(TrialState.Diverged, MessageJson.Options));
}
