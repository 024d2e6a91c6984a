using System.Security.Cryptography;

namespace MemCluster.Learning;

internal static class WeightsDigest
{
    /// <summary>The first 16 hexadecimal digits of SHA-256 over the bytes of the parameters, in order.</summary>
    public static string Of(IReadOnlyList<Parameter> parameters)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var parameter in parameters)
        {
            hash.AppendData(parameter.Value.ToBytes());
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
