namespace MemCluster.Learning.Tests;

public sealed class RealDataTests
{
    [RealDataFact("mnist")]
    public void Mnist_has_the_published_moments_and_class_counts()
    {
        var data = new DataSource(RealData.Folder).Load(new() { Name = "mnist", Split = "test" });
        Assert.Equal((50_000, 10_000), (data.Train.Count, data.Validation.Count));
        var (means, deviations) = ChannelMoments.Of(data.Validation, data.Card);
        Assert.Equal(0.1325, means[0], 5e-5);
        Assert.Equal(0.3105, deviations[0], 5e-5);
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
            Enumerable.Range(0, 10).Select(label => data.Validation.Labels.ToArray().Count(other => other == label)));
    }

    [RealDataFact("cifar10")]
    public void Cifar_has_the_published_moments_and_class_counts()
    {
        var data = new DataSource(RealData.Folder).Load(new() { Name = "cifar10", Train = 10_000 });
        var (means, deviations) = ChannelMoments.Of(data.Validation, data.Card);
        Assert.Equal([0.4942, 0.4851, 0.4504], means.Select(mean => Math.Round(mean, 4)));
        Assert.Equal([0.2467, 0.2429, 0.2616], deviations.Select(deviation => Math.Round(deviation, 4)));
        Assert.Equal([1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981],
            Enumerable.Range(0, 10).Select(label => data.Train.Labels.ToArray().Count(other => other == label)));
    }
}
