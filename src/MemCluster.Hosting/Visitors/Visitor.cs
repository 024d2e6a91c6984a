using System.Net;
using System.Net.Sockets;

namespace MemCluster.Hosting;

/// <summary>How far a caller is believed to be one of ours.</summary>
public enum Trust
{
    Unknown,

    /// <summary>It calls from this machine.</summary>
    Near,

    /// <summary>It has shown the token, or, where none is wanted, has asked something whole.</summary>
    Known,
}

/// <summary>A connection that was let in at a door.</summary>
/// <param name="from">Who calls; see <see cref="NameOf"/>.</param>
/// <param name="close">Ends the connection, whatever it is doing; said once at most, and from any thread.</param>
public sealed class Visitor(string from, Trust trust, Action close)
{
    public string From { get; } = from;

    /// <summary>Grows only.</summary>
    public Trust Trust { get; internal set; } = trust;

    /// <summary>Requests that have come in whole and are not answered to the end. None: it waits, and so does half a request.</summary>
    public int UnderWay { get; internal set; }

    /// <summary>Since when it is as it is, on the book's own count.</summary>
    public long Since { get; internal set; }

    public void Close() => close();

    public static Visitor Of(EndPoint? caller, Action close)
    {
        var address = (caller as IPEndPoint)?.Address;
        return new(NameOf(address), address is not null && IPAddress.IsLoopback(address) ? Trust.Near : Trust.Unknown, close);
    }

    /// <summary>Addresses that one machine can call from at will have one name: of IPv6 that is the whole subnet.</summary>
    public static string NameOf(IPAddress? address) => address switch
    {
        null => "somewhere",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } when !IPAddress.IsLoopback(address) => new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]) + "/64",
        _ => address.ToString(),
    };
}
