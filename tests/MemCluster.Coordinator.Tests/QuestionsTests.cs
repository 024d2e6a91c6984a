using System.Text.Json;
using MemCluster.Coordinator.Http;
using MemCluster.Coordinator.Reading;
using MemCluster.Messages;
using MemCluster.Operations;

namespace MemCluster.Coordinator.Tests;

/// <summary>Each row of the table is answered in this process and through the HTTP door, and both say the same.</summary>
public sealed class QuestionsTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryHome _home = new();
    private Willing _near = null!;
    private Api _api = null!;
    private IFarOperator _far = null!;

    public static TheoryData<string> Paths => [.. Questions.All.Select(NameOf)];

    public async Task InitializeAsync()
    {
        using (var model = new ReadModelWriter(_home.Home.ReadFile))
        {
            foreach (var told in Story.Told)
            {
                model.Apply(told);
            }
        }

        _near = new(new(_home.Home.ReadFile));
        _api = await Api.Start(_near, _home.Home.Folder, new(), CancellationToken.None);
        _far = HttpOperator.At(_api.Address);
    }

    public async Task DisposeAsync() => await _api.DisposeAsync();

    public void Dispose()
    {
        _far.Dispose();
        _home.Dispose();
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_question_has_the_same_answer_near_and_far(string row)
    {
        var question = Questions.All.Single(one => NameOf(one) == row);
        Asked[] asked = [new("s", 1), new("s", 3, new(["state=failed"], "-seed", 2)), new("held"), new("none", 99), new("a b {name}?c#d%20ä", 1)];
        foreach (var one in asked)
        {
            Assert.Equal(await question.Through(new Answer(_near, one)), await question.Through(new Answer(_far, one)));
        }

        // Else two doors that know nothing would agree too.
        var empty = question == Questions.Scores || question == Questions.Arrays || question == Questions.Weights || question == Questions.Absent || question == Questions.Nodes || question == Questions.Progress;
        var said = await question.Through(new Answer(_far, asked[0]));
        Assert.Equal(empty, said is "" or "[]");
        Assert.NotEqual("null", said);
        Assert.Equal(question.Takes != Takes.Nothing, await question.Through(new Answer(_far, asked[3])) is "" or "null");
    }

    [Fact]
    public void The_door_has_these_routes_and_no_others() => Assert.Equal(
        Questions.All.Select(NameOf).Order(StringComparer.Ordinal),
        _api.Routes.Select(route => $"{route.Method} {route.Path}")
            .Where(route => route.Contains(Question.Root, StringComparison.Ordinal) && !route.EndsWith(Api.Home, StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private static string NameOf(Question question) => $"{question.Method} {Question.Root}{question.Path.Replace(":int", "", StringComparison.Ordinal)}";

    /// <summary>An answer as text: null, or its JSON; rows a line each.</summary>
    private sealed class Answer(IOperator to, Asked asked) : IQuestionDoor<Task<string>>
    {
        /// <summary>Of every deed.</summary>
        private const string Body = """{"spec":"sweep: s","acceptVersion":true,"undo":true,"priority":7,"onlyFailed":true}""";

        private static readonly CancellationToken Never = CancellationToken.None;

        public async Task<string> One<T>(Question.One<T> question) => Json(await question.Answer(to, asked, Never));

        public async Task<string> Rows<T>(Question.Rows<T> question) => await Lines(await question.Answer(to, asked, Never));

        public async Task<string> Happenings(Question.Happenings question)
        {
            // A sweep that isn't there is told from one in which nothing happens by whoever asks for its spec first.
            return await to.Spec(asked.Sweep) is null ? "" : await Lines(question.Answer(to, asked, Never));
        }

        public async Task<string> Deed<TBody, T>(Question.Deed<TBody, T> question) =>
            Json(await question.Answer(to, asked, (TBody)JsonSerializer.Deserialize(Body, question.Body, MessageJson.Options)!, Never));

        private static string Json<T>(T value) => JsonSerializer.Serialize(value, MessageJson.Options);

        private static async Task<string> Lines<T>(IAsyncEnumerable<T> rows)
        {
            var lines = new List<string>();
            await foreach (var row in rows)
            {
                lines.Add(Json(row));
            }

            return string.Join('\n', lines);
        }
    }

    /// <summary>Reads, and says what it was told to do.</summary>
    private sealed class Willing(ReadModelReader model) : ReadingOperator(model)
    {
        public override Task<SubmitReply> Submit(SubmitRequest request, CancellationToken cancel = default) =>
            Task.FromResult(new SubmitReply(new("s"), request.AcceptVersion, new(4, 4, 0, 0, 0, 0, 0), [], [request.Spec]));

        public override Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default) => Task.FromResult(
            sweep.Name == "none" ? null : sweep.Name == "held" ? new(null, 0, $"No {command} here.") : new ControlReply(Summary(command.ToString()), 3, ""));

        public override Task<TrainerStatus?> Drain(string trainer, bool drained, CancellationToken cancel = default) => Task.FromResult(
            trainer == "none" ? null : new TrainerStatus(trainer, drained ? "draining" : "connected", 1, 0, new("host", 1, 1, 1, 1, "cpu", "avx2", null, [])));

        public override async IAsyncEnumerable<IMessage> Events(
            SweepId sweep, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
        {
            await Task.CompletedTask;
            foreach (var happened in Story.InOrder)
            {
                yield return happened;
            }
        }

        private static SweepSummary Summary(string state) => new(new("s"), "", state, new(4, 4, 0, 0, 0, 0, 0), default);
    }
}
