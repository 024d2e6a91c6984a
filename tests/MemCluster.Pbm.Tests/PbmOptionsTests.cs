using MemCluster.Coordinator;
using MemCluster.Hosting;
using MemCluster.Operations;

namespace MemCluster.Pbm.Tests;

public sealed class PbmOptionsTests
{
    [Theory]
    [InlineData("--pbm", "127.0.0.1:9110")]
    [InlineData("--pbm-write")]
    [InlineData("--specs", "here")]
    public void A_build_without_the_package_says_so_and_how_to_make_one_with_it(params string[] said)
    {
        var problem = Assert.Throws<UserError>(() => Of(false, said));
        Assert.StartsWith($"{said[0]}: this build has no Petabridge.Cmd.", problem.Message, StringComparison.Ordinal);
        Assert.Contains("-p:PetabridgeCmd=true", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_is_said_the_door_is_open_to_look_where_there_is_one()
    {
        Assert.Null(Of(false));
        Assert.Null(Of(false, "--pbm", "off"));
        Assert.Equal(new PbmOptions(9110, false, Path.Combine("home", "specs")), Of(true));
        Assert.Equal(new PbmOptions(9111, true, "here"), Of(true, "--pbm", "localhost:9111", "--pbm-write", "--specs", "here"));
        Assert.Null(Of(true, "--pbm", "off"));
    }

    [Theory]
    [InlineData("0.0.0.0:9110")]
    [InlineData("node1:9110")]
    public void It_answers_on_loopback_only(string address) =>
        Assert.Contains("SSH tunnel", Assert.Throws<UserError>(() => Of(true, "--pbm", address)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task The_profile_says_where_it_listens_and_the_option_which_port()
    {
        var node = new PbmOptions(9999, false, "specs").On(new NodeOptions { Profiles = ["coordinator"] });
        var system = Node.Create(node);
        try
        {
            Assert.Equal("127.0.0.1", system.Settings.Config.GetString("petabridge.cmd.host"));
            Assert.Equal(9999, system.Settings.Config.GetInt("petabridge.cmd.port"));
        }
        finally
        {
            await system.Terminate();
        }
    }

    [Theory]
    [InlineData("--pbm", "127.0.0.1:9110")]
    [InlineData("--pbm-write")]
    public async Task The_coordinator_of_this_build_refuses_with_2_and_makes_nothing(params string[] said)
    {
        var home = Path.Combine(Path.GetTempPath(), $"memcluster-none-{Guid.NewGuid():n}");
        Assert.Equal(2, await CoordinatorProgram.Run(["--home", home, .. said]));
        Assert.False(Directory.Exists(home));
    }

    private static PbmOptions? Of(bool isBuiltIn, params string[] said) => PbmOptions.Of(NodeValues.Read(NodeVerb.Coordinator, said), "home", isBuiltIn);
}
