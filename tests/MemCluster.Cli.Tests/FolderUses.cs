using System.Text.RegularExpressions;
using Mono.Cecil;

namespace MemCluster.Cli.Tests;

/// <summary>
/// Which folder of a project uses which, by its compiled code: there an extension method is known by its class. What the compiler leaves nothing
/// of, constants and members of enums, is looked up in the source.
/// </summary>
internal sealed partial class FolderUses
{
    private readonly Dictionary<string, string> _folders = [];
    private readonly Dictionary<(string From, string To), SortedSet<string>> _uses = [];

    private FolderUses(AssemblyDefinition assembly, string project)
    {
        var texts = Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
            .Select(path => (Folder: Path.GetRelativePath(project, Path.GetDirectoryName(path)!), Text: Comments().Replace(File.ReadAllText(path), "")))
            .Where(file => file.Folder.Split('/')[0] is not ("obj" or "bin"))
            .ToList();
        foreach (var (folder, text) in texts)
        {
            foreach (Match type in Declarations().Matches(text))
            {
                _folders[type.Groups["name"].Value] = folder;
            }
        }

        foreach (var type in assembly.MainModule.GetTypes())
        {
            foreach (var used in UsedBy(type).SelectMany(Parts))
            {
                Note(Outer(type), used);
            }
        }

        // A name that several folders declare would be looked up in the wrong one.
        foreach (var (name, value) in assembly.MainModule.Types.SelectMany(type => type.Fields.Where(field => field.IsLiteral).Select(field => (type.Name, field.Name))))
        {
            var use = new Regex($@"(?<![.\w]){Regex.Escape(name)}\.{Regex.Escape(value)}\b");
            foreach (var (folder, _) in texts.Where(file => use.IsMatch(file.Text)))
            {
                Note(folder, $"{name}.{value}", FolderOf(name));
            }
        }
    }

    public static FolderUses Of(string project, string sources)
    {
        using var assembly = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, project));
        return new(assembly, sources);
    }

    /// <summary>The folders that use each other in a circle, with what holds them there; empty where there is an order.</summary>
    public IReadOnlyList<string> Circles()
    {
        var left = _uses.Keys.ToHashSet();
        while (left.RemoveWhere(use => !left.Any(other => other.From == use.To) || !left.Any(other => other.To == use.From)) > 0)
        {
        }

        return [.. left.Order().Select(use => $"{use.From} uses {use.To}: {string.Join(", ", _uses[use])}")];
    }

    private void Note(TypeReference user, TypeReference used)
    {
        if (_folders.TryGetValue(NameOf(user), out var from) && FolderOf(NameOf(used)) is { } to)
        {
            Note(from, $"{NameOf(user)} {NameOf(used)}", to);
        }
    }

    private void Note(string from, string what, string? to)
    {
        if (to is not null && from != to)
        {
            (_uses.TryGetValue((from, to), out var all) ? all : _uses[(from, to)] = new(StringComparer.Ordinal)).Add(what);
        }
    }

    private string? FolderOf(string type) => _folders.GetValueOrDefault(type);

    private static IEnumerable<TypeReference?> UsedBy(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(one => one.InterfaceType),
        .. type.Fields.Select(field => field.FieldType),
        .. type.CustomAttributes.Select(attribute => attribute.AttributeType),
        .. type.Methods.SelectMany(method => (IEnumerable<TypeReference>)[method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)]),
        .. type.Methods.Where(method => method.HasBody).SelectMany(method => method.Body.Variables.Select(variable => variable.VariableType)
            .Concat(method.Body.Instructions.SelectMany(step => Operand(step.Operand)))),
    ];

    private static IEnumerable<TypeReference> Operand(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => [generic.ElementType, .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification other => Parts(other.ElementType),
        _ => [type],
    };

    private static TypeReference Outer(TypeReference type) => type.DeclaringType is { } outer ? Outer(outer) : type;

    // Types of other assemblies may have the names of ours.
    private static string NameOf(TypeReference type) => Outer(type) is { Scope: ModuleDefinition } own ? own.Name.Split('`')[0] : "";

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comments();

    [GeneratedRegex(@"^(?:(?:public|internal|static|sealed|abstract|readonly|partial|unsafe) )*(?:class|record struct|record|struct|enum|interface|delegate [^\n(]*?) ?\b(?<name>\w+)(?=\s*[<({:;\n])", RegexOptions.Multiline)]
    private static partial Regex Declarations();
}
