using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Trainer;

/// <summary>An attempt ended by a fault that is known already for what it is.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It is called what the house calls it.")]
[SuppressMessage("Design", "CA1032", Justification = "There is none without a kind.")]
public sealed class TrialFault(FaultKind kind, string sentence) : Exception(sentence)
{
    /// <summary>What libtorch and the C++ library say when there is no memory.</summary>
    private static readonly string[] NoMemory = ["can't allocate memory", "cannot allocate memory", "not enough memory", "out of memory", "bad_alloc", "bad allocation"];

    public FaultKind Kind { get; } = kind;

    /// <summary>What an exception out of training is about, and it in a line.</summary>
    public static (FaultKind Kind, string Error) Of(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return error is TrialFault known ? (known.Kind, known.Message) : (Causes(error).Any(IsOfMachine) ? FaultKind.Machine : FaultKind.Training, FirstLine(error));
    }

    private static IEnumerable<Exception> Causes(Exception error) =>
        error is AggregateException several ? several.InnerExceptions.SelectMany(Causes).Prepend(error)
        : error.InnerException is { } cause ? Causes(cause).Prepend(error)
        : [error];

    private static bool IsOfMachine(Exception error) => error switch
    {
        EndOfStreamException => false, // What was read ended too soon: no failure of the disk.
        OutOfMemoryException or IOException or UnauthorizedAccessException or BadImageFormatException or DllNotFoundException or EntryPointNotFoundException => true,
        Learning.UnsteadyArithmeticException => true,
        Win32Exception => true, // A call to the system failed.
        ExternalException torch => Array.Exists(NoMemory, said => torch.Message.Contains(said, StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    /// <summary>Errors out of libtorch carry pages of C++ frames behind their first line.</summary>
    private static string FirstLine(Exception error)
    {
        var text = error.Message.Split('\n', 2)[0].Trim();
        return $"{error.GetType().Name}: {(text.Length > 500 ? text[..500] : text)}";
    }
}
