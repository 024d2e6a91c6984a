namespace MemCluster.Reporting.Files;

/// <summary>
/// A file that is there whole or not at all: written beside its place under a name of its own, brought to disk, then renamed. A reader, a
/// crash or a second writer at the same time never sees half of it.
/// </summary>
public static class AtomicFile
{
    public static async Task Write(string path, Func<Stream, Task> content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                await content(file);
                await file.FlushAsync();
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            // Only still there when writing failed.
            File.Delete(temporary);
        }
    }

    /// <summary>The same for text: UTF-8 without a byte order mark, LF.</summary>
    public static Task WriteText(string path, Func<TextWriter, Task> content) => Write(path, Text(content));

    /// <summary>What writes text, as what writes bytes.</summary>
    internal static Func<Stream, Task> Text(Func<TextWriter, Task> content) => async file =>
    {
        await using var text = new StreamWriter(file, bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        await content(text);
    };
}
