using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Operations;
using SkiaSharp;

namespace MemCluster.Cli.Tests;

/// <summary><c>examples --images</c>.</summary>
public sealed class ExamplePicturesTests
{
    private const int Examples = 40;
    private const string Yaml = "sweep: small\ndata: { name: glyphs, train: 40 }\nmeasures: { learning: every 1 }\naxes: { noise: [none, input 0.3] }\nseeds: 2\n";

    [Fact]
    public async Task A_sheet_shows_each_example_as_its_trial_saw_it_enlarged_and_in_order()
    {
        using var session = Given();
        var file = Path.Combine(session.Folder, "sheet.png");

        // The fourth trial: noise on three tenths of the inputs, seed 1. Scores rise with the number, so the last three come first.
        Assert.Equal(0, await session.Run("examples", "--trial", "4", "--top", "forgetting", "--limit", "3", "--images", "--to", file, "--home", session.Home));

        Assert.EndsWith($"     37      0     {True(37)}{new string(' ', 21)}37\n{file}\n", session.Out);
        var seen = Corruption.Apply(new(DataCatalog.Glyphs, Glyphs.Make("train", Examples), Glyphs.Make("validation", 1)), new Noise(Noise.Input, 0.3), seed: 1);
        using var sheet = SKBitmap.Decode(file);
        Assert.Equal(504, sheet.Height);
        foreach (var (example, left, top) in new[] { (39, 20, 100), (38, 176, 100), (37, 20, 300) })
        {
            for (var pixel = 0; pixel < 784; pixel++)
            {
                var grey = (byte)Math.Round(255 * Math.Clamp(seen.Images[(example * 784) + pixel], 0, 1));
                foreach (var (x, y) in new[] { (0, 0), (4, 4) })
                {
                    Assert.Equal(new SKColor(grey, grey, grey), sheet.GetPixel(left + (pixel % 28 * 5) + x, top + (pixel / 28 * 5) + y));
                }
            }
        }

        Assert.Contains(seen.Corrupted[37..], noisy => noisy);
        Assert.Contains(seen.Corrupted[37..], noisy => !noisy);
    }

    [Fact]
    public async Task Without_a_file_it_lies_with_the_results_or_at_a_coordinator_in_this_folder()
    {
        using var session = Given();
        Assert.Equal(0, await session.Run("examples", "--top", "first-learned", "--images", "--home", session.Home));
        var file = Path.Combine(session.Home, "results", "small", "examples-first-learned.png");
        Assert.EndsWith(file + "\n", session.Out);
        Assert.True(File.Exists(file));

        var far = Path.Combine(session.Folder, "far.png");
        Assert.Equal(0, await session.Run("examples", "--images", "--json", "--to", far, "--at", "node1:8080"));
        Assert.EndsWith("}\n", session.Out);
        Assert.True(File.Exists(far));
    }

    [Fact]
    public async Task Where_the_data_is_not_on_this_machine_nothing_is_printed_or_written()
    {
        using var session = Given(Yaml.Replace("glyphs", "mnist", StringComparison.Ordinal));
        var file = Path.Combine(session.Folder, "sheet.png");

        Assert.Equal(2, await session.Run("examples", "--images", "--to", file, "--data", "/nowhere", "--home", session.Home));

        Assert.Equal("No mnist in /nowhere.\n", session.Error);
        Assert.Empty(session.Out);
        Assert.False(File.Exists(file));
        var problem = Assert.Throws<UserError>(() => new DataDoor().Pictures(new TrialSettings { Data = new() { Name = "nosuch" } }, [0], null));
        Assert.StartsWith("The pictures need the data set on this machine. No data set is called 'nosuch'.", problem.Message);
    }

    [Fact]
    public void An_example_that_is_drawn_is_pictured_by_its_place_in_the_file()
    {
        var settings = new TrialSettings { Data = new() { Name = "glyphs", Train = 5, Validation = 1, Seed = DataSettings.PerSeed }, Seed = 3 };
        var numbers = new DataSource(new DataFolder([])).Load(settings.Data.Of(3)).Drawn!.Numbers;

        var pictures = new DataDoor().Pictures(settings, [numbers[4], numbers[1]], null);

        var file = Glyphs.Make("train", numbers[4] + 1).Pixels;
        foreach (var (number, picture) in new[] { numbers[4], numbers[1] }.Zip(pictures))
        {
            Assert.Equal(file.Slice(number * 784, 784).ToArray(), picture.Pixels.ToArray().Select(pixel => (byte)Math.Round(255 * pixel)));
        }
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        using var session = Given();
        Assert.Equal(2, await session.Run("examples", "--to", "sheet.png", "--home", session.Home));
        Assert.Contains("say --images, too", session.Error);
        Assert.Equal(2, await session.Run("examples", "--images", "--to", session.Home, "--home", session.Home));
        Assert.Contains("Say another file with --to FILE.", session.Error);
    }

    private static int True(int example) => Glyphs.Make("train", Examples).Labels.Span[example];

    /// <summary>Each trial gave label 0 to all, and its scores are the examples' numbers.</summary>
    private static Session Given(string yaml = Yaml)
    {
        TrialArray[] arrays = [.. Enumerable.Range(1, 4).SelectMany(trial => new[]
        {
            Finding.OfBits(0, ExampleNames.Corrupted, new bool[Examples]), Finding.OfSingles(0, ExampleNames.Given, new double[Examples]),
            Finding.OfSingles(0, ExampleNames.True, [.. Enumerable.Range(0, Examples).Select(example => (double)True(example))]),
            Finding.OfSingles(5, "forgetting", [.. Enumerable.Range(0, Examples).Select(example => (double)example)]),
            Finding.OfSingles(5, "first_learned", new double[Examples]),
        }.Select(found => new TrialArray(trial, found)))];
        return new Session(new FakeNode { ArraysOf = trial => arrays.Where(array => trial is null || array.Trial == trial).ToArray() }
            .Holding(Session.Spec(yaml), _ => TrialState.Finished)).WithHome();
    }
}
