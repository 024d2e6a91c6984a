using Akka.Actor;
using MemCluster.Learning;

namespace MemCluster.Trainer;

// What this machine's arithmetic gives: computed once somebody asks, because it loads the tensor library.
internal sealed partial class TrainerActor
{
    private bool _showing;

    /// <summary>The question is repeated until it is answered, and the answer takes its time.</summary>
    private void ShowFingerprint()
    {
        if (_showing)
        {
            return;
        }

        _showing = true;
        var (self, training) = (Self, _training);
        new Thread(() =>
        {
            try
            {
                self.Tell(new FingerprintShown(training.Fingerprint(), null));
            }
            catch (UnsteadyArithmeticException fault)
            {
                self.Tell(new FingerprintShown("", fault.Message));
            }
            catch (Exception problem)
            {
                self.Tell(new NoFingerprint(
                    $"The tensor library can't be used on this machine, so this trainer can train nothing: {problem.Message.Split('\n', 2)[0]}"));
            }
        })
        { IsBackground = true, Name = "fingerprint" }.Start();
    }

    private void Show(FingerprintShown shown)
    {
        _showing = false;
        _card = _card with { Fingerprint = shown.Fingerprint, Fault = shown.Fault };
        if (shown.Fault is { } fault)
        {
            _log.WouldComputeWrongly(fault);
        }
        else
        {
            _log.Fingerprint(shown.Fingerprint);
        }

        Register();
    }

    /// <param name="Why">A sentence for this trainer's operator: nothing would ever come to it, and nobody would see why.</param>
    private sealed record NoFingerprint(string Why) : INoSerializationVerificationNeeded;

    /// <param name="Fault">The coordinator is told of it, and gives this trainer nothing that needs tensors.</param>
    private sealed record FingerprintShown(string Fingerprint, string? Fault) : INoSerializationVerificationNeeded;
}
