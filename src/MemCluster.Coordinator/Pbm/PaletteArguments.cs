using MemCluster.Operations;
using MemCluster.Operations.Verbs;

namespace MemCluster.Coordinator.Pbm;

/// <summary>Switches as a client sent them, brought to what a verb takes.</summary>
internal static class PaletteArguments
{
    private static readonly string[] Yes = ["", "yes", "true", "on"];
    private static readonly string[] No = ["no", "false", "off"];

    /// <param name="said">Switch as typed, and its value.</param>
    /// <exception cref="UserError">A switch is unknown or said too often, a value is missing, or a file can't be read here.</exception>
    public static VerbArguments Of(OperatorVerb verb, IReadOnlyList<Tuple<string, string>> said, SpecsFolder specs)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (word, value) in said)
        {
            var argument = verb.Arguments.FirstOrDefault(one => SweepPalette.SwitchesOf(verb, one).Contains(word))
                ?? throw new UserError($"There is no switch {word} here; {SweepPalette.Name} {verb.Name} takes {Switches(verb)}.");
            if (Value(argument, word, value ?? "", specs) is not { } read)
            {
                continue;
            }

            var before = values.GetValueOrDefault(argument.Name) ?? [];
            values[argument.Name] = before.Count == 0 || argument.Kind is ArgumentKind.Files or ArgumentKind.Options or ArgumentKind.Repeated
                ? [.. before, read]
                : throw new UserError($"{word} is said twice; say it once.");
        }

        return verb.Arguments.FirstOrDefault(argument => argument.Required && !values.ContainsKey(argument.Name)) is { } missing
            ? throw new UserError($"{SweepPalette.Name} {verb.Name} needs {SweepPalette.SwitchesOf(verb, missing)[0]}: {missing.Description}")
            : new(values, new AskedAt(TimeProvider.System, SweepPalette.Command));
    }

    /// <returns>Null for a flag that was denied.</returns>
    private static string? Value(VerbArgument argument, string word, string value, SpecsFolder specs) => argument.Kind switch
    {
        ArgumentKind.Flag => Yes.Contains(value) ? "true" : No.Contains(value) ? null : throw new UserError($"{word} is yes or no, not '{value}'."),
        _ when value.Length == 0 => throw new UserError($"{word} needs a value: {argument.Description}"),
        ArgumentKind.Files => specs.PathOf(value),
        _ => value,
    };

    private static string Switches(OperatorVerb verb) => verb.Arguments.Count == 0
        ? "none"
        : string.Join(", ", verb.Arguments.Select(argument => string.Join(" or ", SweepPalette.SwitchesOf(verb, argument))));
}
