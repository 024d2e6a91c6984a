using System.Text;

namespace MemCluster.Cli;

/// <summary>
/// Standard output as something that can be lost: the disk behind it is full, its terminal is gone, it was closed before the start. A verb that
/// works goes on without it (<see cref="GoesOn"/>); one whose answer is its output must not call a cut answer a success, and throws.
/// </summary>
public sealed class Outlet(TextWriter to) : TextWriter
{
    /// <summary>Set for verbs whose work counts, not their output. Later writes go nowhere.</summary>
    public bool GoesOn { get; set; }

    /// <summary>Why nothing can be written any more; null while it can.</summary>
    public Exception? Lost { get; private set; }

    /// <summary>Called once, when the output is lost and the work goes on.</summary>
    public Action<string>? Unseen { get; set; }

    public override Encoding Encoding => to.Encoding;

    [System.Diagnostics.CodeAnalysis.AllowNull]
    public override string NewLine { get => to.NewLine; set => to.NewLine = value; }

    public override void Write(char value) => Write([value]);

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value) => Write(string.Concat(value, NewLine));

    public override void WriteLine() => Write(NewLine);

    public override void Write(ReadOnlySpan<char> buffer)
    {
        if (IsOpen())
        {
            try
            {
                to.Write(buffer);
            }
            catch (Exception failure) when (IsLoss(failure))
            {
                Lose(failure);
            }
        }
    }

    /// <summary>What is still held back may be what doesn't fit.</summary>
    public override void Flush()
    {
        if (Lost is null)
        {
            try
            {
                to.Flush();
            }
            catch (Exception failure) when (IsLoss(failure))
            {
                Lose(failure);
            }
        }
    }

    /// <summary>A closed output says that access is denied, one whose terminal hung up that it is disposed of.</summary>
    private static bool IsLoss(Exception failure) => failure is IOException or UnauthorizedAccessException or ObjectDisposedException;

    private bool IsOpen() => Lost is null || (GoesOn ? false : throw new OutputLostException(Lost));

    private void Lose(Exception failure)
    {
        Lost = failure;
        if (!GoesOn)
        {
            throw new OutputLostException(failure);
        }

        Unseen?.Invoke(failure.Message);
    }
}

/// <summary>What was to be printed could not be, or not all of it.</summary>
public sealed class OutputLostException(Exception cause) : Exception(cause.Message, cause)
{
    private const int BrokenPipe = 32;

    /// <summary>The reader had enough (<c>head</c>, <c>less</c>): no fault of anybody's, and nothing to be said about it.</summary>
    public bool ReaderLeft => InnerException!.HResult == BrokenPipe;
}

/// <summary>Stands for an output that was closed before the program began: its number may mean another file by now.</summary>
internal sealed class ClosedOutput : TextWriter
{
    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => throw new IOException("It was closed before the start.");

    public override void Write(ReadOnlySpan<char> buffer) => throw new IOException("It was closed before the start.");
}
