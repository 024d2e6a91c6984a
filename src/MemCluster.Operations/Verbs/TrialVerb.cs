using MemCluster.Messages;

namespace MemCluster.Operations.Verbs;

internal static class TrialVerb
{
    public static readonly VerbAnswer Answer = Answers.Of(Ask, asked => TrialStoryText.Lines(asked.Sweep, asked.Story), asked => asked.Story);

    private static async Task<(SweepId Sweep, TrialStory Story)> Ask(IOperator answerer, VerbArguments said, CancellationToken cancel)
    {
        var (sweep, number) = await TrialChoice.Of(answerer, said[VerbArguments.Sweep], said[VerbArguments.Trial], one => one.Counts.LastTrial, cancel);
        return (sweep.Sweep, await answerer.Trial(sweep.Sweep, number, cancel) ?? throw TrialChoice.IsGone(sweep.Sweep, number));
    }
}
