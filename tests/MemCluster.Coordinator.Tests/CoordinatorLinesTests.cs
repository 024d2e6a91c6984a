using MemCluster.Messages;
using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>What the coordinator says in its log of a sweep in which much goes wrong.</summary>
public sealed class CoordinatorLinesTests : CoordinatorTests
{
    [Fact]
    public void Every_line_about_a_trial_names_sweep_trial_and_attempt()
    {
        LetMuchGoWrong();

        TrialLines.AllNameTheirTrial(Logs.Lines);
        Assert.Equal(
            ["NotWritten", "TrialAssigned", "TrialEnded", "TrialFailed", "TrialReleased"],
            TrialLines.Of(Logs.Lines).Select(line => line.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_template_about_a_trial_names_them_too() => TrialLines.AllTemplatesOf(typeof(CoordinatorActor).Assembly);

    [Fact]
    public void Losses_are_warnings_with_their_reason_and_what_is_handed_back_is_none()
    {
        LetMuchGoWrong();

        var released = Logs.Lines.Where(line => line.Name == "TrialReleased")
            .Select(line => (line.Level, Trial: (int)line.Fields["trial"]!, Why: (string)line.Fields["why"]!)).ToArray();
        Assert.Contains((LogLevel.Warning, 3, "lab-1 was silent for 15 s"), released);
        Assert.Contains((LogLevel.Warning, 4, "lab-2 has no such data"), released);
        Assert.Contains((LogLevel.Information, 3, "told to stop"), released);
    }

    [Fact]
    public void At_the_level_of_information_each_thing_an_operator_cares_about_is_one_line()
    {
        LetMuchGoWrong();
        var names = Logs.Lines.Where(line => line.Level >= LogLevel.Information && !line.Name.StartsWith("Trial", StringComparison.Ordinal))
            .Select(line => line.Name).ToArray();

        Assert.All((string[])["TermBegan", "Submitted", "TrainerLeaves", "IsOver"], name => Assert.Single(names, name));
        Assert.DoesNotContain(Logs.Lines, line => line.Level == LogLevel.Information && line.Name is "TrialAssigned" or "TrialEnded" && line.Level > LogLevel.Debug);
    }

    /// <summary>Finished, failed, silent, unable, handed back, and a journal that fails.</summary>
    private void LetMuchGoWrong()
    {
        Submit(Sleeps(4));
        var one = Trainer("lab-1").Register();
        one.Want(3);
        var first = one.Take();
        Behave(TestJournal.Mode.Fail, "metrics-");
        one.Measure(first[0].Key, 1, 1, 1);
        Eventually(() => Assert.Contains(Logs.Lines, line => line.Name == "NotWritten"));
        Behave(TestJournal.Mode.Write);
        one.Finish(first[0].Key);
        one.Hear<CoordinatorWord.EndWritten>();
        one.Fail(first[1].Key);
        one.Hear<CoordinatorWord.EndWritten>();
        Pass(16);
        Eventually(() => Assert.Contains(Logs.Lines, line => line.Name == "TrialReleased"));

        var two = Trainer("lab-2").Register();
        two.Want(2);
        var again = two.Take();
        two.Unable(again[1].Key, "lab-2 has no such data");
        two.Hear<CoordinatorWord.TrialRevoked>();
        two.Leave(new HeldTrial(again[0].Key, 0));
        two.Hear<CoordinatorWord.LeaveNoted>();

        var three = Trainer("lab-3").Register();
        three.Want(2);
        foreach (var trial in three.Take())
        {
            three.Finish(trial.Key);
            three.Hear<CoordinatorWord.EndWritten>();
        }

        Eventually(() => Assert.Contains(Logs.Lines, line => line.Name == "IsOver"));
    }
}
