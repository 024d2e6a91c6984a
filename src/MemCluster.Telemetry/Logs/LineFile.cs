using System.Text;

namespace MemCluster.Telemetry;

/// <summary>
/// A log file that doesn't grow without bound: at its limit it becomes <c>NAME.1</c>, the one before <c>NAME.2</c>, and the oldest goes.
/// A log is the least important thing a node writes: a full disk costs lines, never an exception.
/// </summary>
/// <param name="path">Made, with its folder, at the first line.</param>
/// <param name="mostBytes">A file is ended by the line that would exceed it.</param>
/// <param name="files">How many there are at most, the current one included; at least 1.</param>
internal sealed class LineFile(string path, long mostBytes = LineFile.MostBytes, int files = LineFile.Files) : ILineTarget
{
    public const long MostBytes = 10 * 1024 * 1024;

    public const int Files = 3;

    private readonly Lock _gate = new();
    private FileStream? _stream;

    public void Write(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_gate)
        {
            try
            {
                _stream ??= Open();
                if (_stream.Length > 0 && _stream.Length + bytes.Length > mostBytes)
                {
                    MoveOn();
                }

                _stream.Write(bytes);
                _stream.Flush();
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ObjectDisposedException)
            {
                Close(); // Perhaps there is room again at the next line.
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            Close();
        }
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
    }

    private void MoveOn()
    {
        Close();
        if (files == 1)
        {
            File.Delete(path);
        }

        for (var older = files - 1; older >= 1; older--)
        {
            var from = older == 1 ? path : $"{path}.{older - 1}";
            if (File.Exists(from))
            {
                File.Move(from, $"{path}.{older}", overwrite: true);
            }
        }

        _stream = Open();
    }

    private void Close()
    {
        try
        {
            _stream?.Dispose();
        }
        catch (IOException)
        {
            // The last bytes found no room.
        }

        _stream = null;
    }
}
