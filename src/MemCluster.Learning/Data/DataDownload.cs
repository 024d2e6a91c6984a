using System.Net;
using System.Security.Cryptography;
using MemCluster.Messages;

namespace MemCluster.Learning;

/// <param name="Bytes">Of the file, here so far.</param>
/// <param name="Total">Of the whole file; null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Bytes, long? Total);

/// <summary>
/// Fetches a published data set into a folder. A file grows under a name that ends in .part, goes on from there after a break (in this run or
/// the next), and takes its own name only when its digest is right; so whatever stands under that name is good, and stays.
/// </summary>
public static class DataDownload
{
    /// <summary>Names an address to fetch from instead of the publisher's; below it, a folder for each set, as in a data folder.</summary>
    public const string Variable = "MEMCLUSTER_MIRROR";

    // A server that sends nothing for so long is taken for gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Gets what is not there yet and right. Returns the folder that holds the set.</summary>
    /// <param name="folder">The folder of all sets, as a rule <see cref="DataFolder.Cache"/>.</param>
    /// <param name="progress">Called often, on whatever thread reads.</param>
    /// <param name="mirror">Address to fetch from; else <c>MEMCLUSTER_MIRROR</c>, else the publisher's.</param>
    /// <param name="force">A file of that name that is not the published one is kept beside it as .bak; else it is refused, for it may be the user's.</param>
    /// <exception cref="DataProblem">The server can't be reached, breaks off again and again, or sends other bytes; or the folder can't be written.</exception>
    public static async Task<string> Get(
        DataSetCard card, string folder, Action<DownloadProgress> progress, HttpClient http, string? mirror = null, bool force = false,
        CancellationToken stop = default)
    {
        var place = Path.Combine(folder, card.Name);
        mirror ??= Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } variable ? variable : null;
        var source = mirror is null ? card.Source : $"{mirror.TrimEnd('/')}/{card.Name}/";
        if (!Uri.TryCreate(source, UriKind.Absolute, out var address))
        {
            throw new DataProblem(card.BuiltIn ? $"{card.Name} is built in; there is nothing to get." : $"'{source}' is no address to fetch from.");
        }

        try
        {
            Directory.CreateDirectory(place);
            var loose = card.Files.Where(file => MakeWay(card, file, Path.Combine(place, file.Name), force)).ToHashSet();
            foreach (var file in Published(card).Where(file => card.Archive is not null ? loose.Count < card.Files.Count : !loose.Any(whole => whole.Download == file.Name)))
            {
                MakeWay(card, file, Path.Combine(place, file.Name), force);
                await GetFile(card, file, place, new Uri(address, file.Name), progress, http, stop).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new DataProblem($"{DataFolder.Readable(place)} can't be written: {failure.Message} Make room or make it writable, and say it again.");
        }

        return place;
    }

    /// <summary>What the server holds: the files themselves, compressed, or the one archive of them.</summary>
    private static IEnumerable<DataFile> Published(DataSetCard card) => card.Archive is { } archive
        ? [new DataFile(archive, 0, "")]
        : card.Files.Select(file => new DataFile(file.Download!, file.DownloadBytes, file.DownloadSha256!));

    /// <summary>Whatever is read before what is fetched must be right, too, or the next sweep stumbles over it. It is never thrown away: it isn't ours.</summary>
    /// <returns>Whether the published file is there.</returns>
    private static bool MakeWay(DataSetCard card, DataFile file, string path, bool force)
    {
        if (!File.Exists(path) || Wrong(card, file, path) is not { } wrong || HoldsPublished(card, file, path))
        {
            return File.Exists(path);
        }

        if (!force)
        {
            throw new DataProblem($"{DataFolder.Readable(path)} isn't the published one: {wrong} Is it yours? Move it elsewhere, "
                + "or say --force, which keeps it as .bak. Nothing was touched.");
        }

        var kept = Enumerable.Range(0, 1000).Select(number => $"{path}{(number == 0 ? "" : $".{number}")}.bak").First(name => !File.Exists(name));
        File.Move(path, kept);
        return false;
    }

    /// <summary>Other gzip programs make other bytes of the same file.</summary>
    private static bool HoldsPublished(DataSetCard card, DataFile file, string path)
    {
        try
        {
            return card.Files.FirstOrDefault(whole => whole.Download == file.Name) is { } whole && DataFiles.Read(path, whole, card.Name).Length == whole.Bytes;
        }
        catch (DataProblem)
        {
            return false;
        }
    }

