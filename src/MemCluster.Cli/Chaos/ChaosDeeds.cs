using MemCluster.Coordinator;
using MemCluster.Coordinator.Auditing;
using MemCluster.Operations;
using MemCluster.Operations.Chaos;
using MemCluster.Reporting;
using MemCluster.Sweeps;

namespace MemCluster.Cli.Chaos;

/// <summary>Does what a step says. When it returns the fault is over; what it broke is the cluster's to mend.</summary>
/// <param name="submit">Hands the sweep in again: a salvaged journal may have lost its begin.</param>
internal sealed class ChaosDeeds(ChaosCluster cluster, ChaosHome home, JournalDisturbance journal, Func<CancellationToken, Task> submit)
{
    /// <summary>Less than any file of a home that is written to: none can grow.</summary>
    private const long FullAt = 8192;

    /// <summary>Faults that could not be put right as the product says.</summary>
    public List<string> Unhealed { get; } = [];

    /// <returns>What came of it, where there is more to say than the step does; null otherwise.</returns>
    public async Task<string?> Do(ChaosStep step, CancellationToken cancel)
    {
        var node = cluster.Nodes[Math.Max(0, step.Target)];
        var time = TimeSpan.FromSeconds(Math.Abs(step.Seconds));
        switch (step.Fault)
        {
            case ChaosFault.Kill:
                await node.Restart();
                return null;
            case ChaosFault.Clock:
                await node.Restart(step.Seconds);
                return null;
            case ChaosFault.Pause:
                return await While(() => node.Send(Kernel.Stop), () => node.Send(Kernel.Continue), time, cancel);
            case ChaosFault.Network:
                return await While(() => cluster.Network.Cut(step.Target, step.Silent), cluster.Network.Mend, time, cancel);
            case ChaosFault.Database:
                return await journal.Disturb(time, cancel);
            case ChaosFault.Disk:
                return await Full(node, time, cancel);
            case ChaosFault.Checkpoint:
                return Checkpoint(step);
            default:
                return await Flip(step, cancel);
        }
    }

    private static async Task<string?> While(Action begin, Action end, TimeSpan time, CancellationToken cancel)
    {
        begin();
        try
        {
            await Task.Delay(time, cancel);
        }
        finally
        {
            end();
        }

        return null;
    }

    /// <summary>The limit is the process's: one that ends and is begun again has a disk with room.</summary>
    private static async Task<string?> Full(ChaosNode node, TimeSpan time, CancellationToken cancel)
    {
        if (node.Process is not { } process || !Kernel.LimitFiles(process, FullAt))
        {
            return "nothing was done: it was down";
        }

        return await While(() => { }, () => Kernel.LimitFiles(process, null), time, cancel);
    }

    private string? Checkpoint(ChaosStep step)
    {
        try
        {
            var files = Directory.Exists(home.Checkpoints) ? Directory.GetFiles(home.Checkpoints, "*.checkpoint").Order(StringComparer.Ordinal).ToArray() : [];
            if (files.Length == 0)
            {
                return "nothing was done: there is none";
            }

            var at = BitFlip.Of(files[(int)(step.Place * files.Length)], step.Place, step.Bit);
            return $"byte {Numbers.Count(at)} of {Path.GetFileName(files[(int)(step.Place * files.Length)])[..12]}…";
        }
        catch (IOException gone)
        {
            return $"nothing was done: {gone.Message}";
        }
    }

    /// <summary>As somebody would who follows what the program says: audit, do what it tells to, start again.</summary>
    private async Task<string?> Flip(ChaosStep step, CancellationToken cancel)
    {
        await cluster.Coordinator.Hold();
        var at = BitFlip.Of(home.Home.JournalFile, step.Place, step.Bit);
        var (said, salvaged) = ("", false);
        try
        {
            var report = await JournalAudit.Run(home.Home, null, null, null, cancel);
            said = $"byte {Numbers.Count(at)}: the audit finds {(report.Findings.Count == 0 ? "nothing" : $"\"{report.Findings[0].What}\"")}";
            if (report.Findings.Any(finding => finding.Remedy == AuditRemedy.Rows))
            {
                DatabaseFile.Delete(home.Home.ReadFile);
            }

            if (report.Findings.Any(finding => finding.Remedy is not (AuditRemedy.Rows or AuditRemedy.Results)))
            {
                var salvage = await Salvage.Run(home.Home, null, cancel);
                salvaged = salvage.SetAside is not null;
                said += !salvaged ? "; nothing to be salvaged"
                    : salvage.Sweeps.Count == 0 ? "; salvaged without the sweep, which is handed in again"
                    : $"; salvaged with {Numbers.Count(salvage.Sweeps[0].Kept)} of {Numbers.Count(salvage.Sweeps[0].Trials)} results";
                if (!salvaged)
                {
                    Restore(at, step, report.Findings[0].What);
                }
            }
        }
        catch (UserError problem)
        {
            said = $"byte {Numbers.Count(at)}: neither audited nor salvaged; the bit is put back";
            Restore(at, step, problem.Message);
        }

        await cluster.Coordinator.Release();
        if (salvaged)
        {
            await submit(cancel);
        }

        return said;
    }

    private void Restore(long at, ChaosStep step, string why)
    {
        BitFlip.At(home.Home.JournalFile, at, step.Bit);
        Unhealed.Add($"Step {step.Number}, bit {step.Bit} of byte {at} of the journal: {why}");
    }
}
