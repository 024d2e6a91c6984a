using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using MathNet.Numerics.Statistics;

namespace MemCluster.Statistics.Tests;

/// <summary>Means and deviations of samples to come, against samples that are drawn row by row.</summary>
public sealed class FutureSamplesTests
{
    private const int Samples = 4000;

    /// <summary>Three rows: the first two columns go together, the third goes against them, the fourth stands still.</summary>
    private static readonly double[][] Seen = [[1, 2, 3, 5], [2, 4, 2.5, 5], [3, 7, -1, 5]];

    [Theory]
    [InlineData(3, 0)]
    [InlineData(4, 3)]
    [InlineData(5, 2)]
    [InlineData(20, 3)]
    [InlineData(200, 0)]
    public void They_are_as_if_each_row_had_been_drawn(int size, int known)
    {
        var (chance, samples) = (new Xoshiro256StarStar(size + known, threadSafe: false), new FutureSamples(Seen, new double[4]));
        var (drawn, byRow) = (new List<double[]>(), new List<double[]>());
        for (var sample = 0; sample < Samples; sample++)
        {
            var (means, deviations) = (new double[4], new double[4]);
            samples.Draw(size, known, isAsSeen: true, chance, means, deviations);
            drawn.Add([.. means, .. deviations]);
            byRow.Add(ByRow(size, known, chance));
        }

        for (var column = 0; column < 8; column++)
        {
            var (ours, theirs) = (drawn.ConvertAll(row => row[column]), byRow.ConvertAll(row => row[column]));
            var room = 4 * (theirs.StandardDeviation() + 1e-9) / Math.Sqrt(Samples / 2.0);
            Assert.Equal(theirs.Mean(), ours.Mean(), room);
            Assert.Equal(theirs.StandardDeviation(), ours.StandardDeviation(), room);
        }

        // What goes together in the rows goes together in their means and deviations.
        foreach (var (one, other) in new[] { (0, 1), (0, 2), (4, 5), (4, 6) })
        {
            Assert.Equal(Together(byRow, one, other), Together(drawn, one, other), 0.08);
        }
    }

    /// <summary>With the reference prior, how far a further mean lies from that seen has Student's distribution exactly.</summary>
    [Theory]
    [InlineData(3, 7)]
    [InlineData(10, 4)]
    public void Averaged_over_what_is_not_known_a_further_mean_is_within_Students_prediction(int seen, int fresh)
    {
        var chance = new Xoshiro256StarStar(seen, threadSafe: false);
        double[][] rows = [.. Enumerable.Range(0, seen).Select(row => (double[])[Math.Sin(row)])];
        var (samples, summary) = (new FutureSamples(rows, [0]), Summary.Of([.. rows.Select(row => row[0])]));
        var half = Summary.Quantile975(seen - 1) * summary.Deviation * Math.Sqrt(1.0 / seen + 1.0 / fresh);
        var outside = 0;
        for (var sample = 0; sample < Samples; sample++)
        {
            var (means, deviations) = (new double[1], new double[1]);
            samples.Draw(fresh, 0, isAsSeen: false, chance, means, deviations);
            outside += Math.Abs(means[0] - summary.Mean) > half ? 1 : 0;
        }

        Assert.InRange(outside / (double)Samples, 0.035, 0.065);
    }

    [Fact]
    public void Rows_that_are_known_stay_what_they_are()
    {
        var (means, deviations) = (new double[4], new double[4]);
        new FutureSamples(Seen, new double[4]).Draw(3, 3, isAsSeen: false, new Xoshiro256StarStar(1, threadSafe: false), means, deviations);

        for (var column = 0; column < 4; column++)
        {
            var (mean, deviation) = Column(column).MeanStandardDeviation();
            Assert.Equal((mean, deviation), (means[column], deviations[column]), new Near(1e-12));
        }
    }

    [Fact]
    public void A_column_that_stands_still_varies_by_its_least_deviation_and_by_itself()
    {
        Assert.True(new FutureSamples([[5, 1], [5, 1]], [0, 0]).IsConstant);
        var samples = new FutureSamples([[5], [5]], [0.1]);
        Assert.False(samples.IsConstant);

        var chance = new Xoshiro256StarStar(1, threadSafe: false);
        var found = Enumerable.Range(0, Samples).Select(_ =>
        {
            var (means, deviations) = (new double[1], new double[1]);
            samples.Draw(25, 0, isAsSeen: true, chance, means, deviations);
            Assert.True(deviations[0] >= 0.1);
            return means[0];
        }).ToArray();
        Assert.Equal(5, found.Mean(), 0.002);
        Assert.Equal(0.1 / 5, found.StandardDeviation(), 0.001);
    }

    /// <summary>MathNet's search ends at 800; t with one degree of freedom lies beyond that where a hundred intervals share 5 %.</summary>
    [Theory]
    [InlineData(1, 0.025)]
    [InlineData(1, 0.00001)]
    [InlineData(2, 0.025)]
    [InlineData(2, 0.0000001)]
    [InlineData(3, 0.0001)]
    [InlineData(999_999, 0.025)]
    public void A_quantile_of_t_is_exceeded_as_often_as_it_says(int freedom, double tail) =>
        Assert.Equal(tail, StudentT.CDF(0, 1, freedom, -StudentQuantile.Above(freedom, tail)), tail * 1e-6);

    private static double[] Column(int column) => Array.ConvertAll(Seen, row => row[column]);

    private static double Together(List<double[]> samples, int one, int other) =>
        Correlation.Pearson(samples.Select(row => row[one]), samples.Select(row => row[other]));

    private static double[] ByRow(int size, int known, Random chance)
    {
        var means = Enumerable.Range(0, 4).Select(column => Column(column).Mean()).ToArray();
        var rows = Seen.Take(known).ToList();
        while (rows.Count < size)
        {
            var weights = Array.ConvertAll(Seen, _ => Normal.Sample(chance, 0, 1) / Math.Sqrt(Seen.Length - 1));
            rows.Add([.. means.Select((mean, column) => mean + Seen.Select((row, place) => weights[place] * (row[column] - mean)).Sum())]);
        }

        var found = Enumerable.Range(0, 4).Select(column => rows.Select(row => row[column]).MeanStandardDeviation()).ToArray();
        return [.. found.Select(one => one.Mean), .. found.Select(one => one.StandardDeviation)];
    }

    private sealed class Near(double room) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) a, (double, double) b) => Math.Abs(a.Item1 - b.Item1) <= room && Math.Abs(a.Item2 - b.Item2) <= room;

        public int GetHashCode((double, double) pair) => 0;
    }
}
