// Ours, written by hand from public code that uses the package: the shapes that were seen there and nothing more.
using Akka.Actor;

namespace Petabridge.Cmd.Host
{
    public abstract class CommandPaletteHandler(CommandPalette palette)
    {
        public CommandPalette Palette => palette;

        public abstract Props HandlerProps { get; }

        public virtual void OnRegister(PetabridgeCmd plugin)
        {
        }
    }

    public class CommandHandlerActor : ReceiveActor
    {
        private readonly Dictionary<string, Action<Command>> _commands = [];

        public CommandHandlerActor(CommandPalette palette) => Receive<Command>(command =>
        {
            if (_commands.TryGetValue(command.Name, out var process))
            {
                process(command);
            }
            else
            {
                Sender.Tell(new ErroredCommandResponse($"{palette.ModuleName} has no {command.Name}."));
            }
        });

        protected void Process(string name, Action<Command> process) => _commands.Add(name, process);
    }

    /// <summary>Remembers what was registered, and opens nothing.</summary>
    public sealed class PetabridgeCmd : IExtension
    {
        public ActorSystem Sys { get; private init; } = null!;

        internal List<CommandPaletteHandler> Registered { get; } = [];

        internal bool IsStarted { get; private set; }

        public static PetabridgeCmd Get(ActorSystem system) => (PetabridgeCmd)system.RegisterExtension(new Provider());

        public bool RegisterCommandPalette(CommandPaletteHandler handler)
        {
            handler.OnRegister(this);
            Registered.Add(handler);
            return true;
        }

        /// <summary>Ours, for tests: a door was opened.</summary>
        internal static event Action<PetabridgeCmd>? Started;

        public void Start()
        {
            IsStarted = true;
            Started?.Invoke(this);
        }

        private sealed class Provider : ExtensionIdProvider<PetabridgeCmd>
        {
            public override PetabridgeCmd CreateExtension(ExtendedActorSystem system) => new() { Sys = system };
        }
    }
}

namespace Petabridge.Cmd.Cluster
{
    public sealed class ClusterCommands : Host.CommandPaletteHandler
    {
        public static readonly ClusterCommands Instance = new();

        private ClusterCommands()
            : base(new CommandPalette("cluster", []))
        {
        }

        public override Props HandlerProps => Props.Empty;
    }
}
