using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace MemCluster.Trainer;

/// <summary>
/// This program as a worker of a trainer: it trains what it is given, one trial at a time, and is no node of the cluster. A verb that nobody is shown; it is
/// looked for before anything else, because a worker is to be there soon.
/// </summary>
public static partial class WorkerProgram
{
    /// <summary>The first word of a worker's command line; the second is its trainer's process.</summary>
    public const string Verb = "trial-worker";

    public static bool IsAsked(string[] args) => args is [Verb, _];

    /// <summary>Trains until its trainer lets go of it; then the process is ended in here.</summary>
    /// <returns>2, if no trainer has started it.</returns>
    public static int Run(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);

        // Also a worker that is stopped, or hangs where no thread of .NET comes, ends with its trainer. Who the trainer is must be asked after that.
        _ = Control(DeathSignal, Kill, 0, 0, 0);
        if (!int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var trainer) || ParentId() != trainer)
        {
            Console.Error.WriteLine($"'{Verb}' is how a trainer starts the processes that train for it; nobody else can use it.");
            return 2;
        }

        // Ctrl-C, SIGTERM and a closed terminal reach all processes of a group: what becomes of the trials is the trainer's to say.
        foreach (var signal in (int[])[Interrupt, Terminate, HangUp])
        {
            Handle(signal, Ignore);
        }

        BeTakenFirst();

        // Whatever prints anything, libtorch or MKL say, prints it to where errors go, and reads nothing.
        var (commands, words) = (Duplicate(0, DuplicateClosing, 3), Duplicate(1, DuplicateClosing, 3));
        _ = Replace(2, 1);
        var nothing = File.OpenHandle("/dev/null");
        _ = Replace((int)nothing.DangerousGetHandle(), 0);

        using var frames = new Frames(Open(commands, FileAccess.Read), Open(words, FileAccess.Write));
        new WorkerLoop(frames, ExitAtOnce).Serve();
        return 0;
    }

    /// <summary>When memory runs out the kernel takes a worker before the trainer and before what else works here.</summary>
    private static void BeTakenFirst()
    {
        const string Place = "/proc/self/oom_score_adj";
        const int Most = 1000, More = 300;
        try
        {
            var now = int.Parse(File.ReadAllText(Place), NumberStyles.Integer | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            File.WriteAllText(Place, Math.Min(Most, now + More).ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            // It is a wish only.
        }
    }

    private static FileStream Open(int descriptor, FileAccess access) => new(new SafeFileHandle(descriptor, ownsHandle: true), access, bufferSize: 0);

    private const int DeathSignal = 1;
    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;
    private const nint Ignore = 1;
    private const int DuplicateClosing = 1030;

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int what, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int ParentId();

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint how);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Duplicate(int descriptor, int how, int from);

    [LibraryImport("libc", EntryPoint = "dup2")]
    private static partial int Replace(int with, int descriptor);

    /// <summary>Nothing is torn down: a thread that is in libtorch would die of it, loudly.</summary>
    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitAtOnce(int code);
}
