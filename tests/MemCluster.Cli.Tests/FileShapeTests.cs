namespace MemCluster.Cli.Tests;

/// <summary>Every file can be read in one go, and whoever has read a type's file knows all that can change what it holds.</summary>
public sealed class FileShapeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("memcluster-files-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_file_is_long(string folder) => AssertNone(FileShape.LongFiles(Path.Combine(Checkout.Folder, folder)));

    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void No_type_is_spread_over_several_files(string folder) => AssertNone(FileShape.TornTypes(Path.Combine(Checkout.Folder, folder)));

    [Fact]
    public void A_line_too_many_is_found()
    {
        Write("Good.cs", string.Concat(Enumerable.Repeat("//\n", FileShape.MostLines)));
        Write("Long.cs", string.Concat(Enumerable.Repeat("//\n", FileShape.MostLines + 1)));

        Assert.StartsWith("Project/Long.cs has 301 lines", Assert.Single(FileShape.LongFiles(_folder)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("namespace N;\ninternal sealed partial class A : B\n{\n    int x;\n}\n")]
    [InlineData("namespace N;\npublic partial record A(int X);\ninternal static partial class Other\n{\n    [GeneratedRegex(\"x\")]\n}\n")]
    [InlineData("namespace N;\nclass C\n{\n    private partial record struct A\n    {\n    }\n}\n")]
    public void A_type_that_is_partial_for_nothing_is_found(string text)
    {
        Write("A.cs", text);

        Assert.Equal(["Project/A.cs: N.A is partial, and nothing in it needs a source generator."], FileShape.TornTypes(_folder));
    }

    [Theory]
    [InlineData("namespace N;\nstatic partial class A\n{\n    [LibraryImport(\"x\")]\n    int X();\n}\n")]
    [InlineData("namespace N;\npublic readonly partial record struct A(int X)\n{\n    int Y;\n\n    [GeneratedRegex(\"x\")]\n    int X();\n}\n")]
    [InlineData("namespace N;\ninternal sealed partial class A : JsonSerializerContext;\n")]
    public void What_a_source_generator_adds_to_may_be_partial_in_one_file(string text)
    {
        Write("A.cs", text);
        Write("B.cs", text.Replace("namespace N", "namespace M", StringComparison.Ordinal));
        Assert.Empty(FileShape.TornTypes(_folder));

        Write("A.More.cs", text);

        Assert.Equal(["N.A is spread over Project/A.More.cs, Project/A.cs."], FileShape.TornTypes(_folder));
    }

    private void Write(string name, string text)
    {
        var project = Directory.CreateDirectory(Path.Combine(_folder, "Project")).FullName;
        File.WriteAllText(Path.Combine(project, name), text);
    }

    private static void AssertNone(IReadOnlyList<string> problems) => Assert.True(problems.Count == 0, string.Join('\n', problems));
}
