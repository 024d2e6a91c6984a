using System.Security.Cryptography;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>Takes the digest of kept weights as their parts are read, so that no copy need be held: it is to be the one that the epoch has.</summary>
internal sealed class WeightsAudit
{
    private readonly Dictionary<(int Trial, int Epoch), Copy> _copies = [];

    public void Take(int trial, FindingPart part)
    {
        if (part.From == 0)
        {
            _copies[(trial, part.Epoch)] = new(part.Length, Safetensors.HeadBytes(part.Values));
        }

        if (_copies.TryGetValue((trial, part.Epoch), out var copy))
        {
            copy.Take(part);
        }
    }

    /// <summary>What is wrong with a trial's copies, a sentence; null: nothing.</summary>
    /// <param name="digestOf">The digest of the weights after an epoch; null where there is no such epoch.</param>
    public string? Wrong(int trial, Func<int, string?> digestOf)
    {
        foreach (var ((_, epoch), copy) in _copies.Where(copy => copy.Key.Trial == trial).OrderBy(copy => copy.Key.Epoch))
        {
            if (copy.Digest is not { } digest)
            {
                return $"Of the weights that trial {trial} kept of epoch {epoch} a part is gone.";
            }

            if (digest != digestOf(epoch))
            {
                return $"The weights that trial {trial} kept of epoch {epoch} have digest {digest}, and the epoch's is {digestOf(epoch) ?? "not there"}.";
            }
        }

        return null;
    }

    private sealed class Copy(int length, long head)
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int _taken;

        /// <summary>Null unless all of it was there, in order.</summary>
        public string? Digest => _taken == length ? Safetensors.DigestOf(_hash.GetCurrentHash()) : null;

        public void Take(FindingPart part)
        {
            if (part.From == _taken)
            {
                _hash.AppendData(part.Values.AsSpan((int)Math.Clamp(head - _taken, 0, part.Values.Length)));
                _taken += part.Values.Length;
            }
        }
    }
}
