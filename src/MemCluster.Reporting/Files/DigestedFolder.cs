namespace MemCluster.Reporting.Files;

/// <summary>Files written into a folder one after the other, each whole or not at all, and at the end the list of their digests.</summary>
internal sealed class DigestedFolder(string folder)
{
    private readonly Dictionary<string, string> _digests = [];
    private readonly List<string> _paths = [];

    /// <summary>Of the files so far, as they were written.</summary>
    public IReadOnlyList<string> Paths => _paths;

    public async Task Write(string name, Func<Stream, Task> content)
    {
        var (path, digest) = (Path.Combine(folder, name), "");
        await AtomicFile.Write(path, async file =>
        {
            await using var digested = new DigestStream(file);
            await content(digested);
            digest = digested.Digest();
        });
        _digests[name] = digest;
        _paths.Add(path);
    }

    public Task WriteText(string name, Func<TextWriter, Task> content) => Write(name, AtomicFile.Text(content));

    /// <summary>Files that stand there from before, and are to stay in the list.</summary>
    public void Keep(IEnumerable<KeyValuePair<string, string>> listed)
    {
        foreach (var (name, digest) in listed)
        {
            _digests[name] = digest;
        }
    }

    /// <summary>To be called last: until then an older list stands there, which rightly says that files have changed.</summary>
    public Task WriteList() => AtomicFile.WriteText(Path.Combine(folder, DigestList.Name), text => text.WriteAsync(DigestList.Text(_digests)));
}
