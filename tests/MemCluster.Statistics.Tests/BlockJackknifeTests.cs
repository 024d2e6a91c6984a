using MathNet.Numerics.Distributions;

namespace MemCluster.Statistics.Tests;

public sealed class BlockJackknifeTests
{
    /// <summary>Networks that are better or worse at everything, examples that are harder or easier for all: an interval over one kind alone is too narrow.</summary>
    [Fact]
    public void The_mean_of_a_table_is_covered_when_both_its_rows_and_its_columns_could_have_been_others()
    {
        var draws = new MathNet.Numerics.Random.Xoshiro256StarStar(3);
        var (both, rowsOnly, columnsOnly) = (0, 0, 0);
        const int Tables = 400;
        for (var table = 0; table < Tables; table++)
        {
            var (rows, columns) = (Draws(30), Draws(60));
            var cells = rows.Select(row => columns.Select(column => row + column + Normal.Sample(draws, 0, 1)).ToArray()).ToArray();
            var mean = cells.Average(row => row.Average());
            double[] withoutRows = [.. Enumerable.Range(0, 20).Select(block => cells.Where((_, row) => BlockJackknife.BlockOf(row, 30) != block).Average(row => row.Average()))];
            double[] withoutColumns =
            [
                .. Enumerable.Range(0, 20).Select(block => cells.Average(row => row.Where((_, column) => BlockJackknife.BlockOf(column, 60) != block).Average())),
            ];
            both += Covers(BlockJackknife.Interval(mean, withoutRows, withoutColumns));
            rowsOnly += Covers(BlockJackknife.Interval(mean, withoutRows));
            columnsOnly += Covers(BlockJackknife.Interval(mean, withoutColumns));
        }

        Assert.InRange(both / (double)Tables, 0.92, 0.99);
        Assert.True(rowsOnly < 0.92 * Tables && columnsOnly < 0.92 * Tables, $"{rowsOnly}, {columnsOnly}");

        double[] Draws(int count) => [.. Enumerable.Range(0, count).Select(_ => Normal.Sample(draws, 0, 1))];

        static int Covers((double Low, double High) interval) => interval.Low <= 0 && 0 <= interval.High ? 1 : 0;
    }

    /// <summary>With a block for each unit it is Student's interval of a mean.</summary>
    [Fact]
    public void With_few_units_each_is_a_block()
    {
        double[] values = [1, 2, 4, 7];
        double[] without = [.. values.Select((_, one) => values.Where((_, other) => BlockJackknife.BlockOf(other, 4) != one).Average())];

        var (low, high) = BlockJackknife.Interval(values.Average(), without);

        Assert.Equal(4, BlockJackknife.BlocksOf(4));
        Assert.Equal(Summary.Of(values).Low, low, 12);
        Assert.Equal(Summary.Of(values).High, high, 12);
    }

    [Fact]
    public void One_block_has_no_interval() => Assert.True(double.IsNaN(BlockJackknife.Interval(1, [1]).Low));
}
