namespace MemCluster.EndToEnd.Tests;

/// <summary>What really computes, by the libraries' own words, and the command that tells of it.</summary>
public sealed class NumericsTests
{
    /// <summary>Every kind of operation, network and measure, plain and in memory that begins as NaN.</summary>
    [Fact]
    public async Task No_convolution_of_oneDNN_runs_the_matrix_library_keeps_its_pin_and_no_operation_reads_what_nobody_wrote()
    {
        using var here = new Workplace().With("ONEDNN_VERBOSE", "1").With("MKL_VERBOSE", "1");

        var told = await here.Run("numerics", "--check");

        Assert.True(told.Code == 0, told.All.Length > 4000 ? told.All[^4000..] : told.All);
        Assert.Contains("Everything gave the same bits in memory that begins as NaN.", told.Output, StringComparison.Ordinal);
        var lines = told.Output.Split('\n');
        Assert.DoesNotContain(lines, line => line.StartsWith("onednn_verbose", StringComparison.Ordinal) && line.Contains(",exec,", StringComparison.Ordinal));
        var products = lines.Where(line => line.StartsWith("MKL_VERBOSE ", StringComparison.Ordinal) && line.Contains("CNR:", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(products);
        Assert.All(products, line => Assert.Contains("CNR:AVX2", line, StringComparison.Ordinal));
    }
}
