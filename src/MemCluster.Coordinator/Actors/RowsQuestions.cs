using Akka.Actor;
using MemCluster.Sweeps;

namespace MemCluster.Coordinator;

/// <summary>What the rules want to know of the rows: asked elsewhere, answered as a word.</summary>
internal static class RowsQuestions
{
    public static void Find(this CoordinatorSettings settings, RosterEffect.FindScores find, IActorRef asker) => settings.Scores(find.Grid, find.Trial.Trial - 1).PipeTo(
        asker,
        success: scored => new RosterWord.ScoresFound(find.Trainer, find.Trial, scored, ""),
        failure: problem => new RosterWord.ScoresFound(find.Trainer, find.Trial, null, problem.Message));

    public static void Find(this CoordinatorSettings settings, RosterEffect.Look look, IActorRef asker) => settings.Wanted(look.Grid, look.State.Counts().Done).PipeTo(
        asker,
        success: wanted => new RosterWord.Looked(look.Grid.Spec.Name, look.State, wanted, ""),
        failure: problem => new RosterWord.Looked(look.Grid.Spec.Name, look.State, null, problem.Message));
}
