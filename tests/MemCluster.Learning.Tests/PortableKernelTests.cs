using Mono.Cecil;

namespace MemCluster.Learning.Tests;

/// <summary>
/// Reads the compiled code for operations of libtorch whose bits depend on the processor's maker, or on memory that nobody wrote. What libtorch calls
/// by itself is looked at by what runs: <c>memcluster numerics</c>.
/// </summary>
public sealed class PortableKernelTests
{
    /// <summary>
    /// Roots and inverse functions come from MKL's estimates (<c>sqrt</c> differs between makers in one of eighty numbers); convolutions of any rank only through
    /// <see cref="Convolution"/>, which has taken oneDNN out; draws without a generator come from one that all threads share.
    /// </summary>
    private static readonly HashSet<string> Elsewhere =
    [
        "sqrt", "sqrt_", "cbrt", "pow", "pow_", "log1p", "log2", "log10", "expm1", "tan", "tanh", "tanh_", "sin", "cos", "asin", "acos", "atan", "sinh", "cosh", "erf", "erfc", "erfinv",
        "std", "norm", "dist", "cdist", "conv1d", "conv2d", "conv3d", "conv_transpose2d", "Conv2d", "manual_seed",
    ];

    [Fact]
    public void Nothing_calls_an_operation_whose_bits_depend_on_the_processor() => Assert.Empty(Calls()
        .Where(call => Elsewhere.Contains(call.Name) && call.From != nameof(Convolution)).Select(call => $"{call.From} calls {call.Name}"));

    [Fact]
    public void The_one_convolution_there_is_is_seen() => Assert.Contains((nameof(Convolution), "conv2d"), Calls());

    private static HashSet<(string From, string Name)> Calls()
    {
        using var learning = AssemblyDefinition.ReadAssembly(typeof(Convolution).Assembly.Location);
        return
        [
            .. learning.Modules.SelectMany(module => module.GetTypes()).SelectMany(type => type.Methods).Where(method => method.HasBody)
                .SelectMany(method => method.Body.Instructions.Select(step => step.Operand).OfType<MethodReference>()
                    .Where(call => call.DeclaringType.FullName.StartsWith("TorchSharp.", StringComparison.Ordinal))
                    .Select(call => (method.DeclaringType.Name, call.Name))),
        ];
    }
}
