using MemCluster.Tests;
using Microsoft.Extensions.Logging;

namespace MemCluster.Trainer.Tests;

/// <summary>What a trainer says of its trials.</summary>
public sealed class TrainerLinesTests : IDisposable
{
    private readonly CollectedLogs _logs = new();
    private readonly HandClock _clock = new();
    private readonly ScriptedTraining _training = new();

    public void Dispose() => _logs.Dispose();

    [Fact]
    public void Every_line_about_a_trial_names_sweep_trial_and_attempt()
    {
        var floor = new TrainingFloor(4, _training, _clock, _logs.Factory);
        floor.Take([Trials.Assignment(1), Trials.Assignment(2), Trials.Assignment(3)]);
        Until(() => _training.Running.Count == 3);
        _training.Epoch(1, 1);
        _training.Finish(1);
        _training.Throw(2, new InvalidOperationException("it threw"));
        floor.Drop(Trials.Key(3), ended: true);
        Until(() => floor.Threads == 0);

        TrialLines.AllNameTheirTrial(_logs.Lines);
        Assert.Equal(
            ["TrialBegins 1", "TrialBegins 2", "TrialBegins 3", "TrialEnded 1", "TrialEnded 3", "TrialFailed 2"],
            TrialLines.Of(_logs.Lines).Select(line => $"{line.Name} {line.Fields["trial"]}").Order(StringComparer.Ordinal));
        Assert.Equal(LogLevel.Error, _logs.Lines.Single(line => line.Name == "TrialFailed").Level);
    }

    [Fact]
    public void What_the_science_itself_says_while_it_trains_carries_the_trial_too()
    {
        var log = _logs.Factory.CreateLogger("Learning");
        _training.OnTrain = () => log.LogInformation("reading the data");
        new TrainingFloor(1, _training, _clock, _logs.Factory).Take([Trials.Assignment(7)]);
        Until(() => _logs.Lines.Any(line => line.Category == "Learning"));

        Assert.Equal(7, _logs.Lines.Single(line => line.Category == "Learning").Fields["trial"]);
        _training.Finish(7);
    }

    [Fact]
    public void Every_template_about_a_trial_names_them_too() => TrialLines.AllTemplatesOf(typeof(TrainerNode).Assembly);

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(20)), "It never came.");
}
