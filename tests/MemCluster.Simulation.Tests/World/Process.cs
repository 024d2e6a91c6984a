namespace MemCluster.Simulation.Tests;

/// <summary>A process of the operating system: what it was about to do is not done once it is killed, and waits while it is paused.</summary>
internal sealed class Process(Timeline time, int id)
{
    public int Id => id;

    public bool IsAlive { get; private set; } = true;

    public TimeSpan PausedUntil { get; private set; }

    public bool IsPaused => time.Now < PausedUntil;

    public void Kill() => IsAlive = false;

    public void Pause(TimeSpan until) => PausedUntil = until;

    public void After(TimeSpan delay, Action action) => time.After(delay, () => Run(action));

    private void Run(Action action)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsPaused)
        {
            time.After(PausedUntil - time.Now, () => Run(action));
            return;
        }

        action();
    }
}
