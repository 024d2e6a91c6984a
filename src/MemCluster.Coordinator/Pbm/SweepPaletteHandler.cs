using Akka.Actor;
using MemCluster.Operations.Verbs;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace MemCluster.Coordinator.Pbm;

/// <summary>Makes a <see cref="SweepHandler"/> for every client that connects.</summary>
internal sealed class SweepPaletteHandler(PaletteSettings settings) : CommandPaletteHandler(SweepPalette.Palette)
{
    public override Props HandlerProps { get; } = Props.Create(() => new SweepHandler(settings));
}

/// <summary>
/// The palette for one client. Each command gets an actor of its own, so that a stream doesn't hold up the next command; when the client's session
/// ends, this actor does, and its children with it.
/// </summary>
internal sealed class SweepHandler : CommandHandlerActor
{
    private readonly PaletteSettings _settings;

    public SweepHandler(PaletteSettings settings)
        : base(SweepPalette.Palette)
    {
        _settings = settings;
        foreach (var verb in OperatorCatalogue.All)
        {
            Process(verb.Name, command => Begin(verb, command));
        }
    }

    private void Begin(OperatorVerb verb, Command command)
    {
        var (client, settings, said) = (Sender, _settings, command.Arguments.ToArray());
        Context.ActorOf(Props.Create(() => new PaletteAnswer(client, verb, said, settings)));
    }
}
