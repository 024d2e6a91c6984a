using System.Threading.Channels;
using Akka.Actor;
using MemCluster.Coordinator.Pbm;
using MemCluster.Operations.Verbs;
using Petabridge.Cmd;

namespace MemCluster.Pbm.Tests;

/// <summary>The palette's handler actor, as a client's session would talk to it.</summary>
internal sealed class PaletteDoor : Door
{
    public override string Command(string verb, string sweep) => Pattern($"sweep {verb} -s {sweep}");

    public override async Task<Answer> Ask(string verb, IReadOnlyList<(string Name, string Value)> said, Func<IReadOnlyList<string>, bool>? enough = null)
    {
        using var client = new PaletteClient(Bed.Node.System, new PaletteSettings(Bed.Operator, Write: true, new SpecsFolder(Bed.Specs)));
        var one = OperatorCatalogue.Find(verb)!;
        client.Say(verb, [.. said.Select(word =>
        {
            var argument = one.Arguments.Single(argument => argument.Name == word.Name);
            return (SweepPalette.SwitchesOf(one, argument)[^1], argument.Kind == ArgumentKind.Flag ? "yes" : word.Value);
        })]);
        return await client.Hear(enough);
    }
}

/// <summary>A client with a handler of its own; when it is disposed of, its session ends.</summary>
internal sealed class PaletteClient : IDisposable
{
    private readonly Channel<CommandResponse> _heard = Channel.CreateUnbounded<CommandResponse>();

    public PaletteClient(ActorSystem system, PaletteSettings settings)
        : this(system, new SweepPaletteHandler(settings).HandlerProps)
    {
    }

    public PaletteClient(ActorSystem system, Props handler)
    {
        System = system;
        Handler = system.ActorOf(handler);
        var writer = _heard.Writer;
        Session = system.ActorOf(Props.Create(() => new Ear(writer)));
    }

    public ActorSystem System { get; }

    public IActorRef Handler { get; }

    public IActorRef Session { get; }

    public void Say(string verb, params (string Switch, string Value)[] said) =>
        Handler.Tell(new Command(SweepPalette.Name, verb, [.. said.Select(word => Tuple.Create(word.Switch, word.Value))]), Session);

    /// <summary>Everything up to the final word, or until it is enough.</summary>
    public async Task<Answer> Hear(Func<IReadOnlyList<string>, bool>? enough = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var lines = new List<string>();
        await foreach (var response in _heard.Reader.ReadAllAsync(patience.Token))
        {
            if (response is ErroredCommandResponse)
            {
                return new(lines, response.Text);
            }

            if (response.IsLast)
            {
                Assert.Equal("", response.Text);
                return new(lines, null);
            }

            lines.Add(response.Text);
            if (enough?.Invoke(lines) == true)
            {
                break;
            }
        }

        return new(lines, null);
    }

    public bool HearsNothing() => !_heard.Reader.TryRead(out _);

    public void Dispose()
    {
        System.Stop(Handler);
        System.Stop(Session);
    }

    private sealed class Ear : ReceiveActor
    {
        public Ear(ChannelWriter<CommandResponse> heard) => Receive<CommandResponse>(response => heard.TryWrite(response));
    }
}
