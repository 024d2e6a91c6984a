using MemCluster.Learning;
using MemCluster.Messages;
using MemCluster.Operations;
using MemCluster.Reporting.Pictures;

namespace MemCluster.Cli;

/// <summary>Data sets as <see cref="Learning"/> finds and fetches them.</summary>
internal sealed class DataDoor : IDataDoor
{
    public static Func<DataSettings, string?, string?> Check { get; } = (settings, given) => new DataSource(DataFolder.Find(given)).Check(settings);

    public IReadOnlyList<string> Places(string? given) => DataFolder.Find(given).Places;

    public string? Locate(DataSetCard card, DataFile file, string? given)
    {
        var folder = DataFolder.Find(given);
        return folder.Locate(card, file.Name) ?? folder.LocateArchive(card);
    }

    public bool HasPublishedLength(DataFile file, string path) => DataFolder.HasPublishedLength(path, file);

    public async Task<string> Get(DataSetCard card, string? to, string? from, bool force, IProgress<Fetched> progress, CancellationToken cancel)
    {
        // Its own limit would end a long download; the download itself notices a server that has gone silent.
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            return await DataDownload.Get(
                card, to ?? DataFolder.Cache, got => progress.Report(new Fetched(got.File, got.Bytes, got.Total ?? 0)), http, from, force, cancel);
        }
        catch (DataProblem problem)
        {
            throw new UserError(problem.Message, problem);
        }
    }

    public IReadOnlyList<Picture> Pictures(TrialSettings settings, IReadOnlyList<int> examples, string? given)
    {
        try
        {
            // Scaling comes last of all, and would take the numbers out of what a screen can show.
            var pixels = settings with { Data = settings.Data with { Scaling = DataSettings.NoScaling } };
            var data = Corruption.Of(pixels, new DataSource(DataFolder.Find(given)));
            var card = data.Card;
            int PlaceOf(int example) => data.Drawn is { } drawn ? Array.BinarySearch(drawn.Numbers, example) : example;
            return [.. examples.Select(example => new Picture(card.Width, card.Height, card.Channels, data.Images.AsMemory(PlaceOf(example) * card.Pixels, card.Pixels)))];
        }
        catch (DataProblem problem)
        {
            throw new UserError($"The pictures need the data set on this machine. {problem.Message}", problem);
        }
    }
}
