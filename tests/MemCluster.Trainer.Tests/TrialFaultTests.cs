using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using MemCluster.Messages;

namespace MemCluster.Trainer.Tests;

/// <summary>What an exception out of training is about.</summary>
[SuppressMessage("Usage", "CA2201", Justification = "The runtime's own are what is sorted here.")]
public sealed class TrialFaultTests
{
    public static TheoryData<string, Exception> OfMachines() => new()
    {
        { "memory", new OutOfMemoryException() },
        { "memory, in an array", new InsufficientMemoryException() },
        { "libtorch's memory", Torch("[enforce fail at alloc_cpu.cpp:118] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 99 bytes. Error code 12") },
        { "libtorch's memory, elsewhere", Torch("DefaultCPUAllocator: not enough memory: you tried to allocate 99 bytes.") },
        { "a card's memory", Torch("CUDA out of memory. Tried to allocate 2.00 GiB") },
        { "C++'s memory", Torch("std::bad_alloc") },
        { "a full disk", new IOException("No space left on device") },
        { "a missing file", new FileNotFoundException() },
        { "rights", new UnauthorizedAccessException() },
        { "a missing library", new DllNotFoundException() },
        { "another library", new EntryPointNotFoundException() },
        { "a library of another machine", new BadImageFormatException() },
        { "a missing library, found when a type was", new TypeInitializationException("torch", new DllNotFoundException()) },
        { "several causes", new AggregateException(new InvalidOperationException(), new IOException()) },
        { "arithmetic", new Learning.UnsteadyArithmeticException("it gives other bits each time") },
        { "a call to the system", new Win32Exception(24) },
    };

    public static TheoryData<string, Exception> OfTraining() => new()
    {
        { "an argument", new ArgumentException("'float16' is no precision.") },
        { "libtorch", Torch("mat1 and mat2 shapes cannot be multiplied (3x4 and 5x6)") },
        { "libtorch itself", new ExternalException("The size of tensor a (3) must match the size of tensor b (4)") },
        { "a type that can't begin", new TypeInitializationException("torch", new InvalidOperationException()) },
        { "a stream that ended", new EndOfStreamException() },
        { "words only", new InvalidOperationException("this is out of memory in its words only") },
    };

    [Theory]
    [MemberData(nameof(OfMachines))]
    public void What_the_machine_lacks_is_the_machines(string what, Exception error) => Assert.True(TrialFault.Of(error).Kind == FaultKind.Machine, what);

    [Theory]
    [MemberData(nameof(OfTraining))]
    public void Everything_else_is_the_trainings(string what, Exception error) => Assert.True(TrialFault.Of(error).Kind == FaultKind.Training, what);

    [Fact]
    public void What_is_known_already_stays_as_it_is() =>
        Assert.Equal((FaultKind.Stalled, "it hangs"), TrialFault.Of(new TrialFault(FaultKind.Stalled, "it hangs")));

    [Fact]
    public void Pages_of_frames_become_a_line() =>
        Assert.Equal("InvalidOperationException: it broke", TrialFault.Of(new InvalidOperationException("it broke \n at c10::Error\n at main")).Error);

    [Theory]
    [InlineData(0, "exit code 0")]
    [InlineData(3, "exit code 3")]
    [InlineData(134, "SIGABRT (signal 6)")]
    [InlineData(137, "SIGKILL (signal 9), which the system also sends where memory runs out")]
    [InlineData(139, "SIGSEGV (signal 11)")]
    [InlineData(128 + 40, "signal 40")]
    public void An_exit_has_words(int code, string words) => Assert.Equal(words, ExitWords.Of(code));

    private static InvalidOperationException Torch(string text) => new($"libtorch: {text}", new ExternalException(text));
}
