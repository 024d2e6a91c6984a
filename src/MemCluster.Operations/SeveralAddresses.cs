using System.Net;

namespace MemCluster.Operations;

/// <summary>
/// A request goes to each address in order until one answers. What only looks may then wait and ask again, where there is patience; what changes
/// something is never sent twice, unless it can't have left this machine.
/// </summary>
internal sealed class SeveralAddresses(IReadOnlyList<Uri> addresses, Patience? patience, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private int _told;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri!.PathAndQuery;
        var looks = request.Method == HttpMethod.Get;
        var began = patience?.Clock.GetTimestamp() ?? 0;
        while (true)
        {
            var (answer, silence) = await Round(request, path, looks, cancellationToken).ConfigureAwait(false);
            if (answer is { StatusCode: not HttpStatusCode.ServiceUnavailable } || !looks || patience is null
                || (answer is null && !MayCome(silence!)) || patience.Clock.GetElapsedTime(began) + Pause > patience.Limit)
            {
                return answer ?? throw silence!;
            }

            if (Interlocked.Exchange(ref _told, 1) == 0)
            {
                patience.Tell(answer is null
                    ? $"No coordinator answers at {string.Join(" or ", addresses.Select(address => address.Authority))}; asking again for {patience.Limit.TotalSeconds:0} s …"
                    : $"The coordinator is moving; asking again for {patience.Limit.TotalSeconds:0} s …");
            }

            answer?.Dispose();
            await Task.Delay(Pause, patience.Clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>The first answer that is worth having; else one that says to ask again, or why nobody could be asked.</returns>
    private async Task<(HttpResponseMessage? Answer, HttpRequestException? Silence)> Round(
        HttpRequestMessage request, string path, bool looks, CancellationToken cancel)
    {
        HttpResponseMessage? later = null;
        HttpRequestException? silence = null;
        foreach (var address in addresses)
        {
            request.RequestUri = new Uri(address, path);
            try
            {
                var answer = await base.SendAsync(request, cancel).ConfigureAwait(false);
                if (!looks || answer.StatusCode != HttpStatusCode.ServiceUnavailable)
                {
                    later?.Dispose();
                    return (answer, null);
                }

                later?.Dispose();
                later = answer;
            }
            catch (HttpRequestException failure) when (NeverLeft(failure))
            {
                silence = failure;
            }
            catch (OperationCanceledException late) when (late.InnerException is TimeoutException && !cancel.IsCancellationRequested)
            {
                silence = new HttpRequestException(HttpRequestError.ConnectionError, "It can't be reached.", late); // As a host behind a cut cable.
            }
        }

        return (later, silence);
    }

    /// <summary>Only then may another be asked to do the same.</summary>
    private static bool NeverLeft(HttpRequestException failure) =>
        failure.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;

    /// <summary>A wrong name does not get right by waiting.</summary>
    private static bool MayCome(HttpRequestException silence) => silence.HttpRequestError == HttpRequestError.ConnectionError;
}
