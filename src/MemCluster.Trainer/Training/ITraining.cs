using MemCluster.Learning;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>What trains: the trainer's whole view of the science.</summary>
public interface ITraining
{
    /// <summary>Trains the trial while the calling thread waits, telling each epoch's measures on that thread.</summary>
    /// <param name="begun">Called first, when all is ready that the training needs: its limits count from here.</param>
    /// <exception cref="OperationCanceledException">It was told to stop.</exception>
    /// <exception cref="DataProblem">This machine has not got the data set.</exception>
    /// <exception cref="TrialFault">It ended by what is no exception of the training's own: its process went, say.</exception>
    TrialOutcome Train(TrialAssignment trial, TrialCourse course, Action begun, Action<EpochMeasures> measured, CancellationToken stop);

    /// <summary>Digest of what the machine's tensor arithmetic gives on a fixed training run.</summary>
    /// <exception cref="UnsteadyArithmeticException">What it gives can't be trusted.</exception>
    string Fingerprint();
}
