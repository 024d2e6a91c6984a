using Xunit.Abstractions;
using Xunit.Sdk;

namespace MemCluster.Tests.Postgres;

/// <summary>
/// A test of a suite that runs over several journals: in the class that runs it on PostgreSQL (its name ends on <c>OnPostgresTests</c>) it is
/// skipped, with the reason, where there is none.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("MemCluster.Tests.Postgres.JournalFactDiscoverer", "MemCluster.Coordinator.Tests")]
internal sealed class JournalFactAttribute : FactAttribute;

internal sealed class JournalFactDiscoverer(IMessageSink messages) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute)
    {
        var (display, options) = (discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault());
        yield return PostgresServer.Missing is { } why && testMethod.TestClass.Class.Name.EndsWith("OnPostgresTests", StringComparison.Ordinal)
            ? new XunitSkippedDataRowTestCase(messages, display, options, testMethod, why)
            : new XunitTestCase(messages, display, options, testMethod);
    }
}
