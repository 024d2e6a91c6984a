using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace MemCluster.Telemetry;

/// <summary>The exporters. No other file knows of OpenTelemetry's packages, and none of them is loaded unless this one is used.</summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>Port of gRPC by convention; any other means HTTP unless OTEL_EXPORTER_OTLP_PROTOCOL says otherwise.</summary>
    private const int GrpcPort = 4317;

    private readonly OtlpOptions _options;
    private readonly ResourceBuilder _who;
    private readonly MeterProvider _metrics;
    private readonly TracerProvider _traces;

    public OtlpExport(OtlpOptions options, string service, string instance)
    {
        _options = options;

        // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win over these.
        _who = ResourceBuilder.CreateEmpty()
            .AddService(service, serviceNamespace: "memcluster", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: false, serviceInstanceId: instance)
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(_who)
            .AddMeter(Signals.Name, "Microsoft.AspNetCore.Hosting", "System.Runtime")
            .AddOtlpExporter(exporter => Aim(exporter, "metrics"))
            .Build();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(_who)
            .AddSource(Signals.Name)
            .AddOtlpExporter(exporter => Aim(exporter, "traces"))
            .Build();
    }

    public void AddLogs(ILoggingBuilder builder) => builder.AddOpenTelemetry(logs =>
    {
        logs.SetResourceBuilder(_who);
        logs.IncludeFormattedMessage = true;
        logs.IncludeScopes = true;
        logs.AddProcessor(new MaskingProcessor());
        logs.AddOtlpExporter(exporter => Aim(exporter, "logs"));
    });

    public void Flush(TimeSpan within)
    {
        var limit = (int)within.TotalMilliseconds;
        Task.WaitAll([Task.Run(() => _metrics.ForceFlush(limit)), Task.Run(() => _traces.ForceFlush(limit))], within);
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }

    private void Aim(OtlpExporterOptions exporter, string signal)
    {
        if (_options.Endpoint is not { } endpoint || HasOwn(signal, "ENDPOINT"))
        {
            return;
        }

        if (!HasOwn(signal, "PROTOCOL") && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL")))
        {
            exporter.Protocol = endpoint.Port == GrpcPort ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        }

        exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.Grpc ? endpoint : new($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{signal}");
    }

    private static bool HasOwn(string signal, string what) =>
        !string.IsNullOrEmpty(Environment.GetEnvironmentVariable($"OTEL_EXPORTER_OTLP_{signal.ToUpperInvariant()}_{what}"));

    /// <summary>What may not stand in a file may not go to a collector either.</summary>
    private sealed class MaskingProcessor : BaseProcessor<LogRecord>
    {
        public override void OnEnd(LogRecord data)
        {
            if (data.FormattedMessage is { } message)
            {
                data.FormattedMessage = Secrets.Mask(message);
            }

            if (data.Attributes is { } values && values.Any(value => value.Value is string text && Secrets.Mask(text) != text))
            {
                data.Attributes = [.. values.Select(value => new KeyValuePair<string, object?>(value.Key, value.Value is string text ? Secrets.Mask(text) : value.Value))];
            }

            if (data.Exception is { } cause && cause.ToString() is var told && Secrets.Mask(told) is var masked && masked != told)
            {
                data.Exception = new MaskedException(masked);
            }
        }
    }

    private sealed class MaskedException(string told) : Exception(told)
    {
        public override string ToString() => Message;
    }
}