    private static async Task GetFile(
        DataSetCard card, DataFile file, string place, Uri address, Action<DownloadProgress> progress, HttpClient http, CancellationToken stop)
    {
        var (target, part) = (Path.Combine(place, file.Name), Path.Combine(place, file.Name + ".part"));
        if (File.Exists(target))
        {
            var there = new FileInfo(target).Length;
            progress(new DownloadProgress(file.Name, there, there));
            return;
        }

        for (long before = -1, have = 0; ; before = have)
        {
            var whole = false;
            try
            {
                whole = await GetRest(file, part, address, progress, http, stop).ConfigureAwait(false);
            }
            catch (DataProblem) when (new FileInfo(part) is { Exists: true, Length: 0 } empty)
            {
                empty.Delete();
                throw;
            }

            have = File.Exists(part) ? new FileInfo(part).Length : 0;
            if (whole)
            {
                break;
            }

            if (have <= before)
            {
                throw new DataProblem(FormattableString.Invariant(
                    $"{address.Host} broke off at {have:N0} bytes of {file.Name} and sent nothing more. Say it again later: it goes on from there."));
            }
        }

        if (Wrong(card, file, part) is { } wrong)
        {
            File.Delete(part);
            throw new DataProblem($"{address} sent other bytes than published: {wrong} They were thrown away, nothing else was touched. "
                + $"Say it again, or name another source with {Variable}.");
        }

        File.Move(part, target);
    }

    /// <summary>One request for what is still missing. False where the connection broke.</summary>
    private static async Task<bool> GetRest(
        DataFile file, string part, Uri address, Action<DownloadProgress> progress, HttpClient http, CancellationToken stop)
    {
        await using var output = new FileStream(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (file.Bytes > 0 && output.Length >= file.Bytes)
        {
            output.SetLength(file.Bytes);
            return true;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Range = output.Length > 0 ? new(output.Length, null) : null;
            patience.CancelAfter(Patience);
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && output.Length > 0)
            {
                // Nothing comes after what is here: it is the whole, or no beginning of this file; the digest will tell.
                return true;
            }

            if (!answer.IsSuccessStatusCode)
            {
                throw new DataProblem($"{address} answers {(int)answer.StatusCode} ({answer.ReasonPhrase}). Try later, or name another source with {Variable}.");
            }

            var kept = answer.StatusCode == HttpStatusCode.PartialContent ? output.Length : 0;
            if (Strange(file, answer.Content.Headers, kept) is { } strange)
            {
                throw new DataProblem($"{address} answers with {strange}; a page to log in, perhaps. Nothing of it was kept. Name another source with {Variable} or --from.");
            }

            // A server that ignores the range begins at the beginning.
            output.SetLength(answer.StatusCode == HttpStatusCode.PartialContent && answer.Content.Headers.ContentRange?.From == output.Length ? output.Length : 0);
            output.Position = output.Length;
            long? total = file.Bytes > 0 ? file.Bytes : output.Length + answer.Content.Headers.ContentLength;
            await using var input = await answer.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            var buffer = new byte[81_920];
            while (await Read(input, buffer, patience).ConfigureAwait(false) is > 0 and var read)
            {
                await output.WriteAsync(buffer.AsMemory(0, read), stop).ConfigureAwait(false);
                progress(new DownloadProgress(file.Name, output.Position, total));
            }

            return total is null || output.Position >= total;
        }
        catch (HttpRequestException failure) when (failure.StatusCode is null && output.Length == 0)
        {
            throw new DataProblem($"{address.Host} can't be reached: {failure.Message}. Try later, or name another source with {Variable}.");
        }
        catch (Exception broken) when (broken is HttpRequestException or HttpIOException || (broken is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>Null where the answer can be the file, or what is missing of it; seen before its first byte.</summary>
    private static string? Strange(DataFile file, System.Net.Http.Headers.HttpContentHeaders headers, long kept) =>
        headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml" ? "a web page"
        : file.Bytes > 0 && headers.ContentLength is { } length && kept + length != file.Bytes
            ? FormattableString.Invariant($"{kept + length:N0} bytes instead of the {file.Bytes:N0} of {file.Name}")
        : null;

    private static async Task<int> Read(Stream input, byte[] buffer, CancellationTokenSource patience)
    {
        patience.CancelAfter(Patience);
        try
        {
            return await input.ReadAsync(buffer, patience.Token).ConfigureAwait(false);
        }
        catch (IOException broken) when (broken is not HttpIOException)
        {
            // A socket's word; told apart from a full disk, which is no reason to ask again.
            throw new HttpIOException(HttpRequestError.ResponseEnded, broken.Message, broken);
        }
    }

    /// <summary>Null where the file is as published; else expected and found.</summary>
    private static string? Wrong(DataSetCard card, DataFile file, string path)
    {
        if (Path.GetFileName(path) is var name && (card.Archive is null || card.Files.Any(one => one.Name == name)))
        {
            return Digest(path) is var digest && digest == file.Sha256 ? null : $"expected SHA-256 {file.Sha256}, found {digest}.";
        }

        try
        {
            var lacking = card.Files.Select(inner => inner.Name).Except(DataFiles.ReadArchive(path, card.Files, card.Name).Keys).ToList();
            return lacking.Count == 0 ? null : $"no {string.Join(", no ", lacking)} in it.";
        }
        catch (DataProblem problem)
        {
            return problem.Message;
        }
    }

    private static string Digest(string path)
    {
        using var stream = RegularFile.Open(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
