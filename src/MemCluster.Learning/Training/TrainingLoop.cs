using MemCluster.Messages;
using static TorchSharp.torch;

namespace MemCluster.Learning;

/// <summary>The textbook loop: settings in, measures out through a callback. Stays synchronous: dispose scopes belong to a thread.</summary>
internal static class TrainingLoop
{
    /// <returns>Finished, or Diverged where a loss became NaN or infinite; that epoch is not reported.</returns>
    /// <param name="trained">Epochs that the learner has behind them.</param>
    /// <param name="between">Called after each epoch but the last; may stop the training there.</param>
    /// <exception cref="OperationCanceledException">Stopped; asked before every batch.</exception>
    public static TrialState Train(
        TrialSettings settings, Learner learner, TensorData train, Func<int, EpochMeasures> measure, Action<EpochMeasures> report,
        CancellationToken stop, int trained = 0, Action? between = null)
    {
        var seeds = new Seeds(settings.Seed);
        var lossOf = ExampleLoss.Of(settings.Training.Loss);

        for (var epoch = trained + 1; epoch <= settings.Training.Epochs; epoch++)
        {
            using var epochScope = NewDisposeScope();
            var rate = Sgd.RateAt(epoch, settings.Training);
            foreach (var (place, examples) in Minibatches.Of(settings.Training, seeds, epoch, train.Count).Index())
            {
                stop.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();          // every tensor of this step ends here, the batch included
                var batch = train.Take(Tensors.Indices(examples));
                var loss = ForwardPass.Training(learner.Regularizers, seeds, epoch, place).Loss(learner.Network, batch, lossOf);
                if (!double.IsFinite(loss.to(ScalarType.Float64).item<double>()))
                {
                    return TrialState.Diverged;
                }

                loss.backward();
                learner.Optimizer.Step(rate);
            }

            var measures = measure(epoch);
            if (!Measures.AreFinite(measures))
            {
                return TrialState.Diverged;
            }

            report(measures);
            if (Measures.IsLast(measures, settings.Training))
            {
                break;
            }

            between?.Invoke();
        }

        return TrialState.Finished;
    }
}
