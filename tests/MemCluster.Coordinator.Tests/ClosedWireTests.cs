using System.Reflection;
using System.Text;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;
using MemCluster.Hosting;
using MemCluster.Messages;
using MemCluster.Tests;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Tests;

/// <summary>Nobody makes a coordinator build a type of his choice: not over the wire, member or not, and not by a row in the journal.</summary>
public sealed class ClosedWireTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryHome _home = new();
    private readonly CollectedLogs _logs = new(LogLevel.Information);
    private CoordinatorNode? _node;

    private ActorSystem System => _node!.System;

    private static string Hostile => $$"""{"$type":"{{typeof(Trap).AssemblyQualifiedName}}","Set":true}""";

    public async Task InitializeAsync()
    {
        Trap.Sprung = 0;
        _node = await Start();
    }

    public async Task DisposeAsync()
    {
        if (_node is not null)
        {
            await _node.DisposeAsync();
        }

        _home.Dispose();
    }

    public void Dispose() => _logs.Dispose();

    [Fact]
    public void Every_serializer_but_our_own_is_closed()
    {
        var registered = Registered();

        Assert.Contains(registered, serializer => serializer.Identifier == 1);
        Assert.Contains(registered, serializer => serializer.Identifier == 22);
        Assert.All(registered, serializer => Assert.True(serializer is JsonMessageSerializer or JournalSerializer or ClosedSerializer or NullSerializer, $"{serializer.Identifier} is open: {serializer.GetType()}"));
    }

    [Fact]
    public void No_serializer_builds_a_type_that_the_sender_names()
    {
        string?[] manifests = [typeof(Trap).AssemblyQualifiedName, typeof(FileSystemWatcher).AssemblyQualifiedName, "", null, "F", "STF", "PP", "K", "RS", "CF", "CRP",
            "Akka.Dispatch.SysMsg.Create, Akka", "Akka.Dispatch.SysMsg.Terminate, Akka", "Akka.Cluster.ClusterUserAction+Down, Akka.Cluster"];
        foreach (var id in Registered().Where(serializer => serializer is not (NullSerializer or JournalSerializer)).Select(serializer => serializer.Identifier))
        {
            foreach (var manifest in manifests.Where(manifest => !(id == 6 && string.IsNullOrEmpty(manifest))))
            {
                Assert.ThrowsAny<Exception>(() => System.Serialization.Deserialize(Encoding.UTF8.GetBytes(Hostile), id, manifest));
            }
        }

        // Bytes of the journal stay bytes until their stream is proved.
        Assert.Equal(Encoding.UTF8.GetBytes(Hostile), Assert.IsType<JournalEntry>(System.Serialization.Deserialize(Encoding.UTF8.GetBytes(Hostile), JournalSerializer.Id, "x")).Json.ToArray());
        Assert.Equal(0, Trap.Sprung);
    }

    [Fact]
    public async Task An_entry_of_a_journal_that_comes_over_the_wire_is_refused_and_named()
    {
        using var foreign = Bare("""
            akka.actor.serializers.journal = "MemCluster.Hosting.JournalSerializer, MemCluster.Hosting"
            akka.actor.serialization-bindings { "MemCluster.Messages.JournalEntry, MemCluster.Messages" = journal }
            """);
        System.ActorOf(Props.Create(() => new Echo()), "victim");
        var there = ((ExtendedActorSystem)foreign).Provider.ResolveActorRef($"akka.tcp://memcluster@{Node.AddressOf(System)}/user/victim");

        there.Tell(new JournalEntry("term-began:1", Encoding.UTF8.GetBytes("{}"), Chain.Begin));

        await Until(() => _logs.Lines.Any(line => line.Message.Contains($"serializer {JournalSerializer.Id}", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_Akka_wraps_is_refused_inside_too()
    {
        using var open = Bare();
        foreach (var wrapped in (object[])[
            new ActorSelectionMessage(new Trap { Set = true }, [new SelectChildName("user")]), new Identify(new Trap { Set = true }), new ActorIdentity(new Trap { Set = true }, null),
            new Status.Failure(new InvalidOperationException("x")), PoisonPill.Instance, Kill.Instance])
        {
            var serializer = open.Serialization.FindSerializerFor(wrapped);
            var (bytes, manifest) = (serializer.ToBinary(wrapped), Akka.Serialization.Serialization.ManifestFor(serializer, wrapped));
            Trap.Sprung = 0;

            Assert.ThrowsAny<Exception>(() => System.Serialization.Deserialize(bytes, serializer.Identifier, manifest));
            Assert.Equal(0, Trap.Sprung);
        }
    }

    [Fact]
    public void A_word_for_a_path_and_who_is_there_are_read()
    {
        foreach (var word in (object[])[new ActorSelectionMessage(new Identify(null), [new SelectChildName("user")]), new ActorSelectionMessage(new Identify("x"), [new SelectChildName("user")])])
        {
            var serializer = System.Serialization.FindSerializerFor(word);
            var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, word);
            Assert.IsType<ActorSelectionMessage>(System.Serialization.Deserialize(serializer.ToBinary(word), serializer.Identifier, manifest));
        }
    }

    [Fact]
    public async Task Who_is_no_member_builds_and_stops_nothing_and_is_named_once()
    {
        using var foreign = Bare();
        var victim = System.ActorOf(Props.Create(() => new Echo()), "victim");
        var there = ((ExtendedActorSystem)foreign).Provider.ResolveActorRef($"akka.tcp://memcluster@{Node.AddressOf(System)}/user/victim");
        var trap = new Trap();
        Trap.Sprung = 0;
        for (var word = 0; word < 50; word++)
        {
            there.Tell(trap);
            there.Tell(PoisonPill.Instance);
            there.Tell(Kill.Instance);
        }

        await Until(() => Lines().Count(line => line.Contains("serializer 16", StringComparison.Ordinal)) == 1);
        await Task.Delay(500); // A line a word would stand there by now.

        Assert.Equal(0, Trap.Sprung);
        Assert.Equal(2, Lines().Count());
        Assert.All(Lines(), line => Assert.Contains($"memcluster@127.0.0.1:{((ExtendedActorSystem)foreign).Provider.DefaultAddress.Port}", line, StringComparison.Ordinal));
        Assert.DoesNotContain(_logs.Lines, line => line.Message.Contains("Deserialization failed", StringComparison.Ordinal));
        Assert.Equal(new CoordinatorWord.RegisterAgain(3), await victim.Ask(new CoordinatorWord.RegisterAgain(3), TimeSpan.FromSeconds(10)));

        IEnumerable<string> Lines() => _logs.Lines.Select(line => line.Message).Where(line => line.Contains("none of this cluster's words", StringComparison.Ordinal) && line.Contains("akka.tcp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_of_another_serializer_in_the_journal_is_refused_and_builds_nothing()
    {
        await _node!.Operator.Submit(new(Story.Spec.Canonical, false));
        await _node.DisposeAsync();
        _node = null;
        using (var connection = new SqliteConnection($"Data Source={_home.Home.JournalFile};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier) "
                + "SELECT created, deleted, persistence_id, (SELECT max(sequence_number) + 1 FROM journal WHERE persistence_id = 'coordinator'), $a, '', 1 FROM journal WHERE persistence_id = 'coordinator' LIMIT 1";
            command.Parameters.AddWithValue("$a", Encoding.UTF8.GetBytes(Hostile));
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var starting = Start(stop.Token);
        await Until(() => _logs.Lines.Any(line => $"{line.Message} {line.Cause}".Contains("Nothing is read by serializer 1 ", StringComparison.Ordinal)));
        await stop.CancelAsync();
        try
        {
            _node = await starting;
        }
        catch (Exception problem) when (problem is OperationCanceledException or Operations.UserError or TimeoutException)
        {
            // It does not come up, or is not asked anything.
        }

        Assert.Equal(0, Trap.Sprung);
    }

    private IReadOnlyList<Serializer> Registered() =>
    [
        .. typeof(Akka.Serialization.Serialization).GetFields(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(field => field.GetValue(System.Serialization)).SelectMany(value => value switch
            {
                IEnumerable<KeyValuePair<int, Serializer>> byId => byId.Select(pair => pair.Value),
                Serializer?[] all => all.OfType<Serializer>(),
                _ => [],
            })
            .DistinctBy(serializer => serializer.Identifier),
    ];

    private static async Task Until(Func<bool> so)
    {
        for (var clock = global::System.Diagnostics.Stopwatch.StartNew(); !so(); await Task.Delay(20))
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "It did not come to that.");
        }
    }

    /// <summary>Akka as it comes, remoting on, of no cluster.</summary>
    private static ActorSystem Bare(string more = "") => ActorSystem.Create("memcluster", ConfigurationFactory.ParseString(more + """

        akka.actor.provider = remote
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        """));

    private Task<CoordinatorNode> Start(CancellationToken stop = default) => CoordinatorNode.Start(
        new CoordinatorOptions { Home = _home.Home, Node = new NodeOptions { Profiles = ["coordinator"], Logs = _logs.Factory } }, stop);

    /// <summary>Whoever builds one has been had.</summary>
    public sealed class Trap
    {
        internal static int Sprung;

        public Trap() => Interlocked.Increment(ref Sprung);

        public bool Set { get; set; }
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(word => Sender.Tell(word));
    }
}
