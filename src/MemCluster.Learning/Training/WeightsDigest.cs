using System.Security.Cryptography;

namespace MemCluster.Learning;

internal static class WeightsDigest
{
    /// <summary>The first 16 hexadecimal digits of SHA-256 over the bytes of the parameters, in order, then of what else the network remembers.</summary>
    public static string Of(INetwork network)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var values in network.Parameters.Select(parameter => parameter.Value).Concat(network.Buffers))
        {
            hash.AppendData(values.ToBytes());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
