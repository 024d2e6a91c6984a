using CsCheck;

namespace MemCluster.Statistics.Tests;

public sealed class ExampleMeasureTests
{
    private static Gen<bool[][]> Rows(int least, int most) => Gen.Select(Gen.Int[least, most], Gen.Int[1, 6]).SelectMany(
        (rows, columns) => Gen.Bool.Array[columns].Array[rows]);

    [Fact]
    public void Bits_are_what_was_put_in() => Rows(1, 200).Sample(rows =>
    {
        var matrix = BitMatrix.FromRows(rows);
        Assert.Equal((rows.Length, rows[0].Length), (matrix.Rows, matrix.Columns));
        for (var column = 0; column < matrix.Columns; column++)
        {
            Assert.Equal(rows.Select(row => row[column]), Enumerable.Range(0, rows.Length).Select(row => matrix[row, column]));
            Assert.Equal(rows.Count(row => row[column]), matrix.Count(column));
            Assert.Equal(rows.Count(row => row[0] && row[column]), matrix.CountBoth(0, matrix, column));
        }
    });

    [Fact]
    public void A_matrix_needs_rows_of_one_length()
    {
        Assert.Throws<ArgumentException>(() => BitMatrix.FromRows([]));
        Assert.Throws<ArgumentException>(() => BitMatrix.FromRows([[true], [true, false]]));
        Assert.Throws<ArgumentException>(() => BitMatrix.FromRows([[true]]).CountBoth(0, BitMatrix.FromRows([[true], [true]]), 0));
    }

    [Fact]
    public void Times_learned_and_forgotten_alternate() => Rows(1, 80).Sample(rows =>
    {
        var times = Told(rows);
        for (var example = 0; example < rows[0].Length; example++)
        {
            bool[] column = [.. rows.Select(row => row[example])];
            var learnings = column.Where((right, row) => right && (row == 0 || !column[row - 1])).Count();
            Assert.Equal(learnings - (column[^1] ? 1 : 0), times.Forgotten[example]);
            Assert.Equal(column.Contains(true), double.IsFinite(times.FirstRight[example]));
            Assert.Equal(column[^1], double.IsFinite(times.RightSince[example]));
        }
    });

    [Fact]
    public void An_example_never_learned_ranks_above_all_that_were() =>
        Assert.Equal([2, 5, 0], Told([[true, false, true], [false, false, true], [true, false, true], [false, false, true], [true, false, true]]).ForgettingScores());

    private static LearningTimes Told(bool[][] rows)
    {
        var times = new LearningTimes(rows[0].Length);
        foreach (var (epoch, row) in rows.Index())
        {
            times.Add(epoch, row);
        }

        return times;
    }

    [Fact]
    public void An_example_that_only_its_own_presence_gets_right_is_memorized()
    {
        var member = BitMatrix.FromRows([[true, true], [true, false], [false, true], [false, false]]);
        var estimates = SubsetMemorization.Of(member, BitMatrix.FromRows([[true, true], [true, true], [false, true], [false, true]]));
        Assert.Equal([1, 0], estimates.Select(estimate => estimate.Memorization));
        Assert.Equal(0.5, SubsetMemorization.ShareAtLeast(estimates));
    }

    [Fact]
    public void What_chance_makes_is_not_overdispersed()
    {
        var draws = new MathNet.Numerics.Random.Xoshiro256StarStar(3);
        bool[][] chance = [.. Enumerable.Range(0, 100).Select(_ => Enumerable.Range(0, 1000).Select(_ => draws.NextDouble() < 0.3).ToArray())];
        bool[][] twoKinds = [.. chance.Select(row => row.Select((right, i) => i < 300).ToArray())];
        Assert.InRange(Dispersion.Of(BitMatrix.FromRows(chance)).Overdispersion, 0.85, 1.15);
        var all = Dispersion.Of(BitMatrix.FromRows(twoKinds));
        Assert.Equal(100, all.Overdispersion, 1e-9);
        Assert.Equal(1, all.Excess, 1e-9);
        Assert.Equal((0.3, 0.7), (all.AlwaysRight, all.AlwaysWrong));
    }

    [Fact]
    public void Rows_over_epochs_must_be_of_the_same_examples()
    {
        Assert.Throws<ArgumentException>(() => OverEpochs.Mean([[1, 2], [1]]));
        Assert.Throws<ArgumentException>(() => OverEpochs.Sum([]));
    }

    /// <summary>Twenty runs. The first other example is right where, and only where, training example 0 was in; the second goes with nothing; the third only leans on it.</summary>
    [Fact]
    public void An_example_is_influenced_where_a_memorized_one_helps_it_for_certain()
    {
        bool[][] member = [.. Enumerable.Range(0, 40).Select(run => (bool[])[run % 2 == 0, run % 3 > 0])];
        bool[][] right = [.. member.Select(row => (bool[])[row[0], true])];
        bool[][] others = [.. member.Select((row, run) => (bool[])[row[0], run % 4 < 2, run % 5 < (row[0] ? 4 : 2)])];
        var (matrix, estimates) = (BitMatrix.FromRows(member), SubsetMemorization.Of(BitMatrix.FromRows(member), BitMatrix.FromRows(right)));

        Assert.Equal([true, false, false], SubsetMemorization.Influenced(matrix, estimates, BitMatrix.FromRows(others)));

        // An example that comes out right in any case has no part in it, whatever goes with it.
        Assert.Equal([false], SubsetMemorization.Influenced(matrix, estimates, BitMatrix.FromRows([.. member.Select(row => (bool[])[row[1]])])));
    }
}
