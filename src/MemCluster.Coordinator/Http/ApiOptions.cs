using System.Net;
using System.Net.Sockets;
using MemCluster.Hosting;

namespace MemCluster.Coordinator.Http;

/// <summary>
/// Where the HTTP API listens and who may ask. On loopback anybody on this machine may, unless a token is given; beyond it HTTPS and a token are
/// compulsory, since what it does can't be taken back.
/// </summary>
public sealed record ApiOptions
{
    /// <summary>What the person said, for sentences.</summary>
    public string Host { get; private init; } = "127.0.0.1";

    public IPAddress Address { get; private init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>HTTPS with this node's certificate; null: plain HTTP.</summary>
    public NodeCertificates? Certificates { get; init; }

    /// <summary>Every request must show it, but for the two of health; null: none is wanted.</summary>
    public ApiToken? Token { get; init; }

    /// <summary>Null where this node can do its work, else the reason as half a sentence; asked for <c>/health/ready</c>.</summary>
    public Func<CancellationToken, Task<string?>> Ready { get; init; } = _ => Task.FromResult<string?>(null);

    /// <summary>Connections open at once, by all callers together.</summary>
    public int MostConnections { get; init; } = OpenFiles.RoomForConnections;

    public bool IsLoopback => IPAddress.IsLoopback(Address);

    /// <exception cref="FormatException">The host has no address, or certificates or a token are missing where they are compulsory; a sentence.</exception>
    public static ApiOptions For(string host, int port, NodeCertificates? certificates, ApiToken? token)
    {
        var options = new ApiOptions { Host = host, Address = AddressOf(host), Port = port, Certificates = certificates, Token = token };
        if (options.IsLoopback)
        {
            return options;
        }

        var missing = (certificates, token) switch
        {
            (null, null) => $"HTTPS (--certificates DIR) and a token ({ApiToken.Variable} or --token-file FILE)",
            (null, _) => "HTTPS: add --certificates DIR",
            (_, null) => $"a token: set {ApiToken.Variable} or add --token-file FILE",
            _ => null,
        };
        return missing is null ? options : throw new FormatException(
            $"--http {host}:{port} opens the API to other machines, which needs {missing}. Or keep it on 127.0.0.1:{port} and reach it through an SSH tunnel.");
    }

    /// <summary>
    /// Whether a request that calls this server so may be answered: a page in a browser must not reach it under a name that merely resolves to it.
    /// </summary>
    public bool Answers(string host) =>
        host is "localhost"
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && (IPAddress.IsLoopback(address) || (!IsLoopback && address.Equals(Address))))
        || (!IsLoopback && host.Length > 0 && Certificates!.IsFor(host.Trim('[', ']')));

    private static IPAddress AddressOf(string host)
    {
        if (host is "localhost")
        {
            return IPAddress.Loopback;
        }

        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(host).FirstOrDefault() ?? throw new FormatException($"--http {host}: this name has no address; write an address of this machine.");
        }
        catch (SocketException problem)
        {
            throw new FormatException($"--http {host}: {problem.Message}; write an address of this machine.");
        }
    }
}
