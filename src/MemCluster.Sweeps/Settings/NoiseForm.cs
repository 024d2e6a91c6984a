using System.Diagnostics.CodeAnalysis;
using MemCluster.Messages;

namespace MemCluster.Sweeps;

/// <summary>A kind of <see cref="NoiseKind.All"/> and its level: <c>label 0.2</c>.</summary>
internal sealed class NoiseForm : Form<Noise>
{
    private const string Level = "level";
    private const string KeepTrueClass = "keep-true-class";

    private static readonly string[] Names = [.. NoiseKind.All.Select(kind => kind.Name)];
    private static readonly FlagForm Flag = new();

    public override string Expected => $"a noise such as 'none' or 'label 0.2' ({Phrases.Listed(Names)})";

    public override string Write(Noise value)
    {
        var kind = NoiseKind.All.First(kind => kind.Name == value.Kind);
        var level = kind.TakesLevel ? $" {ShortNumber.Write(value.Level)}" : "";
        var option = kind.MayKeepTrueClass && !value.KeepTrueClass ? $" {KeepTrueClass}=false" : "";
        return value.Kind + level + option;
    }

    public override bool TryRead(SpecNode node, string subject, ProblemList problems, [MaybeNullWhen(false)] out Noise value)
    {
        value = null;
        if (KindForm.Read(node, "kind", subject, Expected, problems) is not { } form)
        {
            return false;
        }

        var kind = NoiseKind.All.FirstOrDefault(kind => kind.Name == form.Kind.Text);
        if (kind is null)
        {
            problems.Add(form.Kind.Place, $"unknown noise {Phrases.Quoted(form.Kind.Text)}{Phrases.Instead(form.Kind.Text, Names)}");
            return false;
        }

        // Shuffled pixels: the level is read too, so that 'shuffled-pixels 0.5' gets a sentence of its own.
        string[] numbers = kind.Name == Noise.NoNoise ? [] : [Level];
        string[] options = kind.MayKeepTrueClass ? [KeepTrueClass] : [];
        if (form.Arguments($"noise '{kind.Name}'", numbers, options, problems) is not { } arguments)
        {
            return false;
        }

        value = Read(kind, form, arguments, problems);
        return value is not null;
    }

    private static Noise? Read(NoiseKind kind, KindForm form, Dictionary<string, SpecNode> arguments, ProblemList problems)
    {
        var level = kind.Name == Noise.NoNoise ? 0.0 : 1.0;
        var keep = true;
        if (arguments.TryGetValue(Level, out var levelNode))
        {
            if (!RealForm.Share.TryRead(levelNode, "noise level", problems, out level))
            {
                return null;
            }
        }
        else if (kind.TakesLevel)
        {
            problems.Add(form.Kind.Place, $"noise '{kind.Name}' needs a level, {RealForm.Share.Expected}: write '{kind.Name} 0.5'");
            return null;
        }

        if (!kind.TakesLevel && kind.Name != Noise.NoNoise && level != 1)
        {
            problems.Add(levelNode!.Place, $"noise '{kind.Name}' takes no level, it corrupts every image alike: write '{kind.Name}'");
            return null;
        }

        if (arguments.TryGetValue(KeepTrueClass, out var keepNode) && !Flag.TryRead(keepNode, KeepTrueClass, problems, out keep))
        {
            return null;
        }

        // Level 0 corrupts nothing, whatever the kind: one cell, not several with the same numbers.
        return level == 0 ? Noise.None : new(kind.Name, level, keep);
    }
}
