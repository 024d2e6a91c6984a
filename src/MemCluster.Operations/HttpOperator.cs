using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>A coordinator asked over its HTTP API. Rows arrive one JSON object a line, and are handed on as they arrive.</summary>
public sealed class HttpOperator : IOperator, IDisposable
{
    private const string Root = "/api/v1/";
    private readonly HttpClient _http;
    private readonly string _address;

    /// <param name="address"><c>HOST:PORT</c>, or a whole http(s) address; several with commas between them are asked in this order.</param>
    /// <param name="handler">How to connect, and whom to trust; disposed with this.</param>
    /// <param name="token">Shown to the coordinator, but never in plain text to another machine; null: none.</param>
    /// <param name="patience">How long questions wait for a coordinator that moves; null: not at all.</param>
    /// <exception cref="UserError">This is no address.</exception>
    public HttpOperator(string address, HttpMessageHandler? handler = null, string? token = null, Patience? patience = null)
    {
        Uri[] addresses = [.. address.Split(',').Select(one => AddressOf(one.Trim()))];
        _address = address;
        _http = new HttpClient(new SeveralAddresses(addresses, patience, handler ?? new HttpClientHandler())) { BaseAddress = addresses[0] };
        // Rows of a large sweep take as long as they take; the connection itself must not.
        _http.Timeout = Timeout.InfiniteTimeSpan;
        if (token is not null && addresses.All(one => one.Scheme == "https" || one.IsLoopback))
        {
            _http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    public async Task<SubmitReply> Submit(SubmitRequest request, CancellationToken cancel = default)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Root + "sweeps")
        {
            Content = JsonContent.Create(request, options: MessageJson.Options),
        };
        using var response = await Send(message, cancel);
        return await Body<SubmitReply>(response!, cancel);
    }

    public async Task<ControlReply?> Control(SweepId sweep, SweepCommand.Control command, CancellationToken cancel = default)
    {
        using var response = await Post(PathOf(sweep, "/" + command.Verb), command, cancel);
        return response is null ? null
            : response.StatusCode == HttpStatusCode.Conflict ? new(null, 0, await response.Content.ReadAsStringAsync(cancel))
            : await Body<ControlReply>(response, cancel);
    }

    public async Task<TrainerStatus?> Drain(string trainer, bool drained, CancellationToken cancel = default)
    {
        using var response = await Post($"nodes/{Uri.EscapeDataString(trainer)}/drain", new DrainRequest(!drained), cancel);
        return response is null ? null : await Body<TrainerStatus>(response, cancel);
    }

    public async Task<IReadOnlyList<SweepSummary>> List(CancellationToken cancel = default) =>
        await Get<List<SweepSummary>>("sweeps", cancel) ?? [];

    public Task<SweepStatus?> Status(SweepId sweep, CancellationToken cancel = default) => Get<SweepStatus>(PathOf(sweep, ""), cancel);

    public Task<string?> Spec(SweepId sweep, CancellationToken cancel = default) => Text(PathOf(sweep, "/spec"), cancel);

    public Task<string?> NumericsVersion(SweepId sweep, CancellationToken cancel = default) => Text(PathOf(sweep, "/numerics"), cancel);

    public IAsyncEnumerable<TrialRow> Trials(SweepId sweep, CancellationToken cancel = default) => Rows<TrialRow>(PathOf(sweep, "/trials"), cancel);

    public IAsyncEnumerable<TrialRow> Trials(SweepSpec spec, TrialQuery query, CancellationToken cancel = default)
    {
        // What can't be read is refused here, before anything is asked.
        var selection = new TrialSelection(spec, query.SortsFar ? query : query with { Where = [] });
        _ = TrialFilter.Of(spec, query.Where);
        var far = query.SortsFar ? query : query with { Sort = null, Limit = query.Sort is null ? query.Limit : null };
        var rows = Rows<TrialRow>(PathOf(spec.Name, "/trials" + QueryOf(far)), cancel);
        return query.SortsFar || query.Sort is null ? rows : selection.Of(rows, cancel);
    }

    public IAsyncEnumerable<TrialRow> Scores(SweepId sweep, CancellationToken cancel = default) => Rows<TrialRow>(PathOf(sweep, "/scores"), cancel);

    public IAsyncEnumerable<MeasureRow> Measures(SweepId sweep, CancellationToken cancel = default) => Rows<MeasureRow>(PathOf(sweep, "/measures"), cancel);

    public IAsyncEnumerable<TrialArray> Arrays(SweepId sweep, int? trial, CancellationToken cancel = default) =>
        Rows<TrialArray>(PathOf(sweep, trial is { } one ? string.Create(CultureInfo.InvariantCulture, $"/arrays?trial={one}") : "/arrays"), cancel);

    public IAsyncEnumerable<AbsenceRow> Absent(SweepId sweep, CancellationToken cancel = default) => Rows<AbsenceRow>(PathOf(sweep, "/absent"), cancel);

    public IAsyncEnumerable<AttemptRow> Attempts(SweepId sweep, CancellationToken cancel = default) => Rows<AttemptRow>(PathOf(sweep, "/attempts"), cancel);

    public Task<TrialStory?> Trial(SweepId sweep, int trial, CancellationToken cancel = default) =>
        Get<TrialStory>(PathOf(sweep, string.Create(CultureInfo.InvariantCulture, $"/trials/{trial}")), cancel);

