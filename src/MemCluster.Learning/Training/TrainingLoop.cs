using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The textbook loop: settings in, measures out through a callback. Stays synchronous: dispose scopes belong to a thread.</summary>
internal static class TrainingLoop
{
    /// <returns>Finished, or Diverged where a loss became NaN or infinite; that epoch is not reported.</returns>
    /// <exception cref="OperationCanceledException">Stopped; asked before every batch.</exception>
    public static TrialState Train(
        TrialSettings settings, INetwork network, TensorData train, Func<int, EpochMeasures> measure, Action<EpochMeasures> report, CancellationToken stop)
    {
        var seeds = new Seeds(settings.Seed);
        var regularizers = RegularizerKinds.From(settings.Regularizer);
        var optimizer = new Sgd(network.Parameters, settings.Training.Momentum, regularizers);

        for (var epoch = 1; epoch <= settings.Training.Epochs; epoch++)
        {
            using var epochScope = NewDisposeScope();
            var rate = Sgd.RateAt(epoch, settings.Training);
            var order = tensor(Array.ConvertAll(seeds.Generator(Seeds.Order, epoch).Permutation(train.Count), example => (long)example));
            for (var (batch, from) = (0, 0); from < train.Count; batch++, from += settings.Training.Batch)
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();          // every tensor of this step ends here, the batch included
                var (images, labels) = train.Take(order.narrow(0, from, Math.Min(settings.Training.Batch, train.Count - from)));
                var logits = network.Forward(images, ForwardPass.Training(regularizers, seeds, epoch, batch));
                var loss = nn.functional.cross_entropy(logits, labels);
                if (!double.IsFinite(loss.to(ScalarType.Float64).item<double>()))
                {
                    return TrialState.Diverged;
                }

                loss.backward();
                optimizer.Step(rate);
            }

            var measures = measure(epoch);
            if (!Measures.AreFinite(measures))
            {
                return TrialState.Diverged;
            }

            report(measures);
            if (Measures.TrainAccuracy(measures) >= settings.Training.StopAtTrainAccuracy)
            {
                break;
            }
        }

        return TrialState.Finished;
    }
}
