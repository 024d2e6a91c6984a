using System.Text;

namespace MemCluster.Trainer;

/// <summary>What a worker process prints, line by line. It may print anything, and as much as it likes: no more than this is held of it.</summary>
internal sealed class WorkerVoice
{
    private const int LongestLine = 500;

    /// <summary>Lines that are passed on; of a process that goes on after these only the last is known.</summary>
    private const int MostLines = 1000;

    private readonly Action<string> _line;
    private readonly Task _listening;
    private volatile string? _last;
    private int _lines;

    public WorkerVoice(Stream from, Action<string> line)
    {
        _line = line;
        _listening = Listen(from);
    }

    /// <summary>The last thing that it said, if anything; the frames of a .NET stack are passed over. Waits a moment for what is under way.</summary>
    public string? LastLine
    {
        get
        {
            _ = _listening.Wait(TimeSpan.FromSeconds(1));
            return _last;
        }
    }

    private async Task Listen(Stream from)
    {
        var (bytes, signs) = (new byte[4096], new char[4096]);
        var (decoder, line) = (Encoding.UTF8.GetDecoder(), new StringBuilder());
        try
        {
            while (await from.ReadAsync(bytes).ConfigureAwait(false) is > 0 and var read)
            {
                foreach (var sign in signs.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, read), signs, flush: false)))
                {
                    if (sign == '\n')
                    {
                        Tell(line);
                    }
                    else if (line.Length < LongestLine && !char.IsControl(sign))
                    {
                        line.Append(sign);
                    }
                }
            }

            Tell(line);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
        }
    }

    private void Tell(StringBuilder said)
    {
        var line = said.ToString();
        said.Clear();
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        if (!line.StartsWith("   at ", StringComparison.Ordinal))
        {
            _last = line.Trim();
        }

        if (_lines++ < MostLines)
        {
            _line(line);
        }
    }
}
