// Ours, written by hand from public code that uses the package: the shapes that were seen there and nothing more.
namespace Petabridge.Cmd;

public sealed class CommandDefinitionBuilder
{
    private readonly List<ArgumentDefinition> _arguments = [];
    private string _name = "";
    private string _description = "";

    public CommandDefinitionBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    public CommandDefinitionBuilder WithDescription(string description)
    {
        _description = description;
        return this;
    }

    public CommandDefinitionBuilder WithArgument(Action<ArgumentDefinitionBuilder> argument)
    {
        var builder = new ArgumentDefinitionBuilder();
        argument(builder);
        _arguments.Add(builder.Built());
        return this;
    }

    public CommandDefinition Build() => new(_name, _description, _arguments.ToDictionary(argument => argument.Name));
}

public sealed class ArgumentDefinitionBuilder
{
    private readonly List<string> _switches = [];
    private string _name = "";
    private bool _mandatory;
    private bool _multiple;

    public ArgumentDefinitionBuilder WithName(string name)
    {
        _name = name;
        return this;
    }

    public ArgumentDefinitionBuilder WithDescription(string description)
    {
        ArgumentException.ThrowIfNullOrEmpty(description);
        return this;
    }

    public ArgumentDefinitionBuilder IsMandatory(bool mandatory)
    {
        _mandatory = mandatory;
        return this;
    }

    public ArgumentDefinitionBuilder AllowMultiple(bool multiple)
    {
        _multiple = multiple;
        return this;
    }

    public ArgumentDefinitionBuilder WithSwitch(string word)
    {
        _switches.Add(word);
        return this;
    }

    internal ArgumentDefinition Built() => new(_name, _switches, _mandatory, _multiple);
}

public sealed class ArgumentDefinition
{
    internal ArgumentDefinition(string name, IReadOnlyList<string> switches, bool mandatory, bool multiple) =>
        (Name, Switch, IsMandatory, AllowsMultiple) = (name, switches, mandatory, multiple);

    public IReadOnlyList<string> Switch { get; }

    internal string Name { get; }

    internal bool IsMandatory { get; }

    internal bool AllowsMultiple { get; }
}

public sealed class CommandDefinition
{
    internal CommandDefinition(string name, string description, IReadOnlyDictionary<string, ArgumentDefinition> arguments) =>
        (Name, Description, ArgumentsByName) = (name, description, arguments);

    public string Name { get; }

    public IReadOnlyDictionary<string, ArgumentDefinition> ArgumentsByName { get; }

    internal string Description { get; }
}

public sealed class CommandPalette(string moduleName, IEnumerable<CommandDefinition> commands)
{
    public string ModuleName => moduleName;

    internal IReadOnlyList<CommandDefinition> Commands { get; } = [.. commands];
}

public sealed class Command(string palette, string name, Tuple<string, string>[] arguments)
{
    public IEnumerable<Tuple<string, string>> Arguments => arguments;

    internal string Name => name;

    public override string ToString() => $"{palette} {name}";
}

public class CommandResponse(string msg, bool final = true)
{
    public static readonly CommandResponse Empty = new("");

    internal string Text => msg;

    internal bool IsLast => final;
}

public sealed class ErroredCommandResponse(string msg, bool final = true) : CommandResponse(msg, final);
