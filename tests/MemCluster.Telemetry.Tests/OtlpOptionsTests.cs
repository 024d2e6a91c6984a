namespace MemCluster.Telemetry.Tests;

public sealed class OtlpOptionsTests
{
    [Theory]
    [InlineData(null, "", false)]
    [InlineData("http://collector:4318", "", true)]
    [InlineData(null, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", true)]
    [InlineData(null, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://collector/v1/metrics", true)]
    [InlineData(null, "OTEL_SERVICE_NAME=x", false)]
    [InlineData("http://collector:4318", "OTEL_SDK_DISABLED=true", false)]
    public void It_is_off_until_an_endpoint_is_set(string? url, string environment, bool on) =>
        Assert.Equal(on, OtlpOptions.Of(url, name => environment.StartsWith(name + "=", StringComparison.Ordinal) ? environment[(name.Length + 1)..] : null) is not null);

    [Theory]
    [InlineData("collector:4318")]
    [InlineData("ftp://collector")]
    [InlineData("x")]
    public void What_is_no_address_is_refused_with_an_example(string url) => Assert.Contains(
        "http://HOST:4318", Assert.Throws<FormatException>(() => OtlpOptions.Of(url, _ => null)).Message, StringComparison.Ordinal);
}
