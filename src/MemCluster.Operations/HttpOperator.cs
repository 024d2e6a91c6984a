using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MemCluster.Messages;

namespace MemCluster.Operations;

/// <summary>A coordinator asked over its HTTP API, whatever stands in <see cref="Questions"/>. Rows arrive one JSON object a line, and are handed on as they arrive.</summary>
public sealed class HttpOperator : IFarOperator
{
    private readonly HttpClient _http;
    private readonly string _address;

    /// <param name="address"><c>HOST:PORT</c>, or a whole http(s) address; several with commas between them are asked in this order.</param>
    /// <param name="handler">How to connect, and whom to trust; disposed with this.</param>
    /// <param name="token">Shown to the coordinator, but never in plain text to another machine; null: none.</param>
    /// <param name="patience">How long questions wait for a coordinator that moves; null: not at all.</param>
    /// <exception cref="UserError">This is no address.</exception>
    private HttpOperator(string address, HttpMessageHandler? handler = null, string? token = null, Patience? patience = null)
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

    /// <inheritdoc cref="HttpOperator(string, HttpMessageHandler?, string?, Patience?)"/>
    public static IFarOperator At(string address, HttpMessageHandler? handler = null, string? token = null, Patience? patience = null) =>
        new HttpOperator(address, handler, token, patience);

    public async Task<T> Ask<T>(Question.One<T> question, Asked asked, CancellationToken cancel)
    {
        using var response = await Send(question, asked, null, cancel);
        return response is null ? default!
            : question.IsText ? (T)(object)await response.Content.ReadAsStringAsync(cancel)
            : await Body<T>(response, cancel);
    }

    public async IAsyncEnumerable<T> Ask<T>(Question.Rows<T> question, Asked asked, [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var line in Lines(question, asked, cancel))
        {
            if (line.Length > 0)
            {
                yield return JsonSerializer.Deserialize<T>(line, MessageJson.Options) ?? throw NotOurs();
            }
        }
    }

    public async IAsyncEnumerable<IMessage> Ask(Question.Happenings question, Asked asked, [EnumeratorCancellation] CancellationToken cancel)
    {
        var kind = "";
        await foreach (var line in Lines(question, asked, cancel))
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

    public async Task<T> Do<TBody, T>(Question.Deed<TBody, T> deed, Asked asked, TBody body, CancellationToken cancel)
    {
        using var json = JsonContent.Create(body, deed.Body, options: MessageJson.Options);
        using var response = await Send(deed, asked, json, cancel, refusable: deed.Refusal is not null);
        return response is null ? default!
            : response.StatusCode == HttpStatusCode.Conflict ? deed.Refusal!.Saying(await response.Content.ReadAsStringAsync(cancel))
            : await Body<T>(response, cancel);
    }

    public IAsyncEnumerable<TrialRow> Trials(SweepSpec spec, TrialQuery query, CancellationToken cancel = default)
    {
        // What can't be read is refused here, before anything is asked.
        var selection = new TrialSelection(spec, query.SortsFar ? query : query with { Where = [] });
        _ = TrialFilter.Of(spec, query.Where);
        var far = query.SortsFar ? query : query with { Sort = null, Limit = query.Sort is null ? query.Limit : null };
        var rows = Ask(Questions.Trials, new(spec.Name.Name, Query: far), cancel);
        return query.SortsFar || query.Sort is null ? rows : selection.Of(rows, cancel);
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

    private async IAsyncEnumerable<string> Lines(Question question, Asked asked, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var response = await Send(question, asked, null, cancel);
        if (response is null)
        {
            yield break;
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await Next(lines, cancel) is { } line)
        {
            yield return line;
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

    /// <returns>Null where there is no such thing; else a success, or a refusal as things are.</returns>
    private async Task<HttpResponseMessage?> Send(Question question, Asked asked, HttpContent? body, CancellationToken cancel, bool refusable = false)
    {
        using var message = new HttpRequestMessage(question.Method, question.PathOf(asked)) { Content = body };
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
            if (response.StatusCode == HttpStatusCode.NotFound && question.Takes != Takes.Nothing)
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

    private async Task<T> Body<T>(HttpResponseMessage response, CancellationToken cancel)
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
