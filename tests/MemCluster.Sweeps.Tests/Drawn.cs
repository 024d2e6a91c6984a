using CsCheck;

namespace MemCluster.Sweeps.Tests;

/// <summary>Sweep files drawn at random, valid by construction: for properties that must hold for every file.</summary>
internal static class Drawn
{
    private static readonly Gen<double> Share = Gen.OneOf(Gen.Double[0.0001, 1], Gen.Int[1, 10].Select(tenths => tenths / 10.0));
    private static readonly Gen<double> Rate = Gen.OneOf(Gen.Double[1e-12, 0.999], Gen.Int[1, 9].Select(tenths => tenths / 10.0));

    private static readonly Gen<string> Noise = Gen.OneOf(
        Word("none", "shuffled-pixels", "{kind: shuffled-pixels}"),
        Share.Select(level => $"label {ShortNumber.Write(level)}"),
        Share.Select(level => $"{{kind: label, level: {ShortNumber.Write(level)}, keep-true-class: false}}"),
        Gen.Select(Word("input", "uniform-input", "random-pixels"), Share, (kind, level) => $"{kind} {ShortNumber.Write(level)}"));

    private static readonly Gen<string> RegularizerPart = Gen.OneOf(
        Gen.Select(Word("dropout", "input-dropout", "input-noise", "hidden-noise"), Rate, (kind, rate) => $"{kind} {ShortNumber.Write(rate)}"),
        Gen.Select(Rate, Word("", " decay-on=all", " decay-on=weights"), (decay, on) => $"weight-decay {ShortNumber.Write(decay)}{on}"));

    private static readonly Gen<string> Regularizer = Gen.OneOf(
        Gen.Const("none"),
        RegularizerPart.Array[1, 3].Select(parts => string.Join(" + ", parts.DistinctBy(part => part.Split(' ')[0]))));

    private static Gen<string> Whole(int least, int most) => Gen.Int[least, most].Select(number => ShortNumber.Write(number));

    private static readonly (string Path, Gen<string> Values)[] Settings =
    [
        ("training.rate", Rate.Select(ShortNumber.Write)), ("noise", Noise), ("network.width", Whole(1, 65536)), ("data.train", Whole(1, 50000)),
        ("regularizer", Regularizer), ("training.momentum", Rate.Select(ShortNumber.Write)), ("network.depth", Whole(0, 64)),
        ("training.schedule", Gen.Select(Whole(1, 99), Rate, (every, factor) => $"step {every} {ShortNumber.Write(factor)}")),
        ("training.epochs", Whole(1, 1000)), ("threads", Whole(1, 4)), ("precision", Word("float32", "float64")),
        ("data.split", Word("validation", "test")), ("training.stop-at-train-accuracy", Share.Select(ShortNumber.Write)),
        ("data.name", Word("glyphs", "mnist", "cifar10")),
    ];

    private static readonly Gen<string> Seeds = Gen.OneOf(
        Whole(1, 4), Gen.ULong[0, long.MaxValue].Array[1, 3].Select(seeds => $"[{string.Join(", ", seeds.Distinct())}]"));

    private enum Role { Axis, Fixed, LeftOut }

    private sealed record Part(string Path, Role Role, string[] Values);

    private static Gen<Part> PartOf(string path, Gen<string> values) => Gen.Select(Gen.Int[0, 4], values.Array[1, 3], (role, drawn) =>
        role switch
        {
            0 => new Part(path, Role.Axis, [.. drawn.DistinctBy(value => Canonical(path, value))]),
            1 => new Part(path, Role.Fixed, drawn[..1]),
            _ => path == "data.name" ? new Part(path, Role.Fixed, ["glyphs"]) : new Part(path, Role.LeftOut, []),
        });

    /// <summary>Each setting is an axis, fixed, or left out, in any order.</summary>
    private static readonly Gen<Part[]> Parts = Settings
        .Aggregate(Gen.Const(Array.Empty<Part>()), (all, setting) =>
            Gen.Select(all, PartOf(setting.Path, setting.Values), (sofar, part) => (Part[])[.. sofar, part]))
        .SelectMany(parts => Gen.Shuffle(parts));

    /// <summary>Text and sets.</summary>
    public static readonly Gen<(string Text, string[] Sets)> Files = Gen.Select(Parts, Seeds, (parts, seeds) =>
    {
        string[] axes = [.. parts.Where(part => part.Role == Role.Axis).Select(part => $"  {part.Path}: [{string.Join(", ", part.Values)}]\n")];
        return ($"sweep: drawn\nseeds: {seeds}\n" + (axes.Length == 0 ? "" : "axes:\n" + string.Concat(axes)),
            (string[])[.. parts.Where(part => part.Role == Role.Fixed).Select(part => $"{part.Path}={part.Values[0]}")]);
    });

    private static Gen<string> Word(params string[] words) => Gen.Int[0, words.Length - 1].Select(index => words[index]);

    private static string Canonical(string path, string value) => value[0] == '{'
        ? value.Contains("shuffled", StringComparison.Ordinal) ? "shuffled-pixels" : value
        : SettingsSchema.Canonical(SettingsSchema.Find(path)!, value, out _)!;
}
