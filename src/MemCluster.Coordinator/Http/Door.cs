using System.Diagnostics.CodeAnalysis;
using MemCluster.Hosting;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// Before the API's first byte is read: who comes in when the server holds as many connections as it may. The server's own limit would turn the
/// newcomer away, with a log line each, so that a few hundred connections that say nothing would shut out probes and the owner, and bury the log.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore that nobody asked for its handle holds nothing; connections may leave after the server's end.")]
internal sealed class Door(VisitorBook book, Crowd crowd)
{
    /// <summary>Newcomers, and those that were told to go for them and are not gone yet.</summary>
    private const int OnTheThreshold = 64;

    private readonly SemaphoreSlim _room = new(book.Most + OnTheThreshold);

    /// <summary>Until one more may come to the door; it leaves through <see cref="Pass"/>, or never comes.</summary>
    public Task Room(CancellationToken cancel) => _room.WaitAsync(cancel);

    public void NobodyCame() => _room.Release();

    /// <summary>Under TLS, so that a handshake that never ends counts, too.</summary>
    public async Task Pass(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            await LetIn(connection, next).ConfigureAwait(false);
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>Behind the gate: from here on the request is under way, and its connection stays open, once all of it is here.</summary>
    /// <param name="trust">What its sender has earned by it then.</param>
    public async Task Serve(HttpContext http, RequestDelegate next, Trust trust)
    {
        if (http.Features.Get<Visitor>() is not { } visitor)
        {
            await next(http).ConfigureAwait(false);
            return;
        }

        var request = new WholeRequest(book, visitor, trust);
        http.Features.Set(request);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        {
            request.IsHere();
        }

        try
        {
            await next(http).ConfigureAwait(false);
        }
        finally
        {
            request.IsAnswered();
        }
    }

    private async Task LetIn(ConnectionContext connection, ConnectionDelegate next)
    {
        var visitor = Visitor.Of(
            connection.RemoteEndPoint, () => connection.Abort(new ConnectionAbortedException("It had nothing under way, and others wait to be let in.")));
        if (book.Enter(visitor) is { } goes)
        {
            crowd.Add(goes.From, wasIn: goes != visitor);
            goes.Close();
            if (goes == visitor)
            {
                return;
            }
        }

        connection.Features.Set(visitor);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            book.Leave(visitor);
        }
    }
}

/// <summary>One request at the door. Whoever reads a body says when it has come in: a body that never comes must not keep its place.</summary>
internal sealed class WholeRequest(VisitorBook book, Visitor visitor, Trust trust)
{
    private bool _here;

    public static void IsHere(HttpContext http) => http.Features.Get<WholeRequest>()?.IsHere();

    public void IsHere()
    {
        if (!_here)
        {
            _here = true;
            book.Begin(visitor);
            book.Believe(visitor, trust);
        }
    }

    public void IsAnswered()
    {
        if (_here)
        {
            book.End(visitor);
        }
    }
}
