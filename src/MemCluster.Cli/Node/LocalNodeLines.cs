using Microsoft.Extensions.Logging;

namespace MemCluster.Cli;

/// <summary>What a run says in its log by itself.</summary>
internal static partial class LocalNodeLines
{
    [LoggerMessage(LogLevel.Warning, "{warning}")]
    public static partial void Noted(ILogger log, string warning);
}
