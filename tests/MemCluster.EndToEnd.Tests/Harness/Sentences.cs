namespace MemCluster.EndToEnd.Tests;

internal static class Sentences
{
    /// <summary>Words for a person: something is said, and nothing of the program's insides.</summary>
    public static void AssertForPeople(string error)
    {
        Assert.NotEqual("", error.Trim());
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', error);
    }
}
