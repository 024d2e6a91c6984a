namespace MemCluster.Coordinator.Reading;

/// <summary>
/// Whether rows that are there are believed. Rows that are as they were closed in order are. Those that a crash left, or that somebody changed since, are made
/// again before anything is read from them without a coordinator; one that starts goes on with them, since its trials should not wait for that, and does not
/// seal them.
/// </summary>
internal sealed class RowsTrust
{
    private readonly bool _dropsUnsealed;
    private bool _seals;

    private RowsTrust(bool dropsUnsealed) => _dropsUnsealed = dropsUnsealed;

    /// <summary>For those who only read.</summary>
    public static RowsTrust OnlySealed() => new(dropsUnsealed: true);

    /// <summary>For a coordinator.</summary>
    public static RowsTrust AsTheyAre() => new(dropsUnsealed: false);

    public void Open(string rows)
    {
        _seals = _dropsUnsealed || !File.Exists(rows) || FileSeal.Holds(rows) == true;
        if (_dropsUnsealed)
        {
            ReadModelSchema.DropUnlessSealed(rows);
        }

        FileSeal.Open(rows);
    }

    public void Close(string rows)
    {
        if (_seals)
        {
            FileSeal.Close(rows);
        }
    }
}
