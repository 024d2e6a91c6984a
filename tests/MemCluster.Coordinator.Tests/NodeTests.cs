using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using MemCluster.Hosting;
using MemCluster.Messages;

namespace MemCluster.Coordinator.Tests;

/// <summary>Nodes as they are really set up, network included.</summary>
public sealed class NodeTests : IAsyncLifetime
{
    private readonly ActorSystem _near = Create();
    private readonly ActorSystem _far = Create();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _near.Terminate();
        await _far.Terminate();
    }

    [Fact]
    public void A_word_is_written_as_JSON_under_its_short_name()
    {
        var word = new CoordinatorWord.RegisterAgain(7);
        var serializer = Assert.IsType<JsonMessageSerializer>(_near.Serialization.FindSerializerFor(word));

        Assert.Equal("register-again:1", serializer.Manifest(word));
        Assert.Equal(word, _near.Serialization.Deserialize(serializer.ToBinary(word), 4711, "register-again:1"));
    }

    [Fact]
    public void A_type_that_is_no_word_is_written_nowhere() =>
        Assert.ThrowsAny<SerializationException>(() => _near.Serialization.FindSerializerFor(new NoWord("x")));

    [Fact]
    public async Task A_word_crosses_the_wire_and_what_is_no_word_does_not()
    {
        _far.ActorOf(Props.Create(() => new Echo()), "echo");
        var echo = await _near.ActorSelection($"akka.tcp://memcluster@{Node.AddressOf(_far)}/user/echo").ResolveOne(TimeSpan.FromSeconds(10));

        Assert.Equal(new CoordinatorWord.RegisterAgain(3), await echo.Ask(new CoordinatorWord.RegisterAgain(3), TimeSpan.FromSeconds(10)));
        await Assert.ThrowsAsync<AskTimeoutException>(() => echo.Ask(new NoWord("x"), TimeSpan.FromMilliseconds(300)));
        Assert.Equal(new CoordinatorWord.RegisterAgain(4), await echo.Ask(new CoordinatorWord.RegisterAgain(4), TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("127.0.0.1:4053", "127.0.0.1", 4053)]
    [InlineData("lab:0", "lab", 0)]
    public void An_address_is_host_and_port(string text, string host, int port) => Assert.Equal((host, port), Node.ParseAddress(text));

    [Theory]
    [InlineData("4053")]
    [InlineData(":4053")]
    [InlineData("lab:")]
    [InlineData("lab:99999")]
    [InlineData("lab:-1")]
    public void What_is_no_address_is_refused_with_an_example(string text) =>
        Assert.Contains("HOST:PORT", Assert.Throws<FormatException>(() => Node.ParseAddress(text)).Message, StringComparison.Ordinal);

    private static ActorSystem Create() => Node.Create(new NodeOptions
    {
        Profiles = ["trainer"],
        Overrides = ConfigurationFactory.ParseString("akka.loglevel = OFF"),
    });

    private sealed record NoWord(string Text);

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(word => Sender.Tell(word));
    }
}
