namespace MemCluster.Telemetry;

/// <summary>Where a process's log lines go and what they look like. Nothing here can change a result.</summary>
public sealed record LogOptions
{
    /// <summary>The word that means standard error where a file's name may stand.</summary>
    public const string StandardError = "stderr";

    /// <summary>The file to append to; null: standard error. Standard output is the user's and gets no line.</summary>
    public string? File { get; init; }

    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>Every assignment and every end too, and how the node finds its cluster.</summary>
    public bool Verbose { get; init; }

    /// <param name="target">A file's name or <c>stderr</c>; null: not said.</param>
    /// <param name="format"><c>text</c> or <c>json</c>; null: not said.</param>
    /// <param name="otherwise">The file where none is said; null: standard error.</param>
    /// <exception cref="FormatException">The format is neither.</exception>
    public static LogOptions Of(string? target, string? format, bool verbose, string? otherwise) => new()
    {
        File = target switch { null => otherwise, StandardError => null, _ => Path.GetFullPath(target) },
        Format = format switch
        {
            null or "text" => LogFormat.Text,
            "json" => LogFormat.Json,
            _ => throw new FormatException($"--log-format {format}: it is text or json."),
        },
        Verbose = verbose,
    };
}

public enum LogFormat
{
    /// <summary>A line for people: time, level, sentence, who says it.</summary>
    Text,

    /// <summary>A JSON object a line, its named values as fields.</summary>
    Json,
}
