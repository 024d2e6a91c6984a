namespace MemCluster.Golden;

public sealed class GoldenCoverageTests
{
    [GoldenFact]
    public void Every_golden_file_is_somebodys() => Assert.Equal(GoldenFolder.Files, GoldenFolder.AnsweredBy.Keys.Order());

    [GoldenFact]
    public void Every_golden_file_of_this_project_is_run()
    {
        var tests = typeof(GoldenCoverageTests).Assembly;
        Assert.Equal(
            GoldenFolder.AnsweredBy.Where(file => file.Value == tests.GetName().Name).Select(file => file.Key).Order(),
            GoldenFolder.RunHere(tests));
    }
}
