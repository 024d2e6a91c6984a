using System.CommandLine;
using System.CommandLine.Help;
using MemCluster.Coordinator;
using MemCluster.Hosting;
using MemCluster.Trainer;

namespace MemCluster.Cli.Tests;

/// <summary>
/// A node can be started as a verb of memcluster and as an executable of its own. An option that only one of the two knows can't be reached by
/// half of its users; both are made of one table, and here it is looked at that they are.
/// </summary>
public sealed class NodeDoorsTests
{
    [Theory]
    [InlineData(NodeVerb.Coordinator, "coordinator")]
    [InlineData(NodeVerb.Trainer, "trainer")]
    public void Both_doors_of_a_node_offer_the_same_and_say_the_same_of_it(NodeVerb verb, string name)
    {
        using var session = new Session();
        var root = CommandTree.Build(session.Doors, new Terminal(TextWriter.Null, TextWriter.Null));
        var ofMemcluster = Offered(root.Subcommands.Single(command => command.Name == name), root);
        var alone = NodeCommand.Alone(verb, _ => Task.FromResult(0));

        Assert.Equal(ofMemcluster, Offered(alone, alone));
        Assert.Equal(NodeArguments.Table.Where(row => row.Verbs.HasFlag(verb)).Select(row => row.Name).Order(StringComparer.Ordinal), ofMemcluster.Select(option => option.Name));
    }

    [Theory]
    [InlineData(NodeVerb.Run, "run")]
    [InlineData(NodeVerb.Run, "resume")]
    [InlineData(NodeVerb.Coordinator, "coordinator")]
    [InlineData(NodeVerb.Trainer, "trainer")]
    public void Every_row_is_an_option_of_its_verbs(NodeVerb verb, string name)
    {
        using var session = new Session();
        var root = CommandTree.Build(session.Doors, new Terminal(TextWriter.Null, TextWriter.Null));
        var offered = Offered(root.Subcommands.Single(command => command.Name == name), root).Select(option => option.Name).ToArray();

        Assert.Empty(NodeArguments.Table.Where(row => row.Verbs.HasFlag(verb)).Select(row => row.Name).Except(offered));
        Assert.Equal(offered.Distinct(), offered);
    }

    [Fact]
    public async Task The_nodes_get_what_was_said_with_all_its_types()
    {
        using var session = new Session();
        Assert.Equal(0, await session.Run("--verbose", "trainer", "--join", "node1:4053,node2:4053", "--join", "node3:4053", "--slots", "4", "--numerics", "native"));
        var said = session.PassedOn!;
        Assert.Equal(["node1:4053", "node2:4053", "node3:4053"], said.Of(NodeArguments.Join));
        Assert.Equal((4, "native", true), (said.Of(NodeArguments.TrainerSlots), said.Of(NodeArguments.Numerics), said.Of(NodeArguments.Verbose)));
        Assert.Equal((new HostPort("127.0.0.1", 0), 60), (said.Of(NodeArguments.Listen), said.Of(NodeArguments.DrainWithin)));

        Assert.Equal(0, await session.Run("coordinator", "--home=/data/sweeps", "--health", "127.0.0.1:8000"));
        said = session.PassedOn!;
        Assert.Equal(("/data/sweeps", new HostPort("127.0.0.1", 8000)), (said.Of(NodeArguments.Home), said.Of(NodeArguments.Health)));
        Assert.Equal((new HostPort("127.0.0.1", 4053), new HostPort("127.0.0.1", 4080)), (said.Of(NodeArguments.CoordinatorListen), said.Of(NodeArguments.Http)));
        Assert.Empty(said.Of(NodeArguments.Peers));
    }

    [Theory]
    [InlineData("--join: 'node1' is no address", "trainer", "--join", "node1")]
    [InlineData("--join: it names no address; write HOST:PORT.", "trainer", "--join", ",")]
    [InlineData("--slots is a number from 1 to 1,024, not '0'.", "trainer", "--join", "node1:4053", "--slots", "0")]
    [InlineData("--name is 1 to 200 letters, digits, dots, hyphens and underscores, such as node7, not 'rack/7'.", "trainer", "--join", "node1:4053", "--name", "rack/7")]
    [InlineData("--checkpoint-every is a whole number of seconds from 1 to 86,400, not '1.5'.", "trainer", "--join", "node1:4053", "--checkpoint-every", "1.5")]
    [InlineData("--numerics sse is not one of avx2, avx512, native; a graphics card is chosen with --device cuda:0.", "trainer", "--join", "node1:4053", "--numerics", "sse")]
    [InlineData("--http is an address like node1:4053 or 127.0.0.1:0, not '4080'.", "coordinator", "--http", "4080")]
    [InlineData("--log-format xml is not one of text, json.", "coordinator", "--log-format", "xml")]
    public async Task A_wrong_value_is_told_before_anything_is_begun(string sentence, params string[] args)
    {
        using var session = new Session();
        Assert.Equal(2, await session.Run(args));
        Assert.Contains(sentence, session.Error, StringComparison.Ordinal);
        Assert.Contains($"See: memcluster {args[0]} --help", session.Error, StringComparison.Ordinal);
        Assert.Null(session.PassedOn);
    }

    [Fact]
    public async Task The_executables_refuse_with_2_too()
    {
        Assert.Equal(2, await CoordinatorProgram.Run(["--http", "4080"]));
        Assert.Equal(2, await CoordinatorProgram.Run(["--home", ""]));
        Assert.Equal(2, await TrainerProgram.Run([]));
    }

    [Fact]
    public void A_stopped_run_goes_on_with_what_was_said_of_where_and_how_and_nothing_else() => Assert.Equal(
        " --slots 3 --data /data --label gpu --label big --journal \"Host=db;Database=sweeps\"",
        NodeValues.Read(
            NodeVerb.Run, "--log", "here", "--label", "gpu", "--label", "big", "--journal", "Host=db;Database=sweeps", "--home", "h", "--data", "/data", "--slots", "3").Again);

    private static IReadOnlyList<(string Name, string? Hint, string? Help, bool Required)> Offered(Command command, RootCommand root) =>
    [
        .. command.Options.Concat(root.Options.Where(option => option.Recursive)).Distinct().Where(option => option is not (HelpOption or VersionOption))
            .Select(option => (option.Name, option.HelpName, option.Description, option.Required)).OrderBy(option => option.Name, StringComparer.Ordinal),
    ];
}
