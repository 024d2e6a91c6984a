using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>Whether a machine may train at all: what it computes, and what others say of it.</summary>
public sealed class TrainerFitnessTests : TwoSlotTests
{
    [Fact]
    public void Asked_for_its_fingerprint_it_registers_again_with_it_and_computes_it_once_at_a_time()
    {
        using var go = new ManualResetEventSlim();
        var times = 0;
        Training.Print = () =>
        {
            Interlocked.Increment(ref times);
            go.Wait();
            return "ab";
        };
        Register();

        Say(new CoordinatorWord.ShowFingerprint(1));
        Say(new CoordinatorWord.ShowFingerprint(1));
        Tick();
        go.Set();

        Assert.Equal("ab", Hear<TrainerWord.RegisterTrainer>().Card.Fingerprint);
        Assert.Equal(1, times);
    }

    [Fact]
    public void A_machine_that_would_compute_wrongly_tells_the_coordinator_why()
    {
        Training.Print = () => throw new UnsteadyArithmeticException("cnn: curvature gives other bits");
        Register();

        Say(new CoordinatorWord.ShowFingerprint(1));

        Assert.Contains("cnn: curvature", Hear<TrainerWord.RegisterTrainer>().Card.Fault, StringComparison.Ordinal);
        Assert.Empty(Refused);
    }

    [Fact]
    public void A_machine_without_a_tensor_library_says_so_to_its_operator()
    {
        Training.Print = () => throw new NotSupportedException("This application requires TorchSharp\nand a page of frames");
        Register();

        Say(new CoordinatorWord.ShowFingerprint(1));

        Until(() =>
        {
            lock (Refused)
            {
                Assert.Contains("TorchSharp", Assert.Single(Refused), StringComparison.Ordinal);
                Assert.DoesNotContain("\n", Refused[0], StringComparison.Ordinal);
            }
        });
    }

    [Fact]
    public void A_refusal_reaches_the_operator()
    {
        Register();

        Say(new CoordinatorWord.TrainerRefused(1, "another one has that name"));

        Until(() => Assert.Equal(["another one has that name"], Refused));
    }
}
