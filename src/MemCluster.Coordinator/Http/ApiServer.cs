using MemCluster.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MemCluster.Coordinator.Http;

/// <summary>The web server under the API: where it listens, and how much it takes from anybody before it says no.</summary>
internal static class ApiServer
{
    /// <summary>A sweep file of that size lists every value of a large grid one by one.</summary>
    private const int MostBytesInBody = 2 * 1024 * 1024;

    private const int MostBytesInHeaders = 16 * 1024;
    private const int MostBytesInRequestLine = 4 * 1024;
    private const int MostConnections = 512;

    public static WebApplication Build(ApiOptions options, ILoggerFactory? logs)
    {
        // The empty builder: no file in the working folder and no variable can change how this server listens, or make it show stack traces.
        var builder = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        if (logs is not null)
        {
            builder.Services.AddSingleton(logs); // It belongs to the node; the server only speaks into it.
        }

        builder.Services.AddRouting();
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.DefaultIgnoreCondition = MessageJson.Options.DefaultIgnoreCondition;
            foreach (var converter in MessageJson.Options.Converters)
            {
                json.SerializerOptions.Converters.Add(converter);
            }
        });
        ApiDocument.AddTo(builder.Services);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options));
        // The process has one owner of Ctrl-C and SIGTERM, and it is not the web server.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    private static void Listen(KestrelServerOptions kestrel, ApiOptions options)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MostBytesInBody;
        limits.MaxRequestHeadersTotalSize = MostBytesInHeaders;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = MostBytesInRequestLine;
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.Listen(options.Address, options.Port, door =>
        {
            if (options.Certificates is { } certificates)
            {
                door.UseHttps(certificates.Certificate);
            }
        });
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
