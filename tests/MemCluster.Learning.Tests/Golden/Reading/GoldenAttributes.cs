using System.Reflection;
using Xunit.Sdk;

namespace MemCluster.Golden;

/// <summary>A test over every case of a golden file, skipped with the reason where the files are not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenTheoryAttribute : TheoryAttribute
{
    public GoldenTheoryAttribute() => Skip = GoldenFolder.Path is null ? GoldenFolder.Reason : null;
}

/// <summary>A test on the golden files, skipped with the reason where they are not on this machine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoldenFactAttribute : FactAttribute
{
    public GoldenFactAttribute() => Skip = GoldenFolder.Path is null ? GoldenFolder.Reason : null;
}

/// <summary>The cases of one file by name: one that is added is run without a change here.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class GoldenCasesAttribute(string file) : DataAttribute
{
    public string File { get; } = file;

    public override IEnumerable<object[]> GetData(MethodInfo testMethod) =>
        GoldenFolder.Path is null ? [] : GoldenCase.All(File).Select(item => new object[] { item.Name });
}
