using Akka.Actor;
using Akka.Event;
using MemCluster.Operations;
using MemCluster.Operations.Verbs;
using Petabridge.Cmd;

namespace MemCluster.Coordinator.Pbm;

/// <summary>
/// One command from its first line to its last. Whatever happens, something final is said, or the client would wait for ever; when the client goes,
/// or the handler above ends, so does this, and what it was reading from.
/// </summary>
internal sealed class PaletteAnswer : ReceiveActor, IDisposable
{
    private readonly CancellationTokenSource _gone = new();
    private readonly IActorRef _client;
    private readonly OperatorVerb _verb;
    private readonly Tuple<string, string>[] _said;
    private readonly PaletteSettings _settings;

    public PaletteAnswer(IActorRef client, OperatorVerb verb, Tuple<string, string>[] said, PaletteSettings settings)
    {
        (_client, _verb, _said, _settings) = (client, verb, said, settings);
        Receive<Over>(_ => Context.Stop(Self));
        Receive<Terminated>(_ => Context.Stop(Self));
    }

    protected override void PreStart()
    {
        Context.Watch(_client);
        var (self, log) = (Self, Context.GetLogger());
        _ = Task.Run(async () =>
        {
            var last = await Answer(log).ConfigureAwait(false);
            if (last is not null && !_gone.IsCancellationRequested)
            {
                _client.Tell(last);
            }

            self.Tell(Over.Instance);
        });
    }

    protected override void PostStop() => Dispose();

    public void Dispose() => _gone.Cancel(); // Nothing else is held: no timer, no link.

    /// <returns>The last word; null where nobody is left to hear it.</returns>
    private async Task<CommandResponse?> Answer(ILoggingAdapter log)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_gone.Token);
        try
        {
            if (_verb.Asks && !_settings.Write)
            {
                return new ErroredCommandResponse(
                    $"{_verb.Name} can't be taken back, and whoever reaches this door is asked for no password. Start the coordinator with "
                    + $"--pbm-write to allow it, or say: memcluster {_verb.Name}");
            }

            return await Tell(PaletteArguments.Of(_verb, _said, _settings.Specs), limit).ConfigureAwait(false);
        }
        catch (UserError wrong)
        {
            return new ErroredCommandResponse(wrong.Message);
        }
        catch (SpecProblemsException wrong)
        {
            return new ErroredCommandResponse(string.Join('\n', wrong.Problems));
        }
        catch (OperationCanceledException)
        {
            return _gone.IsCancellationRequested ? null : new ErroredCommandResponse(
                $"No answer within {_settings.Patience.TotalSeconds:0} s; look with {SweepPalette.Command("status")} whether it was done, then ask again.");
        }
        catch (Exception broken)
        {
            log.Error(broken, "The palette's {0} failed", _verb.Name);
            return new ErroredCommandResponse($"memcluster itself went wrong: {broken.Message.ReplaceLineEndings(" ")} The coordinator's log says more.");
        }
    }

    private async Task<CommandResponse> Tell(VerbArguments said, CancellationTokenSource limit)
    {
        var lines = VerbRun.Lines(_verb, _settings.Answers, said, ask: null, limit.Token).GetAsyncEnumerator(limit.Token);
        for (var told = 0; ; told++)
        {
            if (!_verb.Live)
            {
                limit.CancelAfter(_settings.Patience);
            }

            // What does not heed the limit is left behind rather than waited for.
            var next = lines.MoveNextAsync().AsTask();
            if (!await next.WaitAsync(limit.Token).ConfigureAwait(false))
            {
                await lines.DisposeAsync().ConfigureAwait(false);
                return CommandResponse.Empty;
            }

            if (told == _settings.MostLines && !_verb.Live)
            {
                await lines.DisposeAsync().ConfigureAwait(false);
                return new ErroredCommandResponse(
                    $"Here the first {told:#,0} lines end; there are more than this door can carry. Have them as a file with: memcluster {_verb.Name} --at HOST:PORT");
            }

            _client.Tell(new CommandResponse(lines.Current.Text, final: false));
        }
    }

    private sealed class Over : INoSerializationVerificationNeeded
    {
        public static readonly Over Instance = new();

        private Over()
        {
        }
    }
}
