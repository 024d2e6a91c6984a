using MemCluster.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MemCluster.Coordinator.Http;

/// <summary>The web server under the API: where it listens, and how much it takes from anybody before it says no.</summary>
internal static class ApiServer
{
    /// <summary>A sweep file of that size lists every value of a large grid one by one.</summary>
    private const int MostBytesInBody = 2 * 1024 * 1024;

    private const int MostBytesInHeaders = 16 * 1024;
    private const int MostBytesInRequestLine = 4 * 1024;

    /// <summary>The system's queue in front of the door: a burst must not fill it before the first of them is looked at.</summary>
    private const int MostBeforeTheDoor = 4096;

    /// <summary>For the head of a request, and for the handshake before it. What says nothing for longer is not worth a place.</summary>
    private static readonly TimeSpan HeadWithin = TimeSpan.FromSeconds(5);

    public static WebApplication Build(ApiOptions options, Door way, ILoggerFactory? logs)
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
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Listen(kestrel, options, way)).UseSockets(sockets => sockets.Backlog = MostBeforeTheDoor);
        builder.Services.AddSingleton<IConnectionListenerFactory>(services => new Porch(
            new SocketTransportFactory(services.GetRequiredService<IOptions<SocketTransportOptions>>(), services.GetRequiredService<ILoggerFactory>()), way));
        // The process has one owner of Ctrl-C and SIGTERM, and it is not the web server.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    private static void Listen(KestrelServerOptions kestrel, ApiOptions options, Door way)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = MostBytesInBody;
        limits.MaxRequestHeadersTotalSize = MostBytesInHeaders;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = MostBytesInRequestLine;
        limits.MaxConcurrentConnections = null; // The door says who goes.
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.RequestHeadersTimeout = HeadWithin;
        kestrel.Listen(options.Address, options.Port, door =>
        {
            door.Use(next => connection => way.Pass(connection, next));
            if (options.Certificates is { } certificates)
            {
                door.UseHttps(certificates.Certificate, https => https.HandshakeTimeout = HeadWithin);
            }
        });
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
