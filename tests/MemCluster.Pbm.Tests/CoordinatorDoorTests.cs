using MemCluster.Coordinator;
using MemCluster.Hosting;
using Microsoft.Data.Sqlite;
using Petabridge.Cmd.Host;

namespace MemCluster.Pbm.Tests;

/// <summary>
/// The coordinator's own program, compiled here with PETABRIDGE_CMD against the stubs: the one place that opens the door is no code that nobody
/// compiles.
/// </summary>
public sealed class CoordinatorDoorTests
{
    [Fact]
    public async Task A_coordinator_opens_the_door_and_answers_there_of_its_own_sweeps()
    {
        var folder = Directory.CreateTempSubdirectory("memcluster-door-").FullName;
        var opened = new TaskCompletionSource<PetabridgeCmd>(TaskCreationOptions.RunContinuationsAsynchronously);
        PetabridgeCmd.Started += Take;
        try
        {
            var serving = CoordinatorProgram.Serve(new()
            {
                Home = new Home(Path.Combine(folder, "home")),
                Node = new NodeOptions { Profiles = ["coordinator"] },
                Pbm = new PbmOptions(9110, Write: false, folder),
            });
            await Task.WhenAny(serving, opened.Task).WaitAsync(TimeSpan.FromMinutes(2));
            var door = await opened.Task.WaitAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(["sweep", "cluster"], door.Registered.Select(handler => handler.Palette.ModuleName));

            await File.WriteAllTextAsync(Path.Combine(folder, "small.yaml"), Testbed.Yaml("small"));
            using (var client = new PaletteClient(door.Sys, door.Registered[0].HandlerProps))
            {
                client.Say("submit", ("--spec", "small.yaml"));
                Assert.Contains((await client.Hear()).Lines, line => line.Contains(" small: 4 trials, 4 left.", StringComparison.Ordinal));
            }

            await door.Sys.Terminate();
            Assert.Equal(75, await serving.WaitAsync(TimeSpan.FromMinutes(1)));
        }
        finally
        {
            PetabridgeCmd.Started -= Take;
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }

        void Take(PetabridgeCmd door)
        {
            if (door.Sys.Name == Roles.SystemName)
            {
                opened.TrySetResult(door);
            }
        }
    }
}
