using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>
/// Every question that can be put to a coordinator over HTTP, a row each: <see cref="HttpOperator"/> puts any of them, the coordinator's API is made
/// of them, in this order.
/// </summary>
public static class Questions
{
    private static readonly List<Question> Table = [];

    public static readonly Question.Deed<SubmitRequest, SubmitReply> Submit = Row(new Question.Deed<SubmitRequest, SubmitReply>(
        "/sweeps", Takes.Nothing, "Hand in a sweep, or go on with it; refused ones have problems", (to, _, request, cancel) => to.Submit(request, cancel))
    {
        Lacks = request => request.Spec is null ? "The field 'spec' is missing: {\"spec\": \"…\", \"acceptVersion\": false}" : null,
    });

    public static readonly Question.One<IReadOnlyList<SweepSummary>> List = One("/sweeps", Takes.Nothing, "All sweeps", (to, _, cancel) => to.List(cancel));

    public static readonly Question.One<SweepStatus?> Status = One(
        "/sweeps/{name}", Takes.Name, "How far a sweep is, and what runs", (to, asked, cancel) => to.Status(asked.Sweep, cancel));

    public static readonly Question.One<string?> Spec = One(
        "/sweeps/{name}/spec", Takes.Name, "Canonical YAML of a sweep", (to, asked, cancel) => to.Spec(asked.Sweep, cancel));

    public static readonly Question.One<string?> NumericsVersion = One(
        "/sweeps/{name}/numerics", Takes.Name, "Numerics version that a sweep is computed under", (to, asked, cancel) => to.NumericsVersion(asked.Sweep, cancel));

    /// <summary><c>?where=noise%3Dlabel%200.4&amp;where=state%3Dfailed&amp;sort=seed&amp;limit=10</c>: only the rows that are asked for cross the wire.</summary>
    public static readonly Question.Rows<TrialRow> Trials = Row(new Question.Rows<TrialRow>(
        "/sweeps/{name}/trials", Takes.NameAndQuery, "Trials in grid order, or those that fulfil all conditions, sorted, at most so many", Selected));

    public static readonly Question.Rows<TrialRow> Scores = Rows(
        "/sweeps/{name}/scores", Takes.Name, "Trials that compute scores for others", (to, asked, cancel) => to.Scores(asked.Sweep, cancel));

    public static readonly Question.Rows<MeasureRow> Measures = Rows(
        "/sweeps/{name}/measures", Takes.Name, "Measures by trial and epoch", (to, asked, cancel) => to.Measures(asked.Sweep, cancel));

    public static readonly Question.Rows<TrialArray> Arrays = Rows(
        "/sweeps/{name}/arrays", Takes.NameAndPerhapsTrial, "Per-example arrays of all trials, or of one, numbered from 1",
        (to, asked, cancel) => to.Arrays(asked.Sweep, asked.Trial, cancel));

    public static readonly Question.Rows<AbsenceRow> Absent = Rows(
        "/sweeps/{name}/absent", Takes.Name, "Numbers that are not finite, by trial, epoch and measure", (to, asked, cancel) => to.Absent(asked.Sweep, cancel));

    public static readonly Question.Rows<AttemptRow> Attempts = Rows(
        "/sweeps/{name}/attempts", Takes.Name, "Attempts by trial", (to, asked, cancel) => to.Attempts(asked.Sweep, cancel));

    public static readonly Question.One<TrialStory?> Trial = One(
        "/sweeps/{name}/trials/{trial:int}", Takes.NameAndTrial, "The story of one trial, from 1",
        (to, asked, cancel) => to.Trial(asked.Sweep, asked.Trial ?? 0, cancel));

    public static readonly Question.Rows<EpochRow> Epochs = Rows(
        "/sweeps/{name}/trials/{trial:int}/epochs", Takes.NameAndTrial, "The epochs of one trial, from 1, to the last bit",
        (to, asked, cancel) => to.Epochs(asked.Sweep, asked.Trial ?? 0, cancel));

