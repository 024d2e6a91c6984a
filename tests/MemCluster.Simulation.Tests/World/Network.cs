namespace MemCluster.Simulation.Tests;

/// <summary>Between machines: words are lost, repeated, late and out of order, and a way may be cut.</summary>
internal sealed class Network(World world)
{
    private readonly HashSet<int> _cut = [];

    public void Cut(int process) => _cut.Add(process);

    public void Mend(int process) => _cut.Remove(process);

    public bool IsCut(int process) => _cut.Contains(process);

    public void Send(Process from, Process to, Action word)
    {
        var chance = world.Net;
        var (lost, twice) = (chance.Is(world.Schedule.Lost), chance.Is(world.Schedule.Repeated));
        if (!world.IsHealed && (lost || _cut.Contains(from.Id) || _cut.Contains(to.Id)))
        {
            return;
        }

        for (var copy = 0; copy < (twice && !world.IsHealed ? 2 : 1); copy++)
        {
            var late = world.IsHealed ? 0 : world.Schedule.LateSeconds * chance.Share();
            world.Time.After(chance.Seconds(0.0005, 0.01 + late), () => to.After(TimeSpan.Zero, word));
        }
    }
}
