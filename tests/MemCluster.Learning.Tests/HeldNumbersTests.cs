using System.Collections.Concurrent;
using Mono.Cecil;
using Mono.Cecil.Cil;
using TorchSharp;

namespace MemCluster.Learning.Tests;

/// <summary>
/// Reads the compiled code: every number handed to libtorch must be held in a variable while it is used (see <see cref="CollectorTests"/> for
/// what happens else). It knows TorchSharp's short forms by reading TorchSharp too, so a new version of it is read anew.
/// </summary>
public sealed class HeldNumbersTests
{
    private static readonly Lazy<IReadOnlySet<string>> Loose = new(LooseInTorchSharp);

    [Fact]
    public void Every_number_that_goes_to_libtorch_is_held_while_it_is_used()
    {
        using var learning = AssemblyDefinition.ReadAssembly(typeof(Lass).Assembly.Location);
        var found = MethodsOf(learning).SelectMany(method => LooseCalls(method).Select(call => $"{method.DeclaringType.Name}.{method.Name} uses {Short(call)}"));
        Assert.True(!found.Any(), string.Join('\n', found.Distinct().Order(StringComparer.Ordinal)) + "\nSee ScalarOps.");
    }

    [Theory]
    [InlineData("torch/Tensor::op_Multiply(TorchSharp.torch/Tensor,System.Double)")]
    [InlineData("torch/Tensor::op_Addition(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)")]
    [InlineData("torch/Tensor::add_(TorchSharp.torch/Tensor)")]
    public void The_short_forms_are_known_to_be_loose(string signature) =>
        Assert.Contains(Loose.Value, name => name.EndsWith(signature, StringComparison.Ordinal));

    [Fact]
    public void A_product_of_tensors_is_not() => Assert.DoesNotContain(
        Loose.Value, name => name.EndsWith("torch/Tensor::op_Multiply(TorchSharp.torch/Tensor,TorchSharp.torch/Tensor)", StringComparison.Ordinal));

    private static HashSet<string> LooseInTorchSharp()
    {
        using var library = AssemblyDefinition.ReadAssembly(typeof(torch).Assembly.Location);
        var methods = MethodsOf(library).Where(method => method.DeclaringType.Name != nameof(Scalar)).ToArray();
        var loose = methods.Where(method => Conversions(method).Any()).Select(method => method.FullName).ToHashSet();
        var callers = new ConcurrentDictionary<string, List<string>>();
        foreach (var method in methods)
        {
            foreach (var called in Calls(method).Select(call => call.FullName).Distinct())
            {
                callers.GetOrAdd(called, _ => []).Add(method.FullName);
            }
        }

        for (var next = new Queue<string>(loose); next.TryDequeue(out var name);)
        {
            foreach (var caller in callers.GetValueOrDefault(name) ?? [])
            {
                if (loose.Add(caller))
                {
                    next.Enqueue(caller);
                }
            }
        }

        return loose;
    }

    private static IEnumerable<MethodReference> LooseCalls(MethodDefinition method) =>
        Conversions(method).Concat(Calls(method).Where(call => Loose.Value.Contains(call.FullName)));

    /// <summary>Numbers made and handed on at once; one that goes into a variable first is held, by <c>using</c>.</summary>
    private static IEnumerable<MethodReference> Conversions(MethodDefinition method) => method.Body.Instructions
        .Where(step => step.Operand is MethodReference made && IsConversion(made) && !IsStore(step.Next))
        .Select(step => (MethodReference)step.Operand);

    private static bool IsConversion(MethodReference method) =>
        method.ReturnType.Name == nameof(Scalar) && (method.Name == "op_Implicit" || method.Name == "ToScalar");

    private static bool IsStore(Instruction? step) =>
        step?.OpCode.Code is Code.Stloc or Code.Stloc_S or Code.Stloc_0 or Code.Stloc_1 or Code.Stloc_2 or Code.Stloc_3 or Code.Stfld or Code.Ret;

    private static IEnumerable<MethodReference> Calls(MethodDefinition method) =>
        method.Body.Instructions.Select(step => step.Operand).OfType<MethodReference>().Where(call => !IsConversion(call)).Select(Definition);

    private static MethodReference Definition(MethodReference call) => call is GenericInstanceMethod generic ? generic.ElementMethod : call;

    private static string Short(MethodReference call) => call.FullName.Replace("TorchSharp.torch/", "", StringComparison.Ordinal);

    private static IEnumerable<MethodDefinition> MethodsOf(AssemblyDefinition assembly) =>
        assembly.Modules.SelectMany(module => module.GetTypes()).SelectMany(type => type.Methods).Where(method => method.HasBody);
}
