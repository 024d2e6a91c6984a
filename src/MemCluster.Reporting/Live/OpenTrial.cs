namespace MemCluster.Reporting.Live;

/// <summary>
/// A trial that was handed out and has no end yet. Everything is kept as "the highest heard", so words may come twice or in any order:
/// an assignment after its own loss, measures before the assignment.
/// </summary>
internal sealed class OpenTrial
{
    private int _assigned;
    private int _lost;
    private string _trainer = "";
    private int _measured;
    private int _epoch;
    private double _train = double.NaN;
    private double _validation = double.NaN;

    public int Attempt => Math.Max(_assigned, _measured);

    public bool Runs => Attempt > _lost;

    /// <summary>Of the attempt under way.</summary>
    public int Epoch => _measured == Attempt ? _epoch : 0;

    public void Assigned(int attempt, string trainer)
    {
        if (attempt > _assigned)
        {
            (_assigned, _trainer) = (attempt, trainer);
        }
    }

    public void Lost(int attempt) => _lost = Math.Max(_lost, attempt);

    /// <returns>How many epochs of this were news.</returns>
    public int Measured(int attempt, int epoch, double train, double validation)
    {
        if (attempt < _measured || (attempt == _measured && epoch <= _epoch))
        {
            return 0;
        }

        var news = attempt == _measured ? epoch - _epoch : epoch;
        (_measured, _epoch, _train, _validation) = (attempt, epoch, train, validation);
        return news;
    }

    public LiveTrial View(int trial) => new(
        trial, Attempt, _assigned == Attempt ? _trainer : "", Epoch,
        Epoch > 0 && double.IsFinite(_train) ? _train : null, Epoch > 0 && double.IsFinite(_validation) ? _validation : null);
}
