using MemCluster.Messages;
using TorchSharp;

namespace MemCluster.Learning.Tests;

/// <summary>
/// TorchSharp hands libtorch bare pointers. A number converted on the spot (<c>x.mul_(0.9)</c>) is garbage as soon as its pointer is read, and
/// the collector may free it while libtorch reads it: a trial then fails now and then, or goes on with another number.
/// </summary>
public sealed class CollectorTests
{
    [Fact]
    public void No_number_is_collected_while_a_step_still_uses_it()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect(0);
                Thread.Sleep(1);
            }
        });
        collector.Start();
        Exception? failure = null;
        var steppers = Enumerable.Range(0, 3).Select(_ => new Thread(() =>
        {
            try
            {
                Steps(stop.Token);
            }
            catch (Exception caught)
            {
                failure = caught;
            }
        })).ToList();
        steppers.ForEach(thread => thread.Start());
        steppers.ForEach(thread => thread.Join());
        collector.Join();

        Assert.Null(failure);
    }

    private static void Steps(CancellationToken stop)
    {
        torch.set_num_threads(1);
        using var all = torch.NewDisposeScope();
        var parameter = new Parameter("w", torch.zeros(8, 8).requires_grad_(), IsBias: false);
        var noises = RegularizerKinds.From(new Regularizer { WeightDecay = 1e-3, InputNoise = 0.1, HiddenNoise = 0.1 });
        var optimizer = new Sgd([parameter], 0.9, noises);
        for (var batch = 0; !stop.IsCancellationRequested; batch++)
        {
            using var scope = torch.NewDisposeScope();
            var pass = ForwardPass.Training(noises, new Seeds(1), epoch: 1, batch);
            pass.Hidden(pass.Input(parameter.Value), 0).sum().backward();
            optimizer.Step(0.01);
        }
    }
}
