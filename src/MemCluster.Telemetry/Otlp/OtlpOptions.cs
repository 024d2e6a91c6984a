namespace MemCluster.Telemetry;

/// <summary>Where to send measurements, spans and log lines.</summary>
/// <param name="Endpoint">The collector's base address; null where the environment names one for each signal.</param>
public sealed record OtlpOptions(Uri? Endpoint)
{
    /// <summary>OpenTelemetry's own variable; with it stand OTEL_EXPORTER_OTLP_HEADERS, _PROTOCOL, OTEL_METRIC_EXPORT_INTERVAL and the others.</summary>
    public const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static readonly string[] Signals = ["METRICS", "TRACES", "LOGS"];

    /// <param name="url">Of the option; null: not given.</param>
    /// <returns>Null if nobody asked for it: nothing is exported then.</returns>
    /// <exception cref="FormatException">The address is none.</exception>
    public static OtlpOptions? Of(string? url) => Of(url, Environment.GetEnvironmentVariable);

    internal static OtlpOptions? Of(string? url, Func<string, string?> environment)
    {
        if (string.Equals(environment("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (said, by) = string.IsNullOrEmpty(url) ? (environment(Variable), Variable) : (url, "--otlp");
        if (!string.IsNullOrEmpty(said))
        {
            return Uri.TryCreate(said, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? new(address)
                : throw new FormatException($"{by} '{said}' is no address of a collector; write http://HOST:4318 or http://HOST:4317.");
        }

        return Array.Exists(Signals, signal => !string.IsNullOrEmpty(environment($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"))) ? new OtlpOptions((Uri?)null) : null;
    }
}
