using MemCluster.Cli;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using MemCluster.Reporting.Pictures;

namespace MemCluster.Pbm.Tests;

/// <summary><c>memcluster VERB … --at HOST:PORT</c>: the command line, and behind it HTTP.</summary>
internal sealed class HttpDoor : Door
{
    private string Address => new Uri(Bed.Node.ApiUrl).Authority;

    public override string Command(string verb, string sweep) => Pattern($"memcluster {verb} {sweep} --at {Address}");

    public override async Task<Answer> Ask(string verb, IReadOnlyList<(string Name, string Value)> said, Func<IReadOnlyList<string>, bool>? enough = null)
    {
        using var gone = new CancellationTokenSource();
        using var output = new Watched(lines =>
        {
            if (enough?.Invoke(lines) == true)
            {
                gone.Cancel();
            }
        });
        using var error = new StringWriter();
        string[] words = [verb, .. Words(OperatorCatalogue.Find(verb)!, said), .. verb == "export" ? ["--to", "-"] : (string[])[], "--at", Address];
        var code = await CommandTree.Invoke(words, Doors(), new Terminal(output, error), gone.Token).WaitAsync(TimeSpan.FromMinutes(2));

        // Of an interrupted one no error is told; watching what failed is none.
        Assert.Equal(code == 2, error.ToString().Length > 0);
        return new(output.Lines, error.ToString() is { Length: > 0 } sentences ? sentences.TrimEnd() : null);
    }

    private IEnumerable<string> Words(OperatorVerb verb, IReadOnlyList<(string Name, string Value)> said) =>
        // By its place comes what has one, in the verb's order.
        verb.Arguments.SelectMany(argument => said.Where(one => one.Name == argument.Name).SelectMany<(string Name, string Value), string>(one => argument.Kind switch
        {
            ArgumentKind.Word => [one.Value],
            ArgumentKind.Files => [Path.Combine(Bed.Specs, one.Value)],
            ArgumentKind.Flag => ["--" + one.Name],
            _ => ["--" + one.Name, one.Value],
        }));

    private static Doors Doors() => new()
    {
        StartNode = (_, _) => throw new NotSupportedException(),
        OpenHome = (_, _, _) => throw new NotSupportedException(),
        CatchUp = (_, _) => throw new NotSupportedException(),
        JournalledWeights = (_, _, _, _, _) => throw new NotSupportedException(),
        At = reach => HttpOperator.At(reach.Address!),
        CheckData = (_, _) => throw new NotSupportedException(),
        Data = new NoData(),
        Train = (_, _) => throw new NotSupportedException(),
        Coordinator = _ => throw new NotSupportedException(),
        Trainer = _ => throw new NotSupportedException(),
    };

    private sealed class NoData : IDataDoor
    {
        public IReadOnlyList<string> Places(string? given) => [];

        public string? Locate(DataSetCard card, DataFile file, string? given) => null;

        public bool HasPublishedLength(DataFile file, string path) => throw new NotSupportedException();

        public Task<string> Get(DataSetCard card, string? to, string? from, bool force, IProgress<Fetched> progress, CancellationToken cancel) => throw new NotSupportedException();

        public IReadOnlyList<Picture> Pictures(TrialSettings settings, IReadOnlyList<int> examples, string? given) => throw new NotSupportedException();
    }

    /// <summary>Lines as they are written.</summary>
    private sealed class Watched(Action<IReadOnlyList<string>> seen) : StringWriter
    {
        private readonly List<string> _lines = [];
        private readonly System.Text.StringBuilder _begun = new();

        public IReadOnlyList<string> Lines => _lines;

        public override void Write(ReadOnlySpan<char> buffer)
        {
            foreach (var piece in buffer.ToString().Split('\n').Index())
            {
                if (piece.Index > 0)
                {
                    _lines.Add(_begun.ToString());
                    _begun.Clear();
                    seen(_lines);
                }

                _begun.Append(piece.Item);
            }
        }
    }
}
