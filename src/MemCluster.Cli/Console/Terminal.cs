using MemCluster.Operations.Verbs;
using MemCluster.Reporting;
using Spectre.Console;

namespace MemCluster.Cli;

/// <summary>
/// Where lines go. A person at a terminal gets colour and a live view; a pipe gets the same text without a single control code.
/// </summary>
public sealed class Terminal
{
    private static readonly Color[] Cividis =
    [
        new(0, 34, 78), new(18, 53, 112), new(59, 73, 108), new(87, 93, 109), new(112, 113, 115),
        new(138, 134, 120), new(165, 156, 116), new(195, 179, 105), new(225, 204, 85), new(254, 232, 56),
    ];

    private readonly Outlet _out;
    private readonly TextWriter _error;
    private readonly TextReader? _answers;
    private readonly bool _colour;

    /// <param name="console">The live terminal; null when the output is piped.</param>
    /// <param name="colour">Whether colour is wanted.</param>
    /// <param name="answers">Where a person's answers come from; null when nobody is there to be asked.</param>
    public Terminal(TextWriter output, TextWriter error, IAnsiConsole? console = null, bool colour = false, TextReader? answers = null)
    {
        _answers = answers;
        (_out, _error, Live, _colour) = (output as Outlet ?? new Outlet(output), error, console, colour && console is not null);
        _out.NewLine = _error.NewLine = "\n";
    }

    /// <summary>Null when nothing may be redrawn.</summary>
    public IAnsiConsole? Live { get; }

    public Outlet Output => _out;

    public bool CanAsk => _answers is not null;

    /// <summary>Anything but yes is no.</summary>
    public bool Ask(string question)
    {
        _out.Write($"{Visible.Of(question)} [y/N] ");
        _out.Flush();
        return _answers?.ReadLine()?.Trim().ToUpperInvariant() is "Y" or "YES";
    }

    /// <summary>Lines that a live view may take.</summary>
    public int Height => Math.Max(10, (Live?.Profile.Height ?? 24) - 2);

    /// <summary>The process's own: live only on a terminal that can be redrawn, coloured unless NO_COLOR says no.</summary>
    public static Terminal OfConsole()
    {
        var (open, canComplain) = (StandardHandles.IsWritable(1), StandardHandles.IsWritable(2));
        if (open)
        {
            System.Console.OutputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }

        if (!canComplain)
        {
            System.Console.SetError(TextWriter.Null);
        }

        // The process's own too: what a node prints, and the live view, can be lost as any other line.
        var output = new Outlet(open ? System.Console.Out : new ClosedOutput());
        System.Console.SetOut(output);
        var redraws = open && !System.Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        var colour = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return new(
            output, System.Console.Error,
            redraws ? AnsiConsole.Create(new AnsiConsoleSettings
            {
                ColorSystem = colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(System.Console.Out),
            }) : null,
            colour,
            redraws && !System.Console.IsInputRedirected ? System.Console.In : null);
    }

    /// <summary>For people as lines, for scripts as a line of JSON.</summary>
    public void Write<T>(T report, bool json, Func<T, IEnumerable<Line>> lines) => Write(json ? [Answers.Json(report)] : lines(report));

    public void Write(Line line)
    {
        if (_colour)
        {
            // Spectre breaks at the terminal's width; a table broken in two reads worse than one cut by the terminal itself.
            Live!.Write(line.Shades.Count > 0 ? Shaded(line) : Drawn(line));
            Live.WriteLine();
            return;
        }

        _out.WriteLine(Visible.Of(line.Text));
    }

    public void Write(IEnumerable<Line> lines)
    {
        foreach (var line in lines)
        {
            Write(line);
        }
    }

    /// <summary>A line of a file, for another program: not a character of it may change on its way, unless a person's terminal is there.</summary>
    public void WriteData(string line)
    {
        if (Live is null && System.Console.IsOutputRedirected)
        {
            _out.WriteLine(line);
        }
        else
        {
            Write(line);
        }
    }

    /// <summary>What went wrong; never mixed into what a script reads.</summary>
    public void Error(string sentence)
    {
        try
        {
            _error.WriteLine(Visible.Of(sentence));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody can be told any more; the exit code still says it.
        }
    }

    internal static Text Drawn(Line line) => new(Visible.Of(line.Text), StyleOf(line.Tone)) { Overflow = Overflow.Crop };

    /// <summary>Dark to light along one hue from blue to yellow (cividis), which the colour-blind read too; letters in whichever of black and white stands out.</summary>
    private static Paragraph Shaded(Line line)
    {
        var shown = new Paragraph { Overflow = Overflow.Crop };
        var at = 0;
        foreach (var shade in line.Shades)
        {
            var start = Math.Min(shade.Start, line.Text.Length);
            shown.Append(Visible.Of(line.Text[at..start]), StyleOf(line.Tone));
            at = Math.Min(shade.Start + shade.Length, line.Text.Length);
            shown.Append(Visible.Of(line.Text[start..at]).PadRight(shade.Length), Behind(shade.Level));
        }

        return shown.Append(Visible.Of(line.Text[at..]), StyleOf(line.Tone));
    }

    private static Style Behind(double level)
    {
        var step = (int)Math.Round(Math.Clamp(level, 0, 1) * (Cividis.Length - 1));
        return new Style(step > Cividis.Length / 2 ? Color.Black : Color.White, Cividis[step]);
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Faint => new Style(Color.Grey),
        Tone.Good => new Style(Color.Green),
        Tone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };
}
