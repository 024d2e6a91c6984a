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
    /// <exception cref="DataProblem">The server can't be reached, breaks off again and again, or sends other bytes; or the folder can't be written.</exception>
    public static async Task<string> Get(
        DataSetCard card, string folder, Action<DownloadProgress> progress, HttpClient http, string? mirror = null, CancellationToken stop = default)
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
            foreach (var file in Published(card))
            {
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

    private static async Task GetFile(
        DataSetCard card, DataFile file, string place, Uri address, Action<DownloadProgress> progress, HttpClient http, CancellationToken stop)
    {
        var (target, part) = (Path.Combine(place, file.Name), Path.Combine(place, file.Name + ".part"));
        if (File.Exists(target) && Wrong(card, file, target) is null)
        {
            var there = new FileInfo(target).Length;
            progress(new DownloadProgress(file.Name, there, there));
            return;
        }

        for (long before = -1, have = 0; ; before = have)
        {
            var whole = await GetRest(file, part, address, progress, http, stop).ConfigureAwait(false);
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

        File.Move(part, target, overwrite: true);
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
        if (card.Archive is null)
        {
            using var stream = File.OpenRead(path);
            var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
            return digest == file.Sha256 ? null : $"expected SHA-256 {file.Sha256}, found {digest}.";
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
}