    public static readonly Question.Rows<TrialArray> Weights = Rows(
        "/sweeps/{name}/trials/{trial:int}/weights", Takes.NameAndTrial, "The weights that one trial, from 1, has kept, as safetensors",
        (to, asked, cancel) => to.Weights(asked.Sweep, asked.Trial ?? 0, cancel));

    public static readonly Question.One<IReadOnlyList<AxisProgress>?> Progress = One(
        "/sweeps/{name}/progress", Takes.Name, "How far each value of each axis is", (to, asked, cancel) => to.Progress(asked.Sweep, cancel));

    /// <summary>By <see cref="SweepCommand.Control.Verb"/>.</summary>
    public static readonly IReadOnlyDictionary<string, Question.Deed<SweepCommand.Control, ControlReply?>> Control = SweepCommand.Control.Verbs.ToDictionary(
        verb => verb.Key,
        verb => Row(new Question.Deed<SweepCommand.Control, ControlReply?>(
            $"/sweeps/{{name}}/{verb.Key}", Takes.Name, $"{char.ToUpperInvariant(verb.Key[0])}{verb.Key[1..]} a sweep",
            (to, asked, command, cancel) => to.Control(asked.Sweep, command, cancel))
        {
            Body = verb.Value,
            Missing = "There is no sweep '{0}' here.",
            Refusal = new(reply => reply?.Refused ?? "", why => new(null, 0, why)),
        }));

    public static readonly Question.Deed<DrainRequest, TrainerStatus?> Drain = Row(new Question.Deed<DrainRequest, TrainerStatus?>(
        "/nodes/{name}/drain", Takes.Name, "No new trials for a trainer, or again", (to, asked, request, cancel) => to.Drain(asked.Name, !request.Undo, cancel))
    {
        Missing = "No trainer named '{0}' is connected.",
    });

    public static readonly Question.Happenings Events = Row(new Question.Happenings(
        "/sweeps/{name}/events", "What happens from now on, as server-sent events", (to, asked, cancel) => to.Events(asked.Sweep, cancel)));

    public static readonly Question.One<IReadOnlyList<TrainerStatus>> Nodes = One("/nodes", Takes.Nothing, "Connected trainers", (to, _, cancel) => to.Nodes(cancel));

    public static readonly Question.One<IReadOnlyList<WorkTiming>> Timings = One(
        "/timings", Takes.Nothing, "What epochs cost here, by shape of work", (to, _, cancel) => to.Timings(cancel));

    public static IReadOnlyList<Question> All => Table;

    /// <summary>A field can't be made without this: so whatever can be asked is answered.</summary>
    private static T Row<T>(T question) where T : Question
    {
        Table.Add(question);
        return question;
    }

    private static Question.One<T> One<T>(string path, Takes takes, string summary, Func<IOperator, Asked, CancellationToken, Task<T>> answer) =>
        Row(new Question.One<T>(path, takes, summary, answer));

    private static Question.Rows<T> Rows<T>(string path, Takes takes, string summary, Func<IOperator, Asked, CancellationToken, IAsyncEnumerable<T>> answer) =>
        Row(new Question.Rows<T>(path, takes, summary, (to, asked, cancel) => Task.FromResult(answer(to, asked, cancel))));

    /// <summary>All rows, also of a sweep that isn't there: it has none, and no columns to ask for.</summary>
    private static async Task<IAsyncEnumerable<TrialRow>> Selected(IOperator to, Asked asked, CancellationToken cancel) =>
        asked.Query is null or { Where: [], Sort: null, Limit: null } || await to.Spec(asked.Sweep, cancel) is null
            ? to.Trials(asked.Sweep, cancel)
            : to.Trials(await SweepChoice.SpecOf(to, asked.Sweep, cancel), Affordable(asked.Query), cancel);

    private static TrialQuery Affordable(TrialQuery query) => query.Sort is null || query.SortsFar
        ? query
        : throw new UserError($"Say with sort how many rows you want, for example limit=100; at most {TrialQuery.MostSorted:#,0}.");
}
