using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting.Pictures;
using MemCluster.Sweeps;
using Spectre.Console.Testing;

namespace MemCluster.Cli.Tests;

/// <summary>One command through the real command tree, with a home of its own and nothing real behind the doors.</summary>
internal sealed class Session : IDisposable
{
    public const string Yaml = """
        sweep: small
        question: Why?
        data: { name: glyphs, train: 100, validation: 100 }
        axes: { noise: [none, label 0.2], capacity: [32, 128] }
        seeds: 2
        """;

    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public Session(FakeNode? node = null)
    {
        Node = node ?? new FakeNode();
        Doors = new Doors
        {
            StartNode = (options, _) =>
            {
                Started = options;
                return Task.FromResult<ILocalNode>(Node);
            },
            OpenHome = (_, _, _) => Task.FromResult<IOperator>(Node),
            CatchUp = (_, _) => Task.CompletedTask,
            JournalledWeights = (_, _, _, _, _) => Task.FromResult<IReadOnlyDictionary<int, string>>(new Dictionary<int, string>()),
            At = reach => reach.Address == "node1:8080" ? Node : throw new UserError($"No coordinator answers at {reach.Address}."),
            CheckData = (_, _) => null,
            Data = new NoData(),
            Train = (asked, stop) => Trains(asked, stop),
            Coordinator = Passed,
            Trainer = Passed,
        };
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("memcluster-cli-").FullName;

    public string Home => Path.Combine(Folder, "home");

    public FakeNode Node { get; }

    public Doors Doors { get; init; }

    public LocalNodeOptions? Started { get; private set; }

    /// <summary>What training a single trial comes to.</summary>
    public Func<Retraining, CancellationToken, Task<TrialOutcome>> Trains { get; init; } = (_, _) => throw new UserError("Nothing is trained here.");

    public NodeValues? PassedOn { get; private set; }

    public string Out => _out.ToString();

    public string Error => _error.ToString();

    /// <summary>Standard output; null: all of it is kept in <see cref="Out"/>.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>A terminal that can be redrawn; null: a pipe.</summary>
    public TestConsole? Live { get; init; }

    /// <summary>What the person at the keyboard types; null: nobody is there.</summary>
    public TextReader? Answers { get; init; }

    public static SweepSpec Spec(string yaml = Yaml) => SpecFile.FromCanonical(yaml);

    /// <summary>Writes a sweep file and returns its path.</summary>
    public string File(string yaml = Yaml, string name = "small.yaml")
    {
        var path = Path.Combine(Folder, name);
        System.IO.File.WriteAllText(path, yaml);
        return path;
    }

    public Session WithHome()
    {
        Directory.CreateDirectory(Home);
        return this;
    }

    /// <summary>Runs <c>memcluster …</c>; the home is the session's own unless the verb takes none.</summary>
    public Task<int> Run(params string[] args) => Run(CancellationToken.None, args);

    public Task<int> Run(CancellationToken interrupt, params string[] args) =>
        CommandTree.Invoke(args, Doors, new Terminal(Output ?? _out, _error, Live, colour: Live is not null, Answers), interrupt);

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        Live?.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private Task<int> Passed(NodeValues said)
    {
        PassedOn = said;
        return Task.FromResult(0);
    }

    private sealed class NoData : IDataDoor
    {
        public IReadOnlyList<string> Places(string? given) => [given ?? "cache"];

        public string? Locate(DataSetCard card, DataFile file, string? given) => card.Name == "mnist" && file == card.Files[0] ? "cache/mnist/x" : null;

        public bool HasPublishedLength(DataFile file, string path) => true;

        public Task<string> Get(DataSetCard card, string? to, string? from, bool force, IProgress<Fetched> progress, CancellationToken cancel)
        {
            progress.Report(new("train-images-idx3-ubyte.gz", 4_000_000, 9_912_422));
            progress.Report(new("train-images-idx3-ubyte.gz", 9_912_422, 9_912_422));
            return Task.FromResult("cache/" + card.Name);
        }

        /// <summary>Of the built-in set, which needs nothing from outside.</summary>
        public IReadOnlyList<Picture> Pictures(TrialSettings settings, IReadOnlyList<int> examples, string? given) => settings.Data.Name == DataCatalog.Glyphs.Name
            ? new DataDoor().Pictures(settings, examples, given)
            : throw new UserError($"No {settings.Data.Name} in {given}.");
    }
}