    public async Task<IReadOnlyList<AxisProgress>?> Progress(SweepId sweep, CancellationToken cancel = default) =>
        await Get<List<AxisProgress>>(PathOf(sweep, "/progress"), cancel);

    public async Task<IReadOnlyList<TrainerStatus>> Nodes(CancellationToken cancel = default) => await Get<List<TrainerStatus>>("nodes", cancel) ?? [];

    public async Task<IReadOnlyList<WorkTiming>> Timings(CancellationToken cancel = default) =>
        await Get<List<WorkTiming>>("timings", cancel) ?? [];

    public async IAsyncEnumerable<IMessage> Events(SweepId sweep, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var response = await SendGet(PathOf(sweep, "/events"), cancel);
        if (response is null)
        {
            yield break;
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        var kind = "";
        while (await Next(lines, cancel) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                kind = line["event: ".Length..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal) && MessageJson.Kinds.ContainsKey(kind))
            {
                yield return (IMessage)MessageJson.Read(Encoding.UTF8.GetBytes(line["data: ".Length..]), kind);
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri AddressOf(string address)
    {
        var whole = address.Contains("://", StringComparison.Ordinal);
        return Uri.TryCreate(whole ? address : "http://" + address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && uri.Host.Length > 0 && (whole || address.Contains(':'))
            ? uri
            : throw new UserError($"'{address}' is no address; write it as HOST:PORT, for example --at 127.0.0.1:4080.");
    }

    private static string PathOf(SweepId sweep, string what) => $"sweeps/{Uri.EscapeDataString(sweep.Name)}{what}";

    private static string QueryOf(TrialQuery query)
    {
        string[] parts =
        [
            .. query.Where.Select(condition => "where=" + Uri.EscapeDataString(condition)),
            .. query.Sort is { } sort ? ["sort=" + Uri.EscapeDataString(sort)] : (string[])[],
            .. query.Limit is { } limit ? [string.Create(CultureInfo.InvariantCulture, $"limit={limit}")] : (string[])[],
        ];
        return parts.Length == 0 ? "" : "?" + string.Join('&', parts);
    }

    private async Task<string?> Text(string path, CancellationToken cancel)
    {
        using var response = await SendGet(path, cancel);
        return response is null ? null : await response.Content.ReadAsStringAsync(cancel);
    }

    private async Task<T?> Get<T>(string path, CancellationToken cancel) where T : class
    {
        using var response = await SendGet(path, cancel);
        return response is null ? null : await Body<T>(response, cancel);
    }

    private async IAsyncEnumerable<T> Rows<T>(string path, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await SendGet(path, cancel);
        if (response is null)
        {
            yield break;
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await Next(lines, cancel) is { } line)
        {
            if (line.Length > 0)
            {
                yield return JsonSerializer.Deserialize<T>(line, MessageJson.Options) ?? throw NotOurs();
            }
        }
    }

    private async Task<string?> Next(StreamReader lines, CancellationToken cancel)
    {
        try
        {
            return await lines.ReadLineAsync(cancel);
        }
        catch (IOException broken)
        {
            throw new UserError($"The connection to {_address} broke in the middle of an answer; ask again.", broken);
        }
    }

    private async Task<HttpResponseMessage?> SendGet(string path, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, Root + path);
        return await Send(message, cancel);
    }

    /// <returns>Null where there is no such thing; else a success, or a refusal as things are.</returns>
    private async Task<HttpResponseMessage?> Post(string path, object body, CancellationToken cancel)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Root + path)
        {
            Content = JsonContent.Create(body, body.GetType(), options: MessageJson.Options),
        };
        return await Send(message, cancel, refusable: true);
    }

    /// <returns>Null where there is no such thing; else a success.</returns>
    private async Task<HttpResponseMessage?> Send(HttpRequestMessage message, CancellationToken cancel, bool refusable = false)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException failure)
        {
            throw new UserError(NoAnswer.Sentence(_address, _http.BaseAddress!, failure), failure);
        }

        if (response.IsSuccessStatusCode || (refusable && response.StatusCode == HttpStatusCode.Conflict))
        {
            return response;
        }

        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound && (refusable || message.Method == HttpMethod.Get))
            {
                return null;
            }

            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                throw new UserError(_http.DefaultRequestHeaders.Authorization is null
                    ? $"{_address} wants a token: set MEMCLUSTER_TOKEN, or say --token-file FILE."
                    : $"{_address} has another token than the one it was shown; look at MEMCLUSTER_TOKEN or --token-file.");
            }

            var said = (await response.Content.ReadAsStringAsync(cancel)).ReplaceLineEndings(" ").Trim();
            throw new UserError(said.Length is > 0 and < 500
                ? $"{_address} refused: {said}"
                : $"{_address} answered with status {(int)response.StatusCode}; is it a memcluster coordinator of this version?");
        }
    }

    private async Task<T> Body<T>(HttpResponseMessage response, CancellationToken cancel) where T : class
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<T>(MessageJson.Options, cancel) ?? throw NotOurs();
        }
        catch (JsonException unreadable)
        {
            throw new UserError(NotOurs().Message, unreadable);
        }
    }

    private UserError NotOurs() => new($"What {_address} answers can't be read; is it a memcluster coordinator of this version?");
}
