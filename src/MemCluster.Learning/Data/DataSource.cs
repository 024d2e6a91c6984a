using MemCluster.Messages;

namespace MemCluster.Learning;

/// <summary>
/// The data sets of a process: each file is read and checked once, on first need, and kept. Safe to use from many threads. Touches no torch
/// type, so that a command can check its data without loading libtorch.
/// </summary>
public sealed class DataSource
{
    private readonly DataFolder _folder;
    private readonly IReadOnlyList<DataSetCard> _catalog;

    // Guards the two caches. Held while a file is read, so that trials that start together read it once.
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Set, string Part), DataPart> _parts = [];
    private readonly Dictionary<(string Set, string Part), DataPart> _made = [];

    public DataSource(DataFolder folder)
        : this(folder, DataCatalog.All)
    {
    }

    internal DataSource(DataFolder folder, IReadOnlyList<DataSetCard> catalog)
    {
        _folder = folder;
        _catalog = catalog;
    }

    /// <summary>Whether these examples are here and true: null, or a sentence for the user. Reads the files.</summary>
    public string? Check(DataSettings settings)
    {
        try
        {
            if (settings.Name.Length > 0)
            {
                Load(settings.Of(0)); // Whether a draw can be made does not depend on the seed.
            }

            return null;
        }
        catch (DataProblem problem)
        {
            return problem.Message;
        }
    }

    /// <summary>The clean examples that these settings ask for.</summary>
    /// <param name="settings">Of one trial, where each draws its own (<see cref="DataSettings.Of"/>).</param>
    /// <exception cref="DataProblem">The set is missing, damaged or too small.</exception>
    public DataSelection Load(DataSettings settings)
    {
        var card = _catalog.FirstOrDefault(card => card.Name == settings.Name)
            ?? throw new DataProblem($"No data set is called '{settings.Name}'. There are: {string.Join(", ", _catalog.Select(card => card.Name))}.");
        if (settings.Split is not ("validation" or "test"))
        {
            throw new DataProblem($"'{settings.Split}' is no split of {card.Name}. There are: validation, test.");
        }

        if (settings.Pool < 1 || card.Height % settings.Pool != 0 || card.Width % settings.Pool != 0)
        {
            throw new DataProblem($"Images of {card.Name} have {card.Height} x {card.Width} pixels; squares of {settings.Pool} x {settings.Pool} don't fill them.");
        }

        var train = Wanted(settings.Train, card.Train, "training", card);
        var scored = Wanted(settings.Validation, card.Scored(settings.Split), settings.Split, card);
        var (trained, draw) = Chosen(Train(card, train, settings), card, train, settings, Seeds.TrainExamples);
        var (validation, _) = Chosen(Scored(card, scored, settings), card, scored, settings, Seeds.ScoredExamples);
        return new DataSelection(card, trained, validation, settings.Pool, settings.Labels == DataSettings.UniqueLabels, settings.Scaling == DataSettings.Standardized)
        {
            Drawn = draw,
        };
    }

    private static (DataPart Examples, DataDraw? Draw) Chosen(
        IEnumerable<DataPart> parts, DataSetCard card, int count, DataSettings settings, string purpose) => settings.DrawnBy() is { } seed
        ? DataDraw.From([.. parts], card, count, settings.Balanced, new Seeds(seed).Generator(purpose))
        : (DataSelection.First(parts, card, count, settings.Balanced), null);

    private static int Wanted(int? asked, int there, string what, DataSetCard card) => asked switch
    {
        null => there,
        < 1 => throw new DataProblem($"{asked} {what} examples of {card.Name} are too few; ask for at least 1."),
        _ when asked > there => throw new DataProblem(
            $"{card.Name} has {DataSelection.Number(there)} {what} examples, {DataSelection.Number(asked.Value)} asked for."),
        _ => asked.Value,
    };

    private IEnumerable<DataPart> Train(DataSetCard card, int count, DataSettings settings) =>
        card.BuiltIn ? [Made(card, "train", BeyondTheFirst(settings) ? card.Train : count)]
        : IsCifar(card) ? CifarBatches(
            card, settings.DrawnBy() is null ? $"{DataSelection.Number(count)} asked for" : $"and data.seed draws from all {DataSelection.Number(card.Train)}")
        : [Idx(card, 0).Slice(0, card.Train, card.Pixels)];

    private IEnumerable<DataPart> Scored(DataSetCard card, int count, DataSettings settings) =>
        card.BuiltIn ? [Made(card, settings.Split, BeyondTheFirst(settings) ? card.Scored(settings.Split) : count)]
        : IsCifar(card) ? [Cifar(card, card.Files[^1])]
        : settings.Split == "test" ? [Idx(card, 2)]
        : [Idx(card, 0).Slice(card.Train, card.Validation, card.Pixels)];

    /// <summary>Examples behind the first so many may be needed too.</summary>
    private static bool BeyondTheFirst(DataSettings settings) => settings.Balanced || settings.DrawnBy() is not null;

    private static bool IsCifar(DataSetCard card) => card.Files[0].Name.EndsWith(".bin", StringComparison.Ordinal);

    /// <summary>The batches up to the first that is missing: a later one must not slide into its place, or "the first N" would mean two things.</summary>
    /// <param name="asked">How many are wanted, in words.</param>
    private IEnumerable<DataPart> CifarBatches(DataSetCard card, string asked)
    {
        var batches = card.Files.SkipLast(1).ToList();
        var archive = _folder.LocateArchive(card) is not null;
        var held = 0;
        foreach (var batch in batches)
        {
            if (!archive && _folder.Locate(card, batch.Name) is null)
            {
                var missing = batches.Where(file => _folder.Locate(card, file.Name) is null).Select(file => file.Name).ToList();
                var sentence = _folder.Missing(card, missing).Message;
                throw new DataProblem(held == 0 ? sentence
                    : $"{card.Name} has {DataSelection.Number(held)} training examples here, {asked}. {sentence}");
            }

            var part = Cifar(card, batch);
            held += part.Count;
            yield return part;
        }
    }

    private DataPart Cifar(DataSetCard card, DataFile file) =>
        Once(card, file.Name, () => DataFormats.Cifar(Bytes(card, file), card));

    /// <summary>Images and labels stand next to each other in the catalog; the training pair first.</summary>
    private DataPart Idx(DataSetCard card, int first) =>
        Once(card, card.Files[first].Name, () => DataFormats.Idx(Bytes(card, card.Files[first]), Bytes(card, card.Files[first + 1]), card));

    private DataPart Once(DataSetCard card, string part, Func<DataPart> read)
    {
        lock (_lock)
        {
            return _parts.TryGetValue((card.Name, part), out var known) ? known : _parts[(card.Name, part)] = read();
        }
    }

    private byte[] Bytes(DataSetCard card, DataFile file)
    {
        if (_folder.Locate(card, file.Name) is { } path)
        {
            return DataFiles.Read(path, file, card.Name);
        }

        // An archive must be unpacked from its beginning for any of its files; take all of them at once.
        if (_folder.LocateArchive(card) is { } archive)
        {
            var all = DataFiles.ReadArchive(archive, card.Files, card.Name);
            foreach (var other in card.Files.Where(other => other != file && all.ContainsKey(other.Name)))
            {
                _parts.TryAdd((card.Name, other.Name), DataFormats.Cifar(all[other.Name], card));
            }

            return all.TryGetValue(file.Name, out var bytes) ? bytes
                : throw new DataProblem($"{archive} holds no {file.Name}. {DataFiles.Remedy(card.Name)}");
        }

        throw _folder.Missing(card, [.. card.Files.Select(other => other.Name).Where(other => _folder.Locate(card, other) is null)]);
    }

    /// <summary>Built-in examples: the i-th never depends on how many are asked for, so the longest run made so far serves all.</summary>
    private DataPart Made(DataSetCard card, string part, int count)
    {
        lock (_lock)
        {
            if (!_made.TryGetValue((card.Name, part), out var made) || made.Count < count)
            {
                _made[(card.Name, part)] = made = card == DataCatalog.Glyphs ? Glyphs.Make(part, count) : ModularAddition.Make(card.Classes, part, count);
            }

            return made.Slice(0, count, card.Pixels);
        }
    }
}
